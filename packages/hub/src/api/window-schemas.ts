/** What the routes of the window and of secondary take and give. */

import { z } from '@hono/zod-openapi'
import {
  errorsFound,
  findings,
  outcomes,
  referralReasons,
  stepKinds,
  windowLimits,
} from '@sallyport/core/window/window'

import { crossing, id, note } from './schemas.ts'

const instant = z.iso.datetime()
const seen = z.int().min(0).max(windowLimits.stepsMax).openapi({
  description: 'Place of the newest step that the person saw; 0 where there was none',
})
const more = { seen, note }

/** One step. None of them refuses or detains: what officers do by law they do outside. */
export const stepAsk = z
  .discriminatedUnion('says', [
    z.object({ says: z.literal('admitted'), ...more }),
    z.object({ says: z.literal('referred'), reason: z.enum(referralReasons), ...more }),
    z.object({ says: z.literal('opted_out'), ...more }),
    z.object({ says: z.literal('undone'), ...more }),
    z.object({ says: z.literal('looked'), finding: z.enum(findings), ...more }),
    z.object({
      says: z.literal('closed'),
      outcome: z.enum(outcomes),
      wrong: z
        .array(z.enum(errorsFound))
        .max(errorsFound.length)
        .default([])
        .openapi({ description: 'What turned out wrong in what was shown' }),
      ...more,
    }),
  ])
  .openapi('WindowStepRequest')

const onShift = z
  .object({
    names: z.array(z.string()),
    agrees: z.boolean().openapi({ description: 'Whether the stated name is one of them' }),
  })
  .nullable()
  .openapi({
    description:
      'Whom the hub had on shift at that lane then, noted when it arrived; null where it was not noted. It does not say who typed',
  })

const step = z
  .object({
    id,
    place: z.int().min(1),
    kind: z.enum(stepKinds),
    code: z.enum([...referralReasons, ...findings, ...outcomes]).nullable(),
    wrong: z.array(z.enum(errorsFound)),
    note: z.string().nullable(),
    at: instant,
    /** Null where it was said at a lane without the hub. */
    by: z.object({ id, name: z.string() }).nullable(),
    at_lane: z
      .object({
        /** As it was stated there: nobody signed in. */
        name: z.string(),
        on_shift: onShift,
        arrived_at: instant,
      })
      .nullable()
      .openapi({ description: 'Said at the lane’s own page while the hub was out of reach' }),
    log_index: z.int().min(0).nullable(),
  })
  .openapi('WindowStep')

const laneConflict = z
  .object({
    id,
    kind: z.enum(['admitted', 'referred', 'opted_out']),
    code: z.enum(referralReasons).nullable(),
    note: z.string().nullable(),
    name: z.string(),
    on_shift: onShift,
    at: instant,
    arrived_at: instant,
    log_index: z.int().min(0).nullable(),
  })
  .openapi('LaneVerdictBesideSteps')

/** What a lane delivers; bytes are base64. */
export const laneVerdict = z
  .object({
    statement: z.base64().max(2048),
    signature: z.string().regex(/^[0-9a-f]{128}$/),
    epoch: z.object({ day: z.iso.date(), recipient: z.string().max(200) }),
    seal: z.base64().max(8192),
  })
  .openapi('LaneVerdict')

export const takenLaneVerdict = z
  .object({
    verdict: id,
    place: z.int().min(1).nullable().openapi({
      description: 'Among the crossing’s steps; null: people had decided at the hub meanwhile',
    }),
    log_index: z.int().min(0),
  })
  .openapi('TakenLaneVerdict')

export const windowView = z
  .object({
    crossing: id,
    standing: z.enum(['waiting', 'admitted', 'referred', 'closed']),
    seen,
    /** The step that the standing rests on. */
    by: step.nullable(),
    referral: step.nullable(),
    /** The verdict at the window that holds. */
    verdict: step.nullable(),
    opted_out: step.nullable(),
    /** Until when the newest step can be undone by whoever asks; null: not by them. */
    undo_until: instant.nullable(),
    /** What others found is shown to whoever asks only when they have said what they see. */
    outcome_withheld: z.boolean(),
    steps: z.array(step),
    /** What lanes said without the hub after people had decided here: it does not count. */
    beside: z.array(laneConflict),
  })
  .openapi('Window')

export const given = z
  .object({ step: id, log_index: z.int().min(0), window: windowView })
  .openapi('GivenWindowStep')

const referral = z.object({ crossing, window: windowView, changed_at: instant }).openapi('Referral')

export const referralPage = z
  .object({
    referrals: z.array(referral),
    /** All that wait. */
    waiting: z.int().min(0),
    next: z.string().nullable(),
  })
  .openapi('Referrals')

const group = z
  .object({
    kind: z.enum(['too_few', 'measured']),
    count: z.int().min(0),
    median: z.number().nullable().openapi({ description: 'Seconds, like those below' }),
    from: z.number().nullable().openapi({ description: 'The median lies from here, 95 % sure' }),
    until: z.number().nullable(),
    lower: z.number().nullable().openapi({ description: 'First quartile' }),
    upper: z.number().nullable(),
  })
  .openapi('TimesAtWindow')

export const figures = z
  .object({
    since: instant,
    parity: z.object({
      opted_out: group,
      others: group,
      verdict: z.enum(['too_few', 'no_difference_seen', 'longer', 'shorter']),
    }),
    /** Referrals that were closed, by how, and what turned out wrong in them. */
    closed: z.array(z.object({ outcome: z.enum(outcomes), count: z.int() })),
    wrong: z.array(z.object({ what: z.enum(errorsFound), count: z.int() })),
  })
  .openapi('WindowFigures')
