import { type ReactElement, type ReactNode, useRef, useState } from 'react'

import { stepPlace } from '../keys/move-focus.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'

type Identified = { readonly id: string }

/**
 * What waits for a person: a list to walk with the keys, and one of it large enough to decide on.
 * `first` is the one that stands open until another is chosen.
 */
export function WalkedHits<T extends Identified>(props: {
  readonly rows: readonly T[]
  readonly first: T
  readonly label: string
  readonly line: (hit: T) => ReactNode
  readonly panel: (hit: T) => ReactNode
  /** Below the list: how many more there are. */
  readonly more?: ReactNode
}): ReactElement {
  const { rows } = props
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useRef<HTMLOListElement>(null)
  const current = rows.find(({ id }) => id === chosen) ?? props.first
  const step = (by: 1 | -1): void => {
    const here = rows.findIndex(({ id }) => id === current.id)
    const place = stepPlace(here === -1 ? null : here, by, rows.length)
    if (place === null) return
    setChosen(rows[place]?.id ?? null)
    list.current?.querySelectorAll('button')[place]?.scrollIntoView({ block: 'nearest' })
  }
  useShortcuts({ next: () => step(1), previous: () => step(-1) })
  return (
    <div className="sp-hits">
      <section className="sp-panel sp-hits-list" aria-label={props.label}>
        <ol ref={list}>
          {rows.map((hit) => (
            <li key={hit.id}>
              <button
                type="button"
                aria-current={hit.id === current.id}
                onClick={() => setChosen(hit.id)}
              >
                {props.line(hit)}
              </button>
            </li>
          ))}
        </ol>
        {props.more}
      </section>
      {props.panel(current)}
    </div>
  )
}
