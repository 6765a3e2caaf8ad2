import type { ReactElement } from 'react'

import type { WatchHit } from '../api/watch-types.ts'
import { differenceWords } from './words.ts'

/** What is looked for over what was read, character under character, with what disagrees marked. */
export function PlatePair(props: { readonly hit: WatchHit }): ReactElement {
  const { hit } = props
  const differs = new Set(hit.positions)
  return (
    <div className="sp-pair">
      <Row label="Looked for" text={hit.entry.plate} differs={differs} />
      <Row
        label={hit.basis === 'verdict' ? 'A person said' : 'Read'}
        text={hit.text}
        differs={differs}
      />
      <p className="sp-pair-words" data-differs={differs.size > 0}>
        {differenceWords(hit)}
      </p>
    </div>
  )
}

function Row(props: {
  readonly label: string
  readonly text: string
  readonly differs: ReadonlySet<number>
}): ReactElement {
  const { label, text, differs } = props
  return (
    <div className="sp-pair-row">
      <span className="sp-label">{label}</span>
      <span className="sp-unseen">{Array.from(text).join(' ')}</span>
      <span className="sp-pair-plate" aria-hidden="true">
        {Array.from(text).map((character, place) => (
          // A plate's characters have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={place} data-differs={differs.has(place)}>
            {character}
          </span>
        ))}
      </span>
    </div>
  )
}

/** A plate in a line with the places marked that differ. */
export function MarkedPlate(props: {
  readonly text: string
  readonly positions: readonly number[]
}): ReactElement {
  const { text, positions } = props
  return (
    <span className="sp-plate-text sp-marked">
      <span className="sp-unseen">{Array.from(text).join(' ')}</span>
      <span aria-hidden="true">
        {Array.from(text).map((character, place) => (
          // oxlint-disable-next-line react/no-array-index-key
          <span key={place} data-differs={positions.includes(place)}>
            {character}
          </span>
        ))}
      </span>
    </span>
  )
}
