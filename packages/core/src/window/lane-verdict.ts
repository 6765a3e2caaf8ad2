/** What becomes of a verdict that was given at a lane while the hub was out of reach. */

import { type SaidAtLane, type Step, windowLimits, windowState } from './window.ts'

export type LaneVerdictDecision =
  /** It counts, at this place of the crossing's steps. */
  | { readonly kind: 'step'; readonly place: number }
  /** It is kept and shown beside them. */
  | { readonly kind: 'conflict' }

/**
 * A verdict of the lane counts while nobody has said anything of the crossing at the hub: whoever gave
 * it saw nothing of that, and whoever decided at the hub saw nothing of this. It overwrites nothing.
 */
export function decideLaneVerdict(said: SaidAtLane, steps: readonly Step[]): LaneVerdictDecision {
  const { standing, optedOut } = windowState(steps)
  const atHub = steps.some(({ account }) => account !== null)
  const again = said.kind === 'opted_out' ? optedOut !== null : standing.kind === said.kind
  if (atHub || again || steps.length >= windowLimits.stepsMax) return { kind: 'conflict' }
  return { kind: 'step', place: steps.length + 1 }
}
