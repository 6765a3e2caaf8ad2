/** Schemas of rules for galleries of those who cross often. */

import { z } from '@hono/zod-openapi'
import { frequentLimits } from '@sallyport/core/faces/frequent-rule'

import { id, line } from './schemas.ts'

const instant = z.iso.datetime()
const hour = z.int().min(0).max(23)

const terms = {
  weekdays: z
    .array(z.int().min(1).max(7))
    .min(1)
    .max(7)
    .openapi({ description: 'ISO 8601, 1 is Monday: on which the hours begin' }),
  from_hour: hour.openapi({ description: 'By the clocks of the port' }),
  to_hour: hour.openapi({ description: 'Not after `from_hour`: on the day after' }),
  days_back: z.int().min(frequentLimits.daysBackMin).max(frequentLimits.daysBackMax),
  crossings: z.int().min(frequentLimits.crossingsMin).max(frequentLimits.crossingsMax).openapi({
    description: 'Crossings in those hours and days that people confirmed, at least',
  }),
  people: z.int().min(1).max(frequentLimits.peopleMax).openapi({
    description: 'At most; the most frequent come first',
  }),
}

export const frequentRuleAsk = z
  .object({
    ...terms,
    reason: line(frequentLimits.reasonLengthMax),
    expires_at: z.iso.datetime({ offset: true }),
  })
  .openapi('FrequentRuleRequest')

const act = z
  .object({
    at: instant,
    by: z.object({ id, name: z.string(), unit: z.string() }),
    log_index: z.int().nullable(),
  })
  .nullable()

export const frequentRule = z
  .object({
    id,
    ...terms,
    reason: z.string(),
    expires_at: instant,
    state: z.enum(['proposed', 'in_force', 'ended', 'expired']),
    proposed: act,
    agreed: act,
    ended: act,
    gallery: z
      .object({ id, opens_at: instant, expires_at: instant, searchable: z.int().min(0) })
      .nullable()
      .openapi({ description: 'The gallery that is made by it now; null where there is none' }),
  })
  .openapi('FrequentRule')

export const frequentRules = z
  .object({
    zone: z.string().openapi({ description: 'Whose hours they are' }),
    rules: z.array(frequentRule),
  })
  .openapi('FrequentRules')
