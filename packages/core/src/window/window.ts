/**
 * What named people say of a crossing at the window and in secondary. Steps are only added: a correction
 * or an undo is one more of them. No step refuses or detains anybody; nothing here is said by a machine.
 */

import type { Role, Shift } from '../opening.ts'

export const windowLimits = {
  /** Who gave a verdict may take it back for so long. */
  undoSeconds: 10,
  /** Clocks of consoles and hub differ, and a press takes its way: the hub waits a little longer. */
  undoGraceSeconds: 2,
  /** A verdict at the window is on what just crossed. */
  verdictMinutesMax: 60,
  /** More steps on one crossing are no verdicts any more. */
  stepsMax: 100,
} as const

/** Who decides at the window and in secondary. */
export const windowDeciders = ['officer', 'supervisor'] as const satisfies readonly Role[]

/** Why somebody is asked to come in. A machine's possible match is a reason to look, never a finding. */
export const referralReasons = [
  'look_yourself',
  'watch_hit',
  'plate_unsure',
  'document',
  'declaration',
  'random_check',
  'traveller_asked',
  'other',
] as const
export type ReferralReason = (typeof referralReasons)[number]

/** What somebody says who compared the pictures, before any outcome of a machine is shown to them. */
export const findings = ['same_person', 'another_person', 'cannot_tell', 'no_comparison'] as const
export type Finding = (typeof findings)[number]

/**
 * How a referral ended. `taken_over`: a competent officer takes it from here, under the law and not in
 * this product; it needs a second person where the machine had searched among many.
 */
export const outcomes = [
  'admitted',
  'admitted_after_correction',
  'left_by_choice',
  'taken_over',
] as const
export type Outcome = (typeof outcomes)[number]

/** What turned out wrong in what was shown: the material of error statistics. */
export const errorsFound = ['plate', 'face', 'watch', 'document'] as const
export type ErrorFound = (typeof errorsFound)[number]

export type Said =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'referred'; readonly reason: ReferralReason }
  | { readonly kind: 'opted_out' }
  | { readonly kind: 'undone' }
  | { readonly kind: 'looked'; readonly finding: Finding }
  | { readonly kind: 'closed'; readonly outcome: Outcome; readonly wrong: readonly ErrorFound[] }

/** What can be said at a lane while the hub is out of reach. */
export type SaidAtLane = Extract<Said, { kind: 'admitted' | 'referred' | 'opted_out' }>

export const stepKinds = [
  'admitted',
  'referred',
  'opted_out',
  'undone',
  'looked',
  'closed',
] as const satisfies readonly Said['kind'][]

export type Step<S extends Said = Said> = {
  readonly id: string
  /** From 1, without gaps. */
  readonly place: number
  readonly at: Date
  /** Null where it was said at a lane without the hub: somebody stated a name there, nobody signed in. */
  readonly account: string | null
  readonly said: S
}

type Of<Kind extends Said['kind']> = Step<Extract<Said, { kind: Kind }>>

/** Where a crossing stands. */
export type Standing =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'admitted'; readonly by: Of<'admitted'> }
  | {
      readonly kind: 'referred'
      readonly by: Of<'referred'>
      readonly looks: readonly Of<'looked'>[]
    }
  | {
      readonly kind: 'closed'
      readonly by: Of<'closed'>
      readonly referred: Of<'referred'>
      readonly looks: readonly Of<'looked'>[]
    }

export type WindowState = {
  readonly standing: Standing
  /** The step by which the traveller declined the comparison of faces; it costs them nothing. */
  readonly optedOut: Of<'opted_out'> | null
  /** The last verdict at the window that holds; what the time from arrival is measured to. */
  readonly verdict: Of<'admitted'> | Of<'referred'> | null
  /** The newest step of all, also one that undoes. */
  readonly last: Step | null
}

/** Reads a crossing's steps, in the order of their places. */
export function windowState(steps: readonly Step[]): WindowState {
  let standing = { kind: 'waiting' } as Standing
  let optedOut: Of<'opted_out'> | null = null
  let verdict: Of<'admitted'> | Of<'referred'> | null = null
  for (const step of inEffect(steps)) {
    if (is(step, 'opted_out')) optedOut = step
    else if (is(step, 'admitted')) {
      standing = { kind: 'admitted', by: step }
      verdict = step
    } else if (is(step, 'referred')) {
      standing = { kind: 'referred', by: step, looks: [] }
      verdict = step
    } else if (is(step, 'looked') && standing.kind === 'referred')
      standing = { kind: 'referred', by: standing.by, looks: [...standing.looks, step] }
    else if (is(step, 'closed') && standing.kind === 'referred')
      standing = { kind: 'closed', by: step, referred: standing.by, looks: standing.looks }
  }
  return { standing, optedOut, verdict, last: steps.at(-1) ?? null }
}

/** The steps without those that were undone and without the undoing: each undoes the one before it. */
function inEffect(steps: readonly Step[]): readonly Step[] {
  return steps.filter(
    (step, at) => step.said.kind !== 'undone' && steps[at + 1]?.said.kind !== 'undone',
  )
}

function is<Kind extends Said['kind']>(step: Step, kind: Kind): step is Of<Kind> {
  return step.said.kind === kind
}

export type StepRequest = {
  readonly said: Said
  readonly state: WindowState
  /** The place of the newest step that the person saw; 0: none. */
  readonly seen: number
  readonly account: { readonly id: string; readonly roles: readonly Role[] }
  readonly shift: Shift | null
  readonly lane: string
  /** When the hub received the crossing. */
  readonly receivedAt: Date
  /** A face of it was searched among many. */
  readonly searchedAmongMany: boolean
}

export type StepRefusal =
  | 'window_conflict'
  | 'verdict_of_another'
  | 'role_missing'
  | 'no_shift'
  | 'other_lane'
  | 'outside_shift'
  | 'undo_over'
  | 'look_first'
  | 'needs_second_person'

export type StepDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: StepRefusal; readonly detail: string }

/** Until when the newest step can be taken back by the one who gave it; null: not at all. */
export function undoUntil({ last }: WindowState): Date | null {
  const kept = last === null || ['opted_out', 'undone', 'looked'].includes(last.said.kind)
  return kept ? null : new Date(last.at.getTime() + windowLimits.undoSeconds * 1000)
}

/** Whether a person has to look for themselves before the outcome of a comparison is shown to them. */
export function outcomeWithheld({ standing }: WindowState, account: string): boolean {
  return standing.kind === 'referred' && !standing.looks.some((look) => look.account === account)
}
