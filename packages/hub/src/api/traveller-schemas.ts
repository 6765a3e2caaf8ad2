/** Schemas of travellers who are looked for. No distance, score or probability is ever among them. */

import { z } from '@hono/zod-openapi'
import { travellerWatchLimits } from '@sallyport/core/faces/traveller-watch'
import { parseDay } from '@sallyport/core/stays/zone'
import { hitStates, hitVerdicts } from '@sallyport/core/watch-decisions'

import { faceHubLimits } from '../faces/limits.ts'
import { faceQuality } from './face-schemas.ts'
import { crossing, id } from './schemas.ts'
import * as watch from './watch-schemas.ts'

const instant = z.iso.datetime()
const logIndex = z.int().min(0).nullable()
const person = z.object({ id: z.string(), name: z.string() })
const optional = (longest: number) =>
  watch
    .line(0, longest)
    .transform((text) => (text === '' ? null : text))
    .nullable()
    .default(null)
const day = z
  .string()
  .refine((text) => parseDay(text) !== null, 'Write 1985-08-12.')
  .nullable()
  .default(null)

export const newTraveller = z
  .object({
    issuer: watch.newEntry.shape.issuer,
    reason: watch.newEntry.shape.reason,
    expires_at: watch.newEntry.shape.expires_at,
    name: optional(travellerWatchLimits.nameLengthMax),
    born: day.openapi({ description: 'Of whom is too young no entry is made' }),
    document_issuer: optional(travellerWatchLimits.documentLengthMax),
    document_number: optional(travellerWatchLimits.documentLengthMax),
    photograph: z
      .base64()
      .min(1)
      .max(Math.ceil(faceHubLimits.photoBytesMax * 1.4))
      .openapi({ description: 'JPEG, PNG or WebP of one person' }),
  })
  .openapi('NewTravellerEntry')

export const traveller = z
  .object({
    id,
    issuer: z.string(),
    reason: z.string(),
    expires_at: instant,
    name: z.string().nullable(),
    born: z.string().nullable(),
    document_issuer: z.string().nullable(),
    document_number: z.string().nullable(),
    state: z.enum(['in_force', 'expired', 'withdrawn']),
    searched: z.boolean().openapi({ description: 'Faces are compared with it at this moment' }),
    quality: faceQuality
      .nullable()
      .openapi({ description: 'Of the photograph; null once it is over' }),
    made: z.object({ at: instant, by: person }),
    withdrawn: z
      .object({ at: instant, by: person, reason: z.string(), log_index: logIndex })
      .nullable(),
    log_index: logIndex,
  })
  .openapi('TravellerEntry')

const verdict = z.object({
  verdict: z.enum(hitVerdicts),
  at: instant,
  by: person,
  note: z.string().nullable(),
  log_index: logIndex,
})

export const travellerHit = z
  .object({
    id,
    at: instant,
    state: z.enum(hitStates),
    capture_id: id.openapi({ description: 'The face at the lane' }),
    has_photo: z.boolean().openapi({ description: 'False once the entry is over' }),
    entry: traveller,
    crossing,
    own_verdict: verdict.nullable(),
    verdicts: z.array(verdict).openapi({
      description: 'Empty while it is open: the second person is not told of the first',
    }),
    log_index: logIndex,
  })
  .openapi('TravellerHit')
