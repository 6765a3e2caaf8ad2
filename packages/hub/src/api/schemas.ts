/** The schemas that validate requests and describe answers; the OpenAPI document is made of them. */

import { z } from '@hono/zod-openapi'
import { alarmKinds } from '@sallyport/core/alarm'
import { directions, laneKinds, sourceKinds } from '@sallyport/core/crossing'
import { grantPurposes, views } from '@sallyport/core/grants/grant'
import { purposes, roles } from '@sallyport/core/opening'
import { platePairs } from '@sallyport/core/plate-pair'
import { verdictKinds } from '@sallyport/core/review'

import { limits } from '../limits.ts'
import { gaugeFigures } from './gauge-schema.ts'
import { look, plate } from './plate-schemas.ts'

export const id = z
  .string()
  .regex(/^[0-9a-f]{32}$/)
  .openapi({ example: '0f1e2d3c4b5a69788796a5b4c3d2e1f0' })
export const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
const instant = z.iso.datetime()
/** One line as people write it: any script, no control characters, no half characters. */
export const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds characters that cannot be kept')
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const unit = z.number().min(0).max(1)
const logIndex = z.int().min(0).nullable()

export const problemDocument = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
  })
  .openapi('Problem')

export const session = z
  .object({
    account: z.object({ id, name: z.string(), roles: z.array(z.enum(roles)), party: z.string() }),
    purposes: z.array(z.enum(purposes)),
    passkeys: z.int().min(0),
    shift: z.object({ lane: name, started_at: instant }).nullable(),
    port: z.object({ id: name, name: z.string(), zone: z.string() }),
    synthetic: z.boolean(),
    /** The lane that takes pictures from this page. */
    picture_lane: name.nullable(),
    log: z.object({ origin: z.string(), vkey: z.string() }),
  })
  .openapi('Session')

/** What a person says of a plate, beside what the machine read. */
export const verdict = z
  .object({
    id,
    kind: z.enum(verdictKinds),
    text: z.string().nullable(),
    jurisdiction: z.string().nullable(),
    at: instant,
    by: z.object({ id, name: z.string() }),
    /** Of the sealed picture that was looked at. */
    picture_sha256: sha256.nullable(),
    supersedes: id.nullable(),
    log_index: logIndex,
  })
  .openapi('Verdict')

export const crossing = z
  .object({
    id,
    lane: name,
    port: name,
    direction: z.enum(directions),
    sequence: z.int().min(1),
    device: id,
    captured_at: instant,
    received_at: instant,
    clock: z.enum(['ok', 'skewed', 'review']),
    source: z.enum(sourceKinds),
    log_index: logIndex,
    plate,
    /** The verdict in effect; null while there is none. */
    verdict: verdict.nullable(),
    captures: z.array(
      z.object({
        id,
        class: z.enum(['scene', 'plate', 'face']),
        /** Taken by the camera that sees vehicles from behind. */
        rear: z.boolean(),
        bytes: z.int(),
        sha256,
      }),
    ),
  })
  .openapi('Crossing')

export const openingPurpose = z.enum([...purposes, ...grantPurposes])

export const opening = z
  .object({
    id,
    at: instant,
    capture: id,
    capture_class: z.string(),
    crossing: id,
    purpose: openingPurpose,
    view: z.enum(views).nullable(),
    grant: id.nullable(),
    policies: z.array(z.string()),
    note: z.string().nullable(),
    account: z.object({ id, name: z.string() }),
    outcome: z.enum(['opened', 'refused', 'failed']),
    code: z.string().nullable(),
    log_index: logIndex,
  })
  .openapi('Opening')

export const crossingDetail = crossing
  .extend({
    looks: z.array(look),
    /** What the cameras at both ends of the vehicle read, each by itself; null where only one saw it. */
    ends: z
      .object({ pair: z.enum(platePairs), front: plate, rear: plate, rear_looks: z.array(look) })
      .nullable(),
    models: z.object({ detector: z.string(), reader: z.string() }).nullable(),
    lane_ms: z.number().nullable(),
    manifest_sha256: sha256,
    epoch_day: z.string(),
    openings: z.array(opening),
    /** All of them, oldest first, also those that were taken back. */
    verdicts: z.array(verdict),
  })
  .openapi('CrossingDetail')

