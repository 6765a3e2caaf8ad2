/**
 * Travellers who are looked for by a photograph. A possible match is a reason for two people to look, one
 * without knowing what the other said; nothing here refuses or detains anybody.
 */

import { oldEnough } from '../basis/basis.ts'
import { expiryRefusal, type HitState, type HitVerdict } from '../watch-decisions.ts'

export const travellerWatchLimits = {
  /** Entries in force at once: each makes a match with anybody expected a little harder. */
  inForceMax: 500,
  nameLengthMax: 100,
  documentLengthMax: 20,
  /** People who have to say that it is the same person before it is said at all. */
  confirmationsMin: 2,
} as const

export type TravellerTermsDecision =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'refuse'
      readonly code: 'expiry_past' | 'expiry_too_far' | 'too_young'
      readonly detail: string
    }

/** Whether somebody may be looked for until then; `day` is that of `now` (ISO 8601). */
export function decideTravellerTerms(
  terms: { readonly expiresAt: Date; readonly born: string | null },
  { now, day, ageMin }: { readonly now: Date; readonly day: string; readonly ageMin: number },
): TravellerTermsDecision {
  const expiry = expiryRefusal(terms.expiresAt, now)
  if (expiry !== null) return expiry
  if (!oldEnough(terms.born, day, ageMin))
    return {
      kind: 'refuse',
      code: 'too_young',
      detail: `Faces of children below ${ageMin} are not compared here.`,
    }
  return { kind: 'allow' }
}

/**
 * Where a possible match stands by its verdicts, in the order of the log: one person who sees somebody
 * else ends it, and it takes two who see the same person to confirm it. What comes later changes nothing.
 */
export function travellerHitState(
  verdicts: readonly { readonly account: string; readonly verdict: HitVerdict }[],
): HitState {
  const same = new Set<string>()
  for (const { account, verdict } of verdicts) {
    if (verdict === 'rejected') return 'rejected'
    same.add(account)
    if (same.size >= travellerWatchLimits.confirmationsMin) return 'confirmed'
  }
  return 'unconfirmed'
}

export type TravellerJudgementRefusal =
  | 'already_judged'
  | 'entry_over'
  | 'own_verdict_given'
  | 'not_looked_at'

export type TravellerJudgementDecision =
  | { readonly kind: 'allow' }
  | {
      readonly kind: 'refuse'
      readonly code: TravellerJudgementRefusal
      readonly detail: string
    }

/** Whether a person may say this of a possible match. Confirming needs both pictures to be seen. */
export function decideTravellerJudgement(
  hit: {
    readonly state: HitState
    /** The entry was withdrawn or has expired. */
    readonly over: boolean
    /** This person gave a verdict on it already. */
    readonly given: boolean
    /** This person opened the face at the lane, and the photograph of the entry beside it. */
    readonly looked: boolean
  },
  verdict: HitVerdict,
): TravellerJudgementDecision {
  if (hit.state !== 'unconfirmed')
    return refuse('already_judged', `It is ${hit.state}. Look at the verdicts.`)
  if (hit.given)
    return refuse(
      'own_verdict_given',
      'You said what you see. Another person looks for themselves.',
    )
  if (verdict === 'rejected') return { kind: 'allow' }
  if (hit.over)
    return refuse('entry_over', 'The entry is no longer in force; nobody is looked for by it now.')
  if (!hit.looked)
    return refuse('not_looked_at', 'Open the face and the photograph and compare them first.')
  return { kind: 'allow' }
}

function refuse(code: TravellerJudgementRefusal, detail: string): TravellerJudgementDecision {
  return { kind: 'refuse', code, detail }
}
