/** Schemas of scopes (specs/scope.md). */

import { z } from '@hono/zod-openapi'
import { grades } from '@sallyport/core/scope/question'

import { incidentLimits } from '../incidents/limits.ts'
import { id, name } from './schemas.ts'

const instant = z.iso.datetime()
const count = z.int().min(0)
export const party = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const why = z
  .string()
  .trim()
  .min(1)
  .max(incidentLimits.whyLengthMax)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds characters that cannot be kept')

export const suspicion = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('party'), party }),
    z.object({ kind: z.literal('person'), account: id }),
    z.object({ kind: z.literal('grant'), grant: id }),
    z.object({ kind: z.literal('device'), device: id }),
    z.object({ kind: z.literal('lane'), lane: name }),
    z.object({
      kind: z.literal('epoch'),
      day: z.iso.date(),
      recipient: z
        .string()
        .regex(/^age1[02-9ac-hj-np-z]{58}$/)
        .optional()
        .openapi({ description: 'One of several keys of a day; without it all of them' }),
    }),
    z.object({ kind: z.literal('kek'), kek: id }),
    z.object({ kind: z.literal('capture'), sha256 }),
    z.object({ kind: z.literal('release'), release: id }),
    z.object({ kind: z.literal('window') }),
  ])
  .openapi('Suspicion')

const suspicions = z.array(suspicion).min(1).max(incidentLimits.suspicionsMax)

export const scopeAsk = z
  .object({
    from: instant,
    to: instant,
    suspicions,
    why,
    incident: id.optional(),
    revises: id.optional(),
    by_face: z.boolean().default(false).openapi({
      description:
        'Open the templates of faces, in memory and under an entry of the log, to tell people apart',
    }),
  })
  .openapi('ScopeRequest')

const interval = { low: count, high: count }
const counts = z
  .object({
    pictures: count,
    crossings: count,
    classes: z.record(z.string(), count),
    lanes: z.array(z.string()),
    ports: z.array(z.string()),
    days: z.object({ count, first: z.string().nullable(), last: z.string().nullable() }),
    plates: z.object({ ...interval, crossings_without: count }),
    people: z.object({
      ...interval,
      identified: count,
      plate_only: z.object(interval),
      by_face: z
        .object({ ...interval, not_compared: count })
        .optional()
        .openapi({ description: 'Where faces were compared' }),
    }),
  })
  .openapi('ScopeCounts')

const side = z.enum(['reached', 'not_reached', 'undecided'])
const result = z.object({
  total: counts,
  grades: z.object(
    Object.fromEntries(grades.map((grade) => [grade, counts])) as Record<
      (typeof grades)[number],
      typeof counts
    >,
  ),
  lines: z.array(
    z.object({
      line: z.string(),
      people: count,
      side,
      side_with_reachable: side,
      means: z.string(),
      source: z.string(),
    }),
  ),
  changes: z.array(z.object({ figure: z.string(), before: count, after: count })),
  assumes: z.array(z.string()),
  log_size: count,
})

export const scope = z
  .object({
    scope: id,
    version: z.int().min(1),
    revises: id.nullable(),
    incident: id.nullable(),
    at: instant,
    why: z.string(),
    zone: z.string(),
    question: z.object({ from: instant, to: instant, suspicions: z.array(suspicion) }),
    result,
    faces: z
      .object({
        entry: count,
        model: z.string(),
        calibrations: z.array(sha256),
        sure: z.boolean(),
        rows_sha256: sha256,
      })
      .optional()
      .openapi({ description: 'How faces were compared to tell people apart (specs/scope.md)' }),
    by: z.object({ id, name: z.string() }),
    log_index: count,
  })
  .openapi('Scope')

const difference = z.object({
  figure: z.string().openapi({ example: 'total.people.low' }),
  first: z.string(),
  second: z.string(),
})

export const recounted = z
  .object({
    scope: id,
    agrees: z.boolean(),
    difference: difference.nullable().openapi({
      description: 'The first figure in which the second engine differs from the first, now',
    }),
    moved: difference.nullable().openapi({
      description: 'The first figure that is another now than it was when the scope was stated',
    }),
    months: z.array(z.iso.date()).openapi({
      description: 'Months that were read from files whose hashes the log has',
    }),
    counted_ms: z.number(),
    log_index: count,
  })
  .openapi('RecountedScope')

export const statedScope = scope
  .extend({ counted_ms: z.number().openapi({ description: 'How long the hub counted' }) })
  .openapi('StatedScope')
