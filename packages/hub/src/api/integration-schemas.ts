/** Schemas of what other systems use and of how they are let in; part of the OpenAPI document. */

import { z } from '@hono/zod-openapi'

import { limits } from '../limits.ts'
import { id } from './schemas.ts'

const instant = z.iso.datetime()
const unit = z.number().min(0).max(1)
/** One line as people write it: any script, no control characters, no half characters. */
export const line = (shortest: number, longest: number) =>
  z
    .string()
    .trim()
    .min(shortest)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds characters that cannot be kept')

export const accessToken = z
  .object({
    id,
    name: z.string(),
    purpose: z.string(),
    account: z.object({ id, name: z.string() }),
    created_at: instant,
    expires_at: instant,
    last_used_at: instant.nullable(),
    calls_30_days: z.int().min(0),
    state: z.enum(['active', 'expired', 'revoked']),
  })
  .openapi('AccessToken')

export const newAccessToken = z
  .object({
    name: line(1, 80),
    purpose: line(3, 200).openapi({ description: 'What the program reads plates for' }),
    days: z.int().min(1).max(limits.tokenDaysMax).default(limits.tokenDaysDefault),
  })
  .openapi('NewAccessToken')

export const issuedToken = z
  .object({
    id,
    token: z.string().openapi({ description: 'The secret; it cannot be shown again' }),
    expires_at: instant,
  })
  .openapi('IssuedToken')

export const readerForm = z
  .object({
    upload: z.string().openapi({ format: 'binary', description: 'The picture, or base64 of it' }),
    regions: z.array(z.string()).optional().openapi({ description: 'Taken; changes nothing' }),
    camera_id: z.string().max(200).optional(),
    timestamp: z.string().optional().openapi({ description: 'ISO 8601; comes back as it is' }),
  })
  .openapi('ReaderForm')

const corners = z.object({ xmin: z.int(), ymin: z.int(), xmax: z.int(), ymax: z.int() })

export const readerAnswer = z
  .object({
    processing_time: z.number().openapi({ description: 'Milliseconds' }),
    results: z.array(
      z.object({
        box: corners,
        plate: z.string(),
        region: z.object({ code: z.string(), score: unit }),
        score: unit,
        candidates: z.array(z.object({ score: unit, plate: z.string() })),
        dscore: unit,
        vehicle: z.object({ score: unit, type: z.string(), box: corners }),
      }),
    ),
    filename: z.string(),
    version: z.literal(1),
    camera_id: z.string().nullable(),
    timestamp: z.string(),
    usage: z.object({ calls: z.int(), max_calls: z.int() }),
  })
  .openapi('ReaderAnswer')

export const readerStatistics = z
  .object({
    usage: z.object({ year: z.int(), month: z.int(), calls: z.int(), resets_on: instant }),
    total_calls: z.int(),
  })
  .openapi('ReaderStatistics')
