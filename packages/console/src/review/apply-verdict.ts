/** How a verdict changes what is on the screen. Pure. */

import type { ReviewEvent } from '../api/review-types.ts'
import type { Crossing } from '../api/types.ts'

/** The crossing as the event has it; the same object when the event is about another. */
export function withVerdict<T extends Crossing>(crossing: T, event: ReviewEvent): T {
  return crossing.id === event.crossing ? { ...crossing, verdict: event.verdict } : crossing
}

/** The same array when none of them is meant. */
export function listWithVerdict<T extends Crossing>(
  crossings: readonly T[],
  event: ReviewEvent,
): readonly T[] {
  if (!crossings.some(({ id }) => id === event.crossing)) return crossings
  return crossings.map((one) => withVerdict(one, event))
}
