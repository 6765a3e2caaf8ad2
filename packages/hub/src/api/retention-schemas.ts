/** Schemas of retention: policies, the plan, shredding and holds. */

import { z } from '@hono/zod-openapi'
import { bodyClasses } from '@sallyport/core/crossing'
import { parsePlateText } from '@sallyport/core/plate'
import { conditions, retentionLimits } from '@sallyport/core/retention'
import { holdStates } from '@sallyport/core/retention-hold'
import { packIds } from '@sallyport/core/retention-packs'

import { limits } from '../limits.ts'
import { id, name } from './schemas.ts'

const instant = z.iso.datetime()
const day = z.iso.date()
const count = z.int().min(0)
const person = z.object({ id: z.string(), name: z.string() })
const logIndex = z.int().min(0).nullable()
const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds characters that cannot be kept')

const keep = z.union([
  z.strictObject({ hours: z.int().min(1).max(retentionLimits.hoursMax) }),
  z.strictObject({ days: z.int().min(1).max(retentionLimits.daysMax) }),
])
const rules = z
  .array(z.object({ when: z.enum(conditions), keep, source: line(300) }))
  .min(1)
  .max(retentionLimits.rulesMax)

export const policy = z
  .object({
    name: line(100),
    rules: z.object({ scene: rules, plate: rules, face: rules, reads: rules }),
  })
  .openapi('RetentionPolicy')

/** A pack by its id, or a policy of their own. */
const chosen = z.union([z.enum(packIds), policy])

export const policyAsk = z
  .object({ policy: chosen, accepts_due: count })
  .openapi('RetentionPolicyRequest')

export const planAsk = z
  .object({
    policy: chosen.optional().openapi({ description: 'Absent: the one in force' }),
    days: z.int().min(1).max(limits.planDaysMax).default(limits.planDaysDefault),
  })
  .openapi('RetentionPlanRequest')

export const policyVersion = z
  .object({
    id,
    pack: z.enum(packIds).nullable(),
    policy,
    sha256: z.string(),
    made_at: instant,
    made_by: person,
    log_index: logIndex,
  })
  .openapi('RetentionPolicyVersion')

export const status = z
  .object({
    at: instant,
    zone: z.string(),
    /** Null: none was chosen, and nothing is ever due. */
    in_force: policyVersion.nullable(),
    classes: z.array(
      z.object({
        class: z.enum(bodyClasses),
        kept: count,
        bytes: count,
        oldest: instant.nullable(),
        shredded: count,
      }),
    ),
    holds: z.object({ in_force: count, waiting: count }),
    /** Shreddings that are asked for and not effective yet. */
    pending: count,
  })
  .openapi('RetentionStatus')

export const packList = z.object({
  packs: z.array(z.object({ id: z.enum(packIds), about: z.string(), policy })),
})

export const plan = z
  .object({
    at: instant,
    zone: z.string(),
    policy,
    due: z.array(
      z.object({
        class: z.enum(bodyClasses),
        bodies: count,
        bytes: count,
        crossings: count,
        held: count,
        oldest: instant,
      }),
    ),
    /** What a run would shred now: due and not held. */
    due_now: count,
    days: z.array(
      z.object({ day, class: z.enum(bodyClasses), bodies: count, bytes: count, held: count }),
    ),
  })
  .openapi('RetentionPlan')

export const shredding = z
  .object({
    id,
    class: z.enum(bodyClasses),
    day,
    bodies: count,
    bytes: count,
    policy: id.nullable().openapi({ description: 'Null: somebody asked that faces be forgotten' }),
    requested_at: instant,
    log_index: logIndex,
    keys_destroyed_at: instant.nullable(),
    rows_erased_at: instant.nullable(),
    effective_at: instant.nullable(),
    effective_log_index: logIndex,
    /** A hold came before anything was destroyed. */
    stopped_at: instant.nullable(),
    state: z.enum(['requested', 'effective', 'stopped']),
    /** Who has not confirmed yet that the key is gone; null: it has not promised a time. */
    outstanding: z.array(z.object({ holder: z.string(), until: instant.nullable() })),
  })
  .openapi('Shredding')

const scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('crossing'), crossing: id }),
  z.object({
    kind: z.literal('plate'),
    plate: z
      .string()
      .max(40)
      .transform((text, context) => {
        const parsed = parsePlateText(text)
        if (parsed !== null) return parsed
        context.addIssue({ code: 'custom', message: 'A plate has letters and digits, at most 12.' })
        return z.NEVER
      }),
  }),
  z.object({ kind: z.literal('lane'), lane: name, from_day: day, to_day: day }),
  z.object({ kind: z.literal('port') }),
])

export const holdAsk = z
  .object({ scope, reason: line(limits.noteLengthMax), expires_at: instant })
  .openapi('HoldRequest')

export const countdown = z
  .object({
    crossing: id,
    /** Since when it is kept: its capture, or its receipt where the device's clock was wrong. */
    from: instant,
    held_until: instant.nullable(),
    bodies: z.array(
      z.object({
        capture: id,
        class: z.enum(bodyClasses),
        /** Null where no policy is chosen. */
        due_at: instant.nullable(),
        rule: z.object({ when: z.enum(conditions), keep, source: z.string() }).nullable(),
        shredding: z
          .object({
            id,
            requested_at: instant,
            effective_at: instant.nullable(),
            log_index: logIndex,
            effective_log_index: logIndex,
          })
          .nullable(),
      }),
    ),
  })
  .openapi('RetentionCountdown')

export const holdLifting = z.object({ reason: line(limits.noteLengthMax) })

const act = z.object({ at: instant, by: person, log_index: logIndex }).nullable()

export const hold = z
  .object({
    id,
    scope: z.object({
      kind: z.enum(['crossing', 'plate', 'lane', 'port']),
      crossing: id.nullable(),
      /** Null once the hold is over. */
      plate: z.string().nullable(),
      lane: z.string().nullable(),
      from_day: day.nullable(),
      to_day: day.nullable(),
    }),
    reason: z.string(),
    expires_at: instant,
    state: z.enum(holdStates),
    requested: act,
    approved: act,
    lifted: act,
    lifted_reason: z.string().nullable(),
  })
  .openapi('Hold')
