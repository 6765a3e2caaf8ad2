import type { ReactElement, ReactNode } from 'react'

import type { StayDetail, StayStep } from '../api/stay-types.ts'
import { Instant } from '../shell/instant.tsx'
import { daysWords, spanWords } from './words.ts'

const noAssessment = {
  no_rule: 'No rule says how long it may stay.',
  not_admitted: 'Nobody stated until when it was admitted, so nothing can be computed.',
  no_entry: 'Its entry is not known, so nothing can be computed.',
} as const

/** The sum, step by step, so that a person can do it again. */
export function Computation(props: { readonly stay: StayDetail }): ReactElement {
  const { assessment } = props.stay
  if (assessment.kind === 'none')
    return (
      <div className="sp-panel sp-stay-sum">
        <h2>Computation</h2>
        <p className="sp-quiet">{noAssessment[assessment.reason ?? 'no_entry']}</p>
      </div>
    )
  const byDays = assessment.steps.some(
    (one) => one.step === 'rule' && one.rule.terms.kind !== 'permit_hours',
  )
  return (
    <div className="sp-panel sp-stay-sum">
      <h2>Computation</h2>
      <ol>
        {assessment.steps.map((step, place) => (
          // Steps have no identity but their place in the sum.
          <li key={place} data-step={step.step}>
            <StepWords step={step} own={props.stay.id} byDays={byDays} />
          </li>
        ))}
      </ol>
    </div>
  )
}

function StepWords(props: {
  readonly step: StayStep
  readonly own: string
  /** Whether the rule counts days, so that days over mean something. */
  readonly byDays: boolean
}): ReactElement {
  const { step } = props
  switch (step.step) {
    case 'rule':
      return <Line name="Rule">{`${step.rule.name}: ${termsWords(step.rule.terms)}`}</Line>
    case 'zone':
      return <Line name="Days of">{step.zone}, days of entry and exit counted</Line>
    case 'entry':
      return (
        <Line name="Entered">
          <Instant at={step.at} />, day {step.day}
        </Line>
      )
    case 'end':
      return (
        <Line name={step.seen ? 'Left' : 'Now'}>
          <Instant at={step.at} />, day {step.day}
          {!step.seen && ', not seen to leave'}
        </Line>
      )
    case 'admitted':
      return <Line name="Admitted">until the end of {step.until}</Line>
    case 'counted':
      return (
        <Line name={step.stay === props.own ? 'This stay' : 'Earlier stay'}>
          {step.from} to {step.until}: {daysWords(step.days)} in the window
          {step.counted === 'day_of_entry_only' &&
            ' (its exit was not seen: the day of entry only)'}
          {step.counted === 'day_of_exit_only' && ' (its entry was not seen: the day of exit only)'}
        </Line>
      )
    case 'window':
      return (
        <Line name="Window">
          {step.from} to {step.until}: {daysWords(step.days)} of presence
        </Line>
      )
    case 'due':
      return (
        <Line name="Too long from">
          <Instant at={step.at} />, day {step.day}
        </Line>
      )
    case 'over':
      return (
        <Line name="Over">
          <strong>{spanWords(step.seconds)}</strong>
          {props.byDays && `, ${daysWords(step.days)} counted`}
        </Line>
      )
    case 'left':
      return <Line name="Left to stay">{spanWords(step.seconds)}</Line>
  }
}

function Line(props: { readonly name: string; readonly children: ReactNode }): ReactElement {
  return (
    <>
      <span className="sp-quiet">{props.name}</span>
      <span className="sp-figure">{props.children}</span>
    </>
  )
}

type Terms = Extract<StayStep, { readonly step: 'rule' }>['rule']['terms']

function termsWords(terms: Terms): string {
  switch (terms.kind) {
    case 'rolling_days':
      return `at most ${daysWords(terms.days)} in any ${terms.window}`
    case 'admitted_until':
      return 'until the day that was admitted'
    case 'permit_hours':
      return `${spanWords(Math.round(terms.hours * 3600))} from the entry`
  }
}
