import { Button, Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link } from 'wouter'

import type { Referral } from '../api/window-types.ts'
import { countWords } from '../format/figures.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { PlateText } from '../plate/plate-text.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useTitle } from '../shell/title.ts'
import { ParityPanel } from '../window/parity-panel.tsx'
import { referralsQuery } from '../window/window-queries.ts'
import { reasonNames, stepWords } from '../window/words.ts'
import { ReferralPanel } from './referral-panel.tsx'

import '../stays/stays.css'
import './secondary.css'

const parts = [
  { part: 'referred', href: '/secondary', name: 'Waiting' },
  { part: 'closed', href: '/secondary/closed', name: 'Closed' },
  { part: 'figures', href: '/secondary/figures', name: 'Times and outcomes' },
] as const
export type SecondaryPart = (typeof parts)[number]['part']

/** Referrals that wait, those that were closed, and how long verdicts take. */
export function SecondaryPage(props: { readonly part: SecondaryPart }): ReactElement {
  useTitle('Secondary')
  return (
    <>
      <div className="sp-page-head">
        <h1>Secondary</h1>
        <p>Say what you see before you are shown what a machine or a colleague found.</p>
      </div>
      <nav className="sp-stay-parts" aria-label="Parts of secondary">
        {parts.map(({ part, href, name }) => (
          <Link key={part} href={href} aria-current={part === props.part ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      {props.part === 'figures' ? <ParityPanel /> : <Queue key={props.part} state={props.part} />}
    </>
  )
}

function Queue(props: { readonly state: 'referred' | 'closed' }): ReactElement {
  const { state } = props
  const referrals = useInfiniteQuery(referralsQuery(state))
  const [chosen, setChosen] = useState<string | null>(null)
  const rows = referrals.data?.pages.flatMap((page) => page.referrals) ?? []
  const at = Math.max(
    0,
    rows.findIndex(({ crossing }) => crossing.id === chosen),
  )
  const current = rows[at]
  const move = (step: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))]
    if (next !== undefined) setChosen(next.crossing.id)
  }
  useShortcuts({ next: () => move(1), previous: () => move(-1) })
  if (referrals.isError)
    return (
      <FailureNote
        doing="The referrals could not be read"
        error={referrals.error}
        onRetry={() => void referrals.refetch()}
      />
    )
  if (referrals.data === undefined) return <Skeleton height={320} aria-label="Reading" />
  if (current === undefined)
    return (
      <div className="sp-empty sp-panel">
        <h2>{state === 'referred' ? 'Nobody waits' : 'No referral was closed yet'}</h2>
        <p>
          {state === 'referred'
            ? 'What officers refer at the window appears here by itself.'
            : 'Closed referrals stay here until their time is over.'}
        </p>
      </div>
    )
  return (
    <div className="sp-secondary">
      <nav className="sp-panel sp-referrals" aria-label="Referrals">
        <p className="sp-label">
          {state === 'referred'
            ? `${countWords(referrals.data.pages[0]?.waiting ?? rows.length)} wait`
            : 'Newest first'}
        </p>
        <ol>
          {rows.map((referral) => (
            <li key={referral.crossing.id}>
              <Entry
                referral={referral}
                current={referral.crossing.id === current.crossing.id}
                onChoose={() => setChosen(referral.crossing.id)}
              />
            </li>
          ))}
        </ol>
        {referrals.hasNextPage && (
          <Button
            variant="default"
            size="compact-sm"
            loading={referrals.isFetchingNextPage}
            onClick={() => void referrals.fetchNextPage()}
          >
            Older
          </Button>
        )}
      </nav>
      <ReferralPanel key={current.crossing.id} referral={current} />
    </div>
  )
}

function Entry(props: {
  readonly referral: Referral
  readonly current: boolean
  readonly onChoose: () => void
}): ReactElement {
  const { crossing, window } = props.referral
  const code = window.referral?.code ?? null
  const reason =
    code !== null && code in reasonNames ? reasonNames[code as keyof typeof reasonNames] : ''
  return (
    <button
      type="button"
      className="sp-referral-entry"
      aria-current={props.current ? 'true' : undefined}
      onClick={props.onChoose}
    >
      <span>
        <PlateText plate={crossing.plate} />
        <Instant at={props.referral.changed_at} clock />
      </span>
      <span className="sp-quiet">
        {window.standing === 'closed' && window.by !== null ? stepWords(window.by) : reason}
      </span>
    </button>
  )
}