export const lane = z
  .object({
    id: name,
    name: z.string(),
    port: name,
    direction: z.enum(directions),
    kind: z.enum(laneKinds),
    source: z.enum(sourceKinds).nullable(),
    device: z
      .object({
        id,
        state: z.enum(['enrolled', 'online', 'late', 'silent', 'revoked']),
        last_seen_at: instant.nullable(),
        last_sequence: z.int().min(0),
        spool: z
          .object({ bundles: z.int(), bytes: z.int(), oldest_at: instant.nullable() })
          .nullable(),
        clock_offset_ms: z.int().nullable(),
        camera: z.enum(['ok', 'gone']).nullable(),
        software: z.string().nullable(),
        /** Null for a lane of before. */
        gauge: gaugeFigures.nullable(),
        quarantined_at: instant.nullable(),
      })
      .nullable(),
    newest: crossing.nullable(),
  })
  .openapi('Lane')

export const newLane = z
  .object({
    id: name,
    name: line(80),
    direction: z.enum(directions),
    kind: z.enum(laneKinds).default('vehicle'),
  })
  .openapi('NewLane')

export const alarm = z
  .object({
    id,
    kind: z.enum(alarmKinds),
    device: id.nullable(),
    lane: name.nullable(),
    at: instant,
    last_at: instant,
    count: z.int().min(1),
    detail: z.string(),
    acknowledged: z.object({ at: instant, by: z.string(), note: z.string().nullable() }).nullable(),
    log_index: logIndex,
  })
  .openapi('Alarm')

export const note = z
  .string()
  .trim()
  .max(limits.noteLengthMax)
  .regex(/^(?:[^\p{Cc}\p{Cs}]|[\t\r\n])*$/u, 'holds characters that cannot be kept')
  .optional()

export const revocation = z.object({ reason: line(200).min(3) }).openapi('Revocation')

export const receipt = z
  .object({ index: z.int().min(0), entry: z.string(), receipt: z.string() })
  .openapi('Receipt')

export const account = z
  .object({
    id,
    name: z.string(),
    roles: z.array(z.enum(roles)),
    passkeys: z.int(),
    created_at: instant,
    disabled: z.boolean(),
  })
  .openapi('Account')

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/)

export const invitation = z
  .object({
    name: line(80),
    roles: z.array(z.enum(roles)).max(roles.length),
    party: slug.optional().openapi({ description: 'A contractor’s people have no roles' }),
    unit: z.string().max(80).optional(),
  })
  .refine(
    ({ roles: held, party }) => (party === undefined || party === 'agency') === held.length > 0,
    {
      error: 'The agency’s people have roles; a contractor’s have none.',
    },
  )
  .openapi('Invitation')

export const acknowledgement = z
  .object({ crossing: id, sequence: z.int().min(1), log_index: z.int().min(0) })
  .openapi('Acknowledgement')

export const enrolment = z
  .object({ code: z.string().max(100), public_key: z.string().regex(/^[0-9a-f]{64}$/) })
  .openapi('Enrolment')

export const enrolled = z
  .object({
    device: id,
    lane: z.object({
      id: name,
      name: z.string(),
      direction: z.enum(directions),
      kind: z.enum(laneKinds),
    }),
    port: z.object({ id: name, zone: z.string() }),
    agency_key: sha256,
    log_vkey: z.string(),
  })
  .openapi('EnrolledDevice')

export const heartbeat = z.object({
  device: id,
  sent_at: instant,
  boot: id,
  monotonic_ms: z.number().min(0),
  spool: z.object({
    bundles: z.int().min(0),
    bytes: z.int().min(0),
    oldest_at: instant.nullable(),
  }),
  camera: z.enum(['ok', 'gone']),
  alarms: z.array(line(200)).max(20).default([]),
  software: line(80),
  /** A lane of another version is heard all the same. */
  gauge: gaugeFigures.nullable().catch(null),
  epochs: z
    .object({
      issued_at: instant,
      rotated_at: instant.nullable(),
      earlier_through: z.int().min(0),
      earlier_verdicts: z.int().min(0).max(1_000_000),
    })
    .nullable()
    .catch(null),
})

export const heartbeatAnswer = z.object({ renew: z.literal('epochs') }).openapi('HeartbeatAnswer')

export const figures = z
  .object({
    crossings_today: z.int(),
    crossings_last_hour: z.int(),
    by_hour: z.array(z.object({ hour: instant, in: z.int(), out: z.int() })),
    read_share: unit,
    unsure_today: z.int(),
    openings_today: z.int(),
    alarms_open: z.int(),
    log_size: z.int(),
    vault_bytes: z.int(),
  })
  .openapi('Figures')
