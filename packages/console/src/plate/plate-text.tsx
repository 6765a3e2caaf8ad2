import type { ReactElement, ReactNode } from 'react'

import type { Plate } from '../api/types.ts'
import { percentWords } from '../format/figures.ts'
import { isOnFoot, reasonWords, unreadableTitle } from '../format/words.ts'
import { WarnIcon } from '../shell/icons.tsx'
import { isWeak, plateSpeech } from './confidence.ts'
import { matchPlaces } from './match.ts'

/** A plate in a line: weak characters underlined, what a search matched marked. */
export function PlateText(props: { readonly plate: Plate; readonly query?: string }): ReactElement {
  const { plate, query = '' } = props
  if (plate.text === null) {
    return <span className="sp-plate-text-none">{unreadableTitle(plate)}</span>
  }
  const matched = matchPlaces(plate.text, query)
  return (
    <span className="sp-plate-text">
      <span className="sp-unseen">{plateSpeech(plate)}</span>
      <span aria-hidden="true">
        {Array.from(plate.text).map((character, place) => {
          const read = plate.characters[place]
          const shown: ReactNode = matched.has(place) ? <mark>{character}</mark> : character
          return (
            // A plate's characters have no identity but their place.
            <span key={place} data-weak={read !== undefined && isWeak(read)}>
              {shown}
            </span>
          )
        })}
      </span>
    </span>
  )
}

/** 'Read 97 %', 'Unsure 62 %', 'Unreadable', with the reason on hover. */
export function PlateKindLabel(props: { readonly plate: Plate }): ReactElement {
  const { plate } = props
  if (isOnFoot(plate)) return <span className="sp-kind">No plate</span>
  const share = plate.confidence === null ? '' : ` ${percentWords(plate.confidence)}`
  return (
    <span className="sp-kind" data-kind={plate.kind} title={reasonWords(plate) ?? undefined}>
      {plate.kind === 'unsure' && <WarnIcon size={14} />}
      {plate.kind === 'read' && `Read${share}`}
      {plate.kind === 'unsure' && `Unsure${share}`}
      {plate.kind === 'unreadable' && 'Unreadable'}
    </span>
  )
}
