/** Schemas of what other systems use and of how they are let in; part of the OpenAPI document. */

import { z } from '@hono/zod-openapi'
import { alarmKinds } from '@sallyport/core/alarm'
import { directions, sourceKinds } from '@sallyport/core/crossing'
import { eventTypes, subscriptionPurposes } from '@sallyport/core/delivery'

import { limits } from '../limits.ts'
import { id, name } from './schemas.ts'

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

export const subscription = z
  .object({
    id,
    kind: z.enum(['webhook', 'mqtt']),
    name: z.string(),
    purpose: z.enum(subscriptionPurposes),
    url: z.string(),
    event_types: z.array(z.enum(eventTypes)),
    plates: z.boolean(),
    account: z.object({ id, name: z.string() }).nullable(),
    created_at: instant,
    state: z.enum(['active', 'failing', 'disabled']),
    disabled: z.enum(['by_person', 'failing', 'gone', 'not_configured']).nullable(),
    failing_since: instant.nullable(),
    last_success_at: instant.nullable(),
    last_failure: z.string().nullable(),
    retry_at: instant.nullable(),
    waiting: z.int().min(0),
    given_up: z.int().min(0),
    previous_secret_until: instant.nullable(),
  })
  .openapi('Subscription')

export const newSubscription = z
  .object({
    name: line(1, 80),
    purpose: z.enum(subscriptionPurposes),
    url: z.string().min(1).max(500),
    event_types: z
      .array(z.enum(eventTypes))
      .min(1)
      .max(eventTypes.length)
      .default(['crossing.recorded']),
    plates: z
      .boolean()
      .default(false)
      .openapi({ description: 'Plates in clear; only for gate_control and case_system' }),
  })
  .openapi('NewSubscription')

export const shownSecret = z
  .object({
    id,
    secret: z.string().openapi({ description: 'whsec_: for signatures v1' }),
    public_key: z.string().openapi({ description: 'whpk_: for signatures v1a' }),
    previous_until: instant.nullable(),
  })
  .openapi('WebhookSecret')

const envelope = {
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  subject: id,
  time: instant,
  datacontenttype: z.literal('application/json'),
  dataschema: z.string(),
}

/** What a receiver gets, by the name that `dataschema` ends with. */
export const eventData = {
  CrossingRecorded: z.object({
    ...envelope,
    type: z.literal('sallyport.crossing.recorded.v1'),
    data: z.object({
      crossing: id,
      port: name,
      lane: name,
      direction: z.enum(directions),
      device: id,
      sequence: z.int(),
      captured_at: instant,
      received_at: instant,
      clock: z.enum(['ok', 'skewed', 'review']),
      source: z.enum(sourceKinds),
      log_index: z.int(),
      plate: z.object({
        kind: z.enum(['read', 'unsure', 'unreadable', 'none']),
        text: z.string().optional(),
        confidence: unit.optional(),
        jurisdiction: z.string().nullable().optional(),
      }),
    }),
  }),
  AlarmRaised: z.object({
    ...envelope,
    type: z.literal('sallyport.alarm.raised.v1'),
    data: z.object({
      alarm: id,
      kind: z.enum(alarmKinds),
      lane: name.nullable(),
      device: id.nullable(),
      at: instant,
      log_index: z.int().nullable(),
    }),
  }),
  DeliveryTested: z.object({
    ...envelope,
    type: z.literal('sallyport.delivery.tested.v1'),
    data: z.object({ at: instant }),
  }),
}
