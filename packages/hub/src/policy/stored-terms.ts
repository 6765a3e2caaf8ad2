/** Terms of a grant as a document and as a row: parsed here, at the edge, into `GrantTerms`. */

import { z } from '@hono/zod-openapi'
import { type GrantTerms, grantPurposes, views, weekdays } from '@sallyport/core/grants/grant'
import { termsOf } from '@sallyport/core/grants/grant-document'
import type { StoredTerms } from '@sallyport/store/schema-grants'

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower case letters, digits and hyphens')
const instant = z.iso.datetime({ offset: true })
const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day as 07:30, up to 24:00')

/** A grant as people write it, in YAML, TOML or JSON (specs/policy.md). */
export const grantDocument = z
  .strictObject({
    party: slug,
    basis: z.string().min(1).max(500),
    purpose: z.enum(grantPurposes),
    ports: z.array(slug),
    lanes: z.union([z.literal('all'), z.array(slug)]),
    views: z.array(z.enum(views)),
    hours: z
      .strictObject({ days: z.array(z.enum(weekdays)), from: clock, to: clock })
      .nullable()
      .optional(),
    pictures_per_day: z.number(),
    bytes_per_day: z.number(),
    from: instant,
    until: instant,
    incident_hours: z.number(),
  })
  .openapi('GrantDocument')

export type GrantDocument = z.infer<typeof grantDocument>

export function documentOf(terms: GrantTerms): GrantDocument {
  return {
    party: terms.party,
    basis: terms.basis,
    purpose: terms.purpose,
    ports: [...terms.ports],
    lanes: terms.lanes === 'all' ? 'all' : [...terms.lanes],
    views: [...terms.views],
    hours:
      terms.hours === null
        ? null
        : {
            days: [...terms.hours.days],
            from: clockOf(terms.hours.from),
            to: clockOf(terms.hours.to),
          },
    pictures_per_day: terms.picturesPerDay,
    bytes_per_day: terms.bytesPerDay,
    from: terms.from.toISOString(),
    until: terms.until.toISOString(),
    incident_hours: terms.incidentHours,
  }
}

export function storedTerms(terms: GrantTerms): string {
  return JSON.stringify(documentOf(terms) satisfies StoredTerms)
}

/** Throws when the row is not what `storedTerms` wrote. */
export function termsOfRow(stored: StoredTerms): GrantTerms {
  return termsOf(grantDocument.parse(stored))
}

function clockOf(minute: number): string {
  const pad = (value: number) => String(value).padStart(2, '0')
  return `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`
}
