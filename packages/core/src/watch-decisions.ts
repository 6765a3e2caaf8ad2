/** Who may put a plate on the list, for how long, and when a person may confirm a possible match. */

import type { Role } from './opening.ts'
import { type PlateText } from './plate.ts'
import { countAccepted, type Tolerance, watchLimits } from './watch.ts'

/** An entry speaks for the agency; whoever makes one answers for it by name. */
export const watchMakers: readonly Role[] = ['supervisor']
export const watchReaders: readonly Role[] = ['supervisor', 'privacy', 'auditor']
/** Possible matches are for those at the lanes; who may judge one may also open its picture. */
export const hitReaders: readonly Role[] = ['officer', 'supervisor', 'privacy', 'auditor']
export const hitJudges: readonly Role[] = ['officer', 'supervisor']

export const hitStates = ['unconfirmed', 'confirmed', 'rejected'] as const
export type HitState = (typeof hitStates)[number]
export const hitVerdicts = ['confirmed', 'rejected'] as const
export type HitVerdict = (typeof hitVerdicts)[number]

export type TermsRefusal = 'expiry_past' | 'expiry_too_far' | 'too_wide'
export type TermsDecision =
  | { readonly kind: 'allow'; readonly accepts: number }
  | { readonly kind: 'refuse'; readonly code: TermsRefusal; readonly detail: string }

const dayMs = 24 * 3_600_000

/** Whether an entry may be made at hub time `now`; `accepts` is how many plates it would accept. */
export function decideTerms(
  terms: { readonly plate: PlateText; readonly tolerance: Tolerance; readonly expiresAt: Date },
  now: Date,
): TermsDecision {
  const expiry = expiryRefusal(terms.expiresAt, now)
  if (expiry !== null) return expiry
  const accepts = countAccepted(terms.plate, terms.tolerance)
  if (accepts > watchLimits.acceptedMax)
    return {
      kind: 'refuse',
      code: 'too_wide',
      detail: `It would accept ${accepts} plates, at most ${watchLimits.acceptedMax} are allowed. Choose a smaller tolerance.`,
    }
  return { kind: 'allow', accepts }
}

/** Why an entry cannot end at `expiresAt`, whatever it looks for; null when it can. */
export function expiryRefusal(
  expiresAt: Date,
  now: Date,
): {
  readonly kind: 'refuse'
  readonly code: 'expiry_past' | 'expiry_too_far'
  readonly detail: string
} | null {
  const aheadMs = expiresAt.getTime() - now.getTime()
  if (aheadMs <= 0)
    return { kind: 'refuse', code: 'expiry_past', detail: 'The expiry is in the past.' }
  if (aheadMs <= watchLimits.expiryDaysMax * dayMs) return null
  return {
    kind: 'refuse',
    code: 'expiry_too_far',
    detail: `An entry lasts at most ${watchLimits.expiryDaysMax} days. Choose an earlier expiry and renew it then.`,
  }
}

export type JudgementRefusal = 'already_judged' | 'entry_over' | 'not_looked_at'
export type JudgementDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly code: JudgementRefusal; readonly detail: string }

/**
 * Whether a person may give this verdict at hub time `now`. Confirming needs an entry that is still
 * in force, and the person's own look at the picture: the read alone has stopped innocent people.
 */
export function decideJudgement(
  hit: {
    readonly state: HitState
    readonly expiresAt: Date
    readonly withdrawnAt: Date | null
    /** This person opened the plate or scene picture of the crossing. */
    readonly looked: boolean
  },
  verdict: HitVerdict,
  now: Date,
): JudgementDecision {
  if (hit.state !== 'unconfirmed')
    return refuse('already_judged', `Somebody ${hit.state} it before you. Look at their verdict.`)
  if (verdict === 'rejected') return { kind: 'allow' }
  if (hit.withdrawnAt !== null)
    return refuse('entry_over', 'The entry was withdrawn since; nobody looks for this plate now.')
  if (hit.expiresAt <= now)
    return refuse(
      'entry_over',
      `The entry expired at ${hit.expiresAt.toISOString()}. Ask its issuer before anything else.`,
    )
  if (!hit.looked)
    return refuse('not_looked_at', 'Open the picture of this crossing and compare it first.')
  return { kind: 'allow' }
}

function refuse(code: JudgementRefusal, detail: string): JudgementDecision {
  return { kind: 'refuse', code, detail }
}
