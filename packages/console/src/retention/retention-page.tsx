import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { DaysPanel } from './days-panel.tsx'
import { DuePanel } from './due-panel.tsx'
import { HoldsPanel } from './holds-panel.tsx'
import { PolicyPanel } from './policy-panel.tsx'
import { statusQuery } from './queries.ts'
import { ShreddingsList } from './shreddings-list.tsx'

import './retention.css'

const parts = [
  { part: 'due', href: '/retention', name: 'What is due' },
  { part: 'policy', href: '/retention/policy', name: 'Policy' },
  { part: 'holds', href: '/retention/holds', name: 'Holds' },
  { part: 'shredded', href: '/retention/shredded', name: 'Shredded' },
  { part: 'days', href: '/retention/days', name: 'Keys of days' },
] as const
/** The hub tells the others nothing of devices. */
const dayReaders = ['supervisor', 'privacy', 'auditor'] as const
export type RetentionPart = (typeof parts)[number]['part']

/** What is kept how long, what keeps it longer, and what was shredded. */
export function RetentionPage(props: { readonly part: RetentionPart }): ReactElement {
  useTitle('Retention')
  const status = useQuery(statusQuery)
  const seesDays = useHolds(...dayReaders)
  const shown = parts.filter(({ part }) => part !== 'days' || seesDays)
  const waiting = status.data?.holds.waiting ?? 0
  return (
    <>
      <div className="sp-page-head">
        <h1>Retention</h1>
        <p>What is due loses its key: no copy, backup or search brings it back.</p>
      </div>
      <nav className="sp-retention-parts" aria-label="Parts of retention">
        {shown.map(({ part, href, name }) => (
          <Link key={part} href={href} aria-current={part === props.part ? 'page' : undefined}>
            {name}
            {part === 'holds' && waiting > 0 && <span className="sp-figure"> {waiting}</span>}
          </Link>
        ))}
      </nav>
      {props.part === 'due' && <DuePanel />}
      {props.part === 'policy' && <PolicyPanel />}
      {props.part === 'holds' && <HoldsPanel />}
      {props.part === 'shredded' && <ShreddingsList />}
      {props.part === 'days' && <DaysPanel />}
    </>
  )
}
