/** What a sign says of how long things are kept: the policy in force, class by class. */

import { type BodyClass, bodyClasses } from '../crossing.ts'
import type { Keep, Policy } from '../retention.ts'

export type SignPeriods = {
  readonly class: BodyClass
  /** Where no special condition holds. */
  readonly usual: Keep | null
  /** Under any condition. */
  readonly longest: Keep | null
}

/** A sign must not promise less than what may happen: it says the longest period beside the usual. */
export function signPeriods({ rules }: Policy): readonly SignPeriods[] {
  return bodyClasses.map((bodyClass) => {
    const keeps = rules[bodyClass].map(({ keep }) => keep)
    const usual = rules[bodyClass].find(({ when }) => when === 'always')?.keep ?? null
    const longest = keeps.toSorted((a, b) => hoursOf(b) - hoursOf(a))[0] ?? null
    return { class: bodyClass, usual, longest }
  })
}

function hoursOf(keep: Keep): number {
  return 'hours' in keep ? keep.hours : keep.days * 24
}
