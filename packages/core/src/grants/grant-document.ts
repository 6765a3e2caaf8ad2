/** The document of a grant as terms (specs/policy.md, rule 1). Its form was checked at the edge. */

import type { GrantPurpose, GrantTerms, View, Weekday } from './grant.ts'

export type GrantDocument = {
  readonly party: string
  readonly basis: string
  readonly purpose: GrantPurpose
  readonly ports: readonly string[]
  readonly lanes: 'all' | readonly string[]
  readonly views: readonly View[]
  readonly hours?:
    | { readonly days: readonly Weekday[]; readonly from: string; readonly to: string }
    | null
    | undefined
  readonly pictures_per_day: number
  readonly bytes_per_day: number
  readonly from: string
  readonly until: string
  readonly incident_hours: number
}

export function termsOf(document: GrantDocument): GrantTerms {
  const { hours } = document
  return {
    party: document.party,
    basis: document.basis,
    purpose: document.purpose,
    ports: document.ports,
    lanes: document.lanes,
    views: document.views,
    hours:
      hours === null || hours === undefined
        ? null
        : { days: hours.days, from: minuteOf(hours.from), to: minuteOf(hours.to) },
    picturesPerDay: document.pictures_per_day,
    bytesPerDay: document.bytes_per_day,
    from: new Date(document.from),
    until: new Date(document.until),
    incidentHours: document.incident_hours,
  }
}

function minuteOf(text: string): number {
  const [hours = '', minutes = ''] = text.split(':')
  return Number(hours) * 60 + Number(minutes)
}
