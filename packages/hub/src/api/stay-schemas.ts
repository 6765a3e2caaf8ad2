/** Schemas of stays. */

import { z } from '@hono/zod-openapi'
import { directions } from '@sallyport/core/crossing'
import { subjects } from '@sallyport/core/stays/passage'
import { faultOf, ruleLimits, type StayRule } from '@sallyport/core/stays/rules'
import { statementKinds, statementLimits } from '@sallyport/core/stays/statement'
import { doubts, stayStates } from '@sallyport/core/stays/stay'
import { parseDay } from '@sallyport/core/stays/zone'

import { id, name } from './schemas.ts'

const instant = z.iso.datetime()
const day = z.string().openapi({ example: '2026-11-22' })
const person = z.object({ id: z.string(), name: z.string() })
const logIndex = z.int().min(0).nullable()
const reason = z
  .string()
  .trim()
  .min(statementLimits.reasonLengthMin)
  .max(statementLimits.reasonLengthMax)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds characters that cannot be kept')

const terms = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rolling_days'), days: z.int(), window: z.int() }),
  z.object({ kind: z.literal('admitted_until') }),
  z.object({ kind: z.literal('permit_hours'), hours: z.number() }),
])
const rule = z
  .object({ id: z.string(), name: z.string(), subject: z.enum(subjects), terms })
  .openapi('StayRule')

const passage = z
  .object({
    id,
    crossing: id,
    at: instant,
    /** In the port's zone. */
    day,
    direction: z.enum(directions),
    lane: z.string(),
    clock: z.enum(['ok', 'skewed', 'review']),
    text: z.string().nullable(),
    /** False while nobody knows surely who it was: `text` is a guess then. */
    known: z.boolean(),
    jurisdiction: z.string().nullable(),
  })
  .openapi('StayPassage')

const documentShape = z.object({ issuer: z.string(), number: z.string() })

export const stay = z
  .object({
    id,
    subject: z.enum(subjects),
    plate: z.string().nullable(),
    /** Of a traveller whom people confirmed; issuer XXX where the list named none. */
    document: documentShape.nullable(),
    state: z.enum(stayStates),
    reason: z.string().nullable(),
    as: z.string().nullable(),
    from: instant.nullable(),
    until: instant.nullable(),
    /** Calendar days in the port's zone, both ends included; null while an end is missing. */
    days: z.int().min(1).nullable(),
    passages: z.array(passage),
    doubts: z.array(z.enum(doubts)),
    of: id.nullable(),
    next: instant.nullable(),
    before: instant.nullable(),
    correction: id.nullable(),
    rule: z.string().nullable(),
    due_at: instant.nullable(),
    over: z.boolean(),
  })
  .openapi('Stay')

const counted = z.enum(['whole', 'day_of_entry_only', 'day_of_exit_only'])
const step = z.discriminatedUnion('step', [
  z.object({ step: z.literal('rule'), rule }),
  z.object({ step: z.literal('zone'), zone: z.string() }),
  z.object({ step: z.literal('entry'), at: instant, day }),
  z.object({ step: z.literal('end'), at: instant, day, seen: z.boolean() }),
  z.object({ step: z.literal('admitted'), until: day }),
  z.object({
    step: z.literal('counted'),
    stay: id,
    from: day,
    until: day,
    days: z.int().min(1),
    counted,
  }),
  z.object({ step: z.literal('window'), from: day, until: day, days: z.int().min(0) }),
  z.object({ step: z.literal('due'), at: instant, day }),
  z.object({ step: z.literal('over'), days: z.int(), seconds: z.int() }),
  z.object({ step: z.literal('left'), days: z.int(), seconds: z.int() }),
])

const statement = z
  .object({
    id,
    class: z.enum(['correction', 'admission']),
    kind: z.enum(statementKinds),
    passage: id,
    other: id.nullable(),
    instant: instant.nullable(),
    day: day.nullable(),
    reason: z.string(),
    at: instant,
    by: person,
    supersedes: id.nullable(),
    log_index: logIndex,
  })
  .openapi('StayStatement')

