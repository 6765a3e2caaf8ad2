/** How long somebody may stay, as data: chosen by an agency, recorded, and applied as written. */

import type { Subject } from './passage.ts'

export type StayTerms =
  /**
   * At most `days` calendar days of presence in any `window` days, the day looked at included; days of
   * entry and exit count (Regulation (EU) 2016/399, article 6: 90 in 180).
   */
  | { readonly kind: 'rolling_days'; readonly days: number; readonly window: number }
  /** Until the end of the day that was admitted at entry; without it nothing can be said. */
  | { readonly kind: 'admitted_until' }
  /** So many hours of elapsed time from the entry, whatever the clocks on the wall do. */
  | { readonly kind: 'permit_hours'; readonly hours: number }

export type StayRule = {
  /** 'schengen-90-180': stands beside every computation that used it. */
  readonly id: string
  readonly name: string
  readonly subject: Subject
  readonly terms: StayTerms
}

export const ruleLimits = {
  rulesMax: 20,
  windowDaysMax: 1_100,
  permitHoursMax: 24 * 366,
} as const

/** The first rule for the subject; null when stays of this subject have no limit. */
export function ruleFor(rules: readonly StayRule[], subject: Subject): StayRule | null {
  return rules.find((rule) => rule.subject === subject) ?? null
}

/** Why terms make no sense, or null. */
export function faultOf(terms: StayTerms): string | null {
  if (terms.kind === 'rolling_days' && terms.days >= terms.window)
    return 'fewer days than the window has, or nobody could ever stay too long'
  return null
}
