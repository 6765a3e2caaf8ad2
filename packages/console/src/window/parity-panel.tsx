import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import type { TimesAtWindow, WindowFigures } from '../api/window-types.ts'
import { countWords, plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { windowFiguresQuery } from './window-queries.ts'
import { errorNames, outcomeNames } from './words.ts'

import './window.css'

const sentences = {
  too_few: 'Too few to say whether opting out takes longer.',
  no_difference_seen: 'No difference can be seen between those who opted out and others.',
  longer: 'Those who opted out waited longer. Find out why: opting out must cost nothing.',
  shorter: 'Those who opted out waited less.',
} as const

/** Whether opting out costs time, with as much certainty as the numbers carry and no more. */
export function ParityPanel(): ReactElement {
  const figures = useQuery(windowFiguresQuery)
  if (figures.isError)
    return (
      <FailureNote
        doing="The figures could not be read"
        error={figures.error}
        onRetry={() => void figures.refetch()}
      />
    )
  if (figures.data === undefined) return <Skeleton height={260} aria-label="Reading the figures" />
  const { parity, since } = figures.data
  const longest = Math.max(1, parity.opted_out.upper ?? 0, parity.others.upper ?? 0)
  return (
    <div className="sp-times">
      <section className="sp-panel sp-section sp-parity" aria-label="Time from arrival to verdict">
        <h2>Time from arrival to verdict</h2>
        <p data-verdict={parity.verdict}>
          <strong>{sentences[parity.verdict]}</strong>{' '}
          <span className="sp-quiet">
            Verdicts since <Instant at={since} />. Bar: the middle half; darker: where the middle
            lies, 95 % sure.
          </span>
        </p>
        <Row name="Opted out" times={parity.opted_out} longest={longest} />
        <Row name="Others" times={parity.others} longest={longest} />
      </section>
      <Closed figures={figures.data} />
    </div>
  )
}

const height = 28

function Row(props: {
  readonly name: string
  readonly times: TimesAtWindow
  readonly longest: number
}): ReactElement {
  const { times, longest } = props
  const at = (seconds: number | null) => ((seconds ?? 0) / longest) * 1000
  return (
    <div className="sp-parity-row">
      <span>
        {props.name} <span className="sp-quiet">({countWords(times.count)})</span>
      </span>
      {times.kind === 'too_few' ? (
        <span className="sp-quiet">Too few to say</span>
      ) : (
        <svg viewBox={`0 0 1000 ${height}`} preserveAspectRatio="none" aria-hidden="true">
          <rect
            className="sp-parity-range"
            x={at(times.lower)}
            width={Math.max(2, at(times.upper) - at(times.lower))}
            y="6"
            height="16"
          />
          <rect
            className="sp-parity-sure"
            x={at(times.from)}
            width={Math.max(2, at(times.until) - at(times.from))}
            y="6"
            height="16"
          />
          <rect className="sp-parity-middle" x={at(times.median)} width="4" y="2" height="24" />
        </svg>
      )}
      <span className="sp-figure">
        {times.median === null
          ? ''
          : `${seconds(times.median)} (${seconds(times.from)} to ${seconds(times.until)})`}
      </span>
    </div>
  )
}

function seconds(value: number | null): string {
  return value === null ? '' : `${value < 10 ? value.toFixed(1) : Math.round(value)} s`
}

function Closed(props: { readonly figures: WindowFigures }): ReactElement {
  const { closed, wrong } = props.figures
  const total = closed.reduce((sum, { count }) => sum + count, 0)
  return (
    <section className="sp-panel sp-section" aria-label="How referrals ended">
      <h2>How referrals ended</h2>
      <p className="sp-quiet">
        {total === 0
          ? 'No referral was closed in this time.'
          : `${plural(total, 'referral was', 'referrals were')} closed.`}
      </p>
      <dl className="sp-facts">
        {closed.map(({ outcome, count }) => (
          <div key={outcome} className="sp-fact">
            <dt>{outcomeNames[outcome]}</dt>
            <dd className="sp-figure">{countWords(count)}</dd>
          </div>
        ))}
        {wrong.map(({ what, count }) => (
          <div key={what} className="sp-fact">
            <dt>Wrong: {errorNames[what].toLowerCase()}</dt>
            <dd className="sp-figure">{countWords(count)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