export const stayDetail = stay
  .extend({
    assessment: z.object({
      kind: z.enum(['within', 'over', 'none']),
      reason: z.enum(['no_rule', 'not_admitted', 'no_entry']).nullable(),
      due_at: instant.nullable(),
      steps: z.array(step),
    }),
    explanation: z
      .object({
        records_since: instant.nullable(),
        unknown: z.object({
          direction: z.enum(directions),
          from: instant,
          to: instant,
          count: z.int().min(0),
        }),
      })
      .nullable(),
    candidates: z.array(
      z.object({
        passage,
        stay: id.nullable(),
        nearness: z.enum(['same', 'alike', 'one_character']),
      }),
    ),
    statements: z.array(statement),
  })
  .openapi('StayDetail')

export const stayPage = z.object({ stays: z.array(stay), next: z.string().nullable() })

export const summary = z
  .object({
    states: z.record(z.string(), z.int().min(0)),
    doubted: z.int().min(0),
    over_inside: z.int().min(0),
    over_left: z.int().min(0),
    unknown: z.int().min(0),
    /** Keys that wait to be computed. */
    waiting: z.int().min(0),
    zone: z.string(),
    rules: z.array(rule),
  })
  .openapi('StaySummary')

export const unknownPage = z.object({ passages: z.array(passage), next: z.string().nullable() })

export const history = z
  .object({
    plate: z.string().nullable(),
    document: documentShape.nullable(),
    stays: z.array(stay),
    /** True when there are more stays than are shown. */
    more: z.boolean(),
    statements: z.array(statement),
  })
  .openapi('StayHistory')

const dayNumber = z
  .string()
  .transform((text, context) => {
    const parsed = parseDay(text)
    if (parsed !== null) return parsed
    context.addIssue({ code: 'custom', message: 'A day is written 2026-11-22.' })
    return z.NEVER
  })
  .openapi({ type: 'string', format: 'date', example: '2026-11-22' })

const at = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

export const statementAsk = z
  .object({
    passage: id,
    claim: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('paired'), exit: id }),
      z.object({ kind: z.literal('left'), at }),
      z.object({ kind: z.literal('entered'), at }),
      z.object({ kind: z.literal('set_aside') }),
      z.object({ kind: z.literal('admitted'), until: dayNumber }),
    ]),
    reason,
    supersedes: id.nullable().default(null).openapi({
      description: 'The statement of the same class that you saw; null when there was none',
    }),
  })
  .openapi('StayStatementRequest')

export const withdrawalAsk = z
  .object({ passage: id, class: z.enum(['correction', 'admission']), reason })
  .openapi('StayWithdrawalRequest')

export const stated = z.object({ statement: id, log_index: z.int().min(0) }).openapi('StayStated')
export const recomputing = z.object({ waiting: z.int().min(0) }).openapi('StayRecomputing')

const ruleHead = { id: name, name: z.string().min(1).max(80), subject: z.enum(subjects) }

/** Rules as they stand in the settings: one flat table each. */
export const ruleSettings = z
  .array(
    z
      .discriminatedUnion('kind', [
        z.object({
          ...ruleHead,
          kind: z.literal('rolling_days'),
          days: z.int().min(1),
          window: z.int().min(2).max(ruleLimits.windowDaysMax),
        }),
        z.object({ ...ruleHead, kind: z.literal('admitted_until') }),
        z.object({
          ...ruleHead,
          kind: z.literal('permit_hours'),
          hours: z.number().positive().max(ruleLimits.permitHoursMax),
        }),
      ])
      .transform((settings, context): StayRule => {
        const { id: ruleId, name: words, subject, ...rest } = settings
        const fault = faultOf(rest)
        if (fault !== null) context.addIssue({ code: 'custom', message: fault })
        return { id: ruleId, name: words, subject, terms: rest }
      }),
  )
  .max(ruleLimits.rulesMax)
