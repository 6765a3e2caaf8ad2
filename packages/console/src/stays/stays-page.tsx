import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactElement } from 'react'
import { Link, useLocation } from 'wouter'

import { countWords } from '../format/figures.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { useTitle } from '../shell/title.ts'
import { StayList } from './stay-list.tsx'
import { summaryQuery, type StayPart } from './stay-queries.ts'

import './stays.css'

const parts = [
  { part: 'overstays', href: '/stays', name: 'Too long' },
  { part: 'late', href: '/stays/late', name: 'Left late' },
  { part: 'inside', href: '/stays/inside', name: 'Inside' },
  { part: 'unmatched', href: '/stays/unmatched', name: 'Without other side' },
] as const

/** Who is inside, who stayed too long, and which entries and exits have no other side. */
export function StaysPage(props: { readonly part: StayPart }): ReactElement {
  useTitle('Stays')
  const summary = useQuery(summaryQuery)
  const [, navigate] = useLocation()
  const [plate, setPlate] = useState('')
  const field = useRef<HTMLInputElement>(null)
  useShortcuts({ search: () => field.current?.focus() })
  const states = summary.data?.states ?? {}
  const counts: Readonly<Record<StayPart, number>> = {
    overstays: summary.data?.over_inside ?? 0,
    late: summary.data?.over_left ?? 0,
    inside: states['open'] ?? 0,
    unmatched: ['entry_missing', 'exit_missing', 'ambiguous', 'double_entry', 'double_exit'].reduce(
      (sum, state) => sum + (states[state] ?? 0),
      0,
    ),
  }
  const rules = summary.data?.rules ?? []
  return (
    <>
      <div className="sp-page-head">
        <h1>Stays</h1>
        <p>
          {summary.data !== undefined && rules.length === 0
            ? 'No rule says how long anybody may stay, so nothing is too long. Rules stand in the settings.'
            : `Computed from what was recorded${rules[0] === undefined ? '' : `, by: ${rules.map(({ name }) => name).join(', ')}`}. Nothing follows from it by itself.`}
        </p>
        <form
          className="sp-page-action"
          role="search"
          onSubmit={(event) => {
            event.preventDefault()
            const bare = plate.trim()
            if (bare !== '') navigate(`/stays/history/${encodeURIComponent(bare)}`)
          }}
        >
          <TextInput
            ref={field}
            aria-label="History of a plate"
            placeholder="Plate, or MEX:G12345678"
            maxLength={40}
            value={plate}
            onChange={(event) => setPlate(event.currentTarget.value)}
          />
        </form>
      </div>
      <nav className="sp-stay-parts" aria-label="Parts of the stays">
        {parts.map(({ part, href, name }) => (
          <Link key={part} href={href} aria-current={part === props.part ? 'page' : undefined}>
            {name} <span className="sp-figure">{countWords(counts[part])}</span>
          </Link>
        ))}
      </nav>
      {(summary.data?.waiting ?? 0) > 0 && (
        <p className="sp-quiet" role="status">
          {countWords(summary.data?.waiting ?? 0)} plates are being computed again.
        </p>
      )}
      <StayList key={props.part} part={props.part} />
    </>
  )
}
