/** Why a verdict was not taken, for the person who gave it. */

import type { VerdictDecision, VerdictKind } from '@sallyport/core/review'
import type { VerdictRow } from '@sallyport/store/verdicts'

import { type Problem, problem } from './problems.ts'

/** The problem for a decision, told with the names that the hub knows. */
export function refusal(
  decision: Extract<VerdictDecision, { kind: 'refuse' }>,
  head: VerdictRow | null,
  claimedBy?: string,
): Problem {
  if (decision.code === 'verdict_conflict') return conflict(head)
  if (decision.code === 'claimed' && claimedBy !== undefined)
    return problem('claimed', `${claimedBy} is looking at this plate. Take the next one.`)
  return problem(decision.code, decision.detail)
}

const saidWords = {
  confirmed: 'confirmed it',
  corrected: 'corrected it',
  unreadable: 'marked it unreadable',
  withdrawn: 'took a verdict back',
} as const satisfies Record<VerdictKind, string>

/** Whoever comes second is told who was first and what they did. */
export function conflict(head: VerdictRow | null): Problem {
  const who =
    head === null
      ? 'The verdict before was taken back'
      : `${head.account_name} ${saidWords[head.kind]} at ${head.at.toISOString().slice(11, 19)} UTC`
  return problem(
    'verdict_conflict',
    `${who}. Your verdict was not recorded; look at theirs first.`,
    {
      head: head?.id ?? null,
    },
  )
}
