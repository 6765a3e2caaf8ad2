/** Schemas of the watch list. */

import { z } from '@hono/zod-openapi'
import { jurisdictionVerdicts, parseJurisdiction } from '@sallyport/core/jurisdiction'
import { parsePlateText } from '@sallyport/core/plate'
import { matchBases, type Tolerance, tolerances, watchLimits } from '@sallyport/core/watch'
import { parseExpiry } from '@sallyport/core/watch-csv'
import { hitStates, hitVerdicts } from '@sallyport/core/watch-decisions'

import { limits } from '../limits.ts'
import { crossing, id, note } from './schemas.ts'

const instant = z.iso.datetime()
const logIndex = z.int().min(0).nullable()
const person = z.object({ id: z.string(), name: z.string() })
/** One line of text as people write it. */
export const line = (shortest: number, longest: number) =>
  z
    .string()
    .trim()
    .min(shortest)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds characters that cannot be kept')

/** A plate as typed. */
const plate = z
  .string()
  .max(40)
  .transform((text, context) => {
    const parsed = parsePlateText(text)
    if (parsed !== null) return parsed
    context.addIssue({ code: 'custom', message: 'A plate has letters and digits, at most 12.' })
    return z.NEVER
  })
const tolerance = z
  .int()
  .min(0)
  .max(watchLimits.toleranceMax)
  .transform((value): Tolerance => tolerances.find((one) => one === value) ?? 0)

export const previewAsk = z
  .object({ plate, tolerance: tolerance.default(watchLimits.toleranceDefault) })
  .openapi('WatchPreviewRequest')

export const preview = z
  .object({
    plate: z.string(),
    tolerance: z.int(),
    accepts: z.int().min(1),
    too_wide: z.boolean(),
    accepted: z.array(
      z.object({
        text: z.string(),
        positions: z.array(z.int().min(0)).openapi({ description: 'Where it differs, from 0' }),
        crossings: z.int().min(0),
      }),
    ),
    crossings: z.int().min(0),
    since: instant,
    alike_entries: z.int().min(0),
  })
  .openapi('WatchPreview')

export const newEntry = z
  .object({
    plate,
    jurisdiction: z
      .string()
      .transform((text, context) => {
        const code = parseJurisdiction(text)
        if (code !== null) return code
        context.addIssue({ code: 'custom', message: "Write 'us', 'us-ca', 'mx-bcn', or nothing." })
        return z.NEVER
      })
      .nullable()
      .default(null),
    issuer: line(1, watchLimits.issuerLengthMax),
    reason: line(watchLimits.reasonLengthMin, watchLimits.reasonLengthMax),
    expires_at: z.string().transform((text, context) => {
      const at = parseExpiry(text)
      if (at !== null) return at
      context.addIssue({ code: 'custom', message: 'Write 2026-12-31, or 2026-12-31T12:00:00Z.' })
      return z.NEVER
    }),
    tolerance: tolerance.default(watchLimits.toleranceDefault),
    accepts: z.int().min(1).openapi({ description: 'What the preview answered' }),
  })
  .openapi('NewWatchEntry')

export const entry = z
  .object({
    id,
    plate: z.string(),
    jurisdiction: z.string().nullable(),
    issuer: z.string(),
    reason: z.string(),
    tolerance: z.int(),
    accepts: z.int(),
    expires_at: instant,
    state: z.enum(['in_force', 'expired', 'withdrawn']),
    made: z.object({ at: instant, by: person }),
    import: id.nullable(),
    withdrawn: z
      .object({ at: instant, by: person, reason: z.string(), log_index: logIndex })
      .nullable(),
    log_index: logIndex,
  })
  .openapi('WatchEntry')

export const withdrawal = z
  .object({ reason: line(watchLimits.reasonLengthMin, watchLimits.reasonLengthMax) })
  .openapi('WatchWithdrawal')

export const importAsk = z
  .object({
    csv: z.string().max(limits.watchImportBytesMax),
    accepts: z
      .int()
      .min(1)
      .optional()
      .openapi({ description: 'What the check answered; without it nothing is imported' }),
  })
  .openapi('WatchImport')

export const imported = z
  .object({
    imported: z.boolean(),
    entries: z.int().min(1),
    accepts: z.int().min(1),
    widest: z.int().min(1),
  })
  .openapi('WatchImported')

export const hit = z
  .object({
    id,
    at: instant,
    state: z.enum(hitStates),
    basis: z.enum(matchBases),
    text: z.string(),
    positions: z.array(z.int().min(0)),
    jurisdiction: z.enum(jurisdictionVerdicts),
    entry,
    crossing,
    judged: z
      .object({ at: instant, by: person, note: z.string().nullable(), log_index: logIndex })
      .nullable(),
    log_index: logIndex,
  })
  .openapi('WatchHit')

export const judgement = z.object({ verdict: z.enum(hitVerdicts), note }).openapi('WatchJudgement')
