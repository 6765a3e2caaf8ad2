/** What is kept so long that a computer of that time may break the curves of today. */

import { type BodyClass, bodyClasses } from './crossing.ts'
import type { Keep, Policy } from './retention.ts'

/** Five calendar years with as many leap days as they can have. */
const fiveYearsDays = 5 * 365 + 2

/**
 * The classes of which anything may be kept for more than five years: all of them while no policy is
 * chosen, because then nothing is ever due. A legal hold is not asked; it has its own key.
 */
export function longKept(policy: Policy | null): readonly BodyClass[] {
  return bodyClasses.filter(
    (name) =>
      policy === null || policy.rules[name].some(({ keep }) => daysOf(keep) > fiveYearsDays),
  )
}

function daysOf(keep: Keep): number {
  return 'hours' in keep ? keep.hours / 24 : keep.days
}
