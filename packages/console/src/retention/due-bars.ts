/** The plan as bars: one for what is due already, one for each day after it; without what is held. */

import { dayAfter } from '@sallyport/core/calendar'
import { type BodyClass, bodyClasses } from '@sallyport/core/crossing'

import type { RetentionPlan } from './types.ts'

export type DueBar = {
  /** `now`, or the day. */
  readonly at: string
  readonly total: number
  readonly held: number
  readonly parts: readonly {
    readonly class: BodyClass
    readonly bodies: number
    /** Of the highest bar. */
    readonly from: number
    readonly height: number
  }[]
}

/** `days` bars after the first, from the day `today` on, also those on which nothing is due. */
export function dueBars(
  plan: Pick<RetentionPlan, 'due' | 'days'>,
  today: string,
  days: number,
): readonly DueBar[] {
  const bars = [
    { at: 'now', found: plan.due },
    ...Array.from({ length: days }, (_, index) => {
      const at = dayAfter(today, index)
      return { at, found: plan.days.filter(({ day }) => day === at) }
    }),
  ].map(({ at, found }) => ({
    at,
    total: found.reduce((sum, { bodies, held }) => sum + bodies - held, 0),
    held: found.reduce((sum, { held }) => sum + held, 0),
    found,
  }))
  const highest = Math.max(1, ...bars.map(({ total }) => total))
  return bars.map(({ at, total, held, found }) => {
    let below = 0
    const parts = bodyClasses.flatMap((bodyClass) => {
      const due = found.find((one) => one.class === bodyClass)
      const bodies = due === undefined ? 0 : due.bodies - due.held
      if (bodies === 0) return []
      const part = {
        class: bodyClass,
        bodies,
        from: below / highest,
        height: bodies / highest,
      }
      below += bodies
      return [part]
    })
    return { at, total, held, parts }
  })
}
