/**
 * How long what is kept is kept: a policy says it by class and condition, and these functions say
 * what is due. Pure; the clock and the port's zone are arguments.
 *
 * Where it is unknown whether a condition holds, every rule that may apply is asked and the shortest
 * wins: what nobody knows is no reason to keep.
 */

import { dayAfter, dayIn, startOfDay } from './calendar.ts'
import { type BodyClass, bodyClasses, type Direction } from './crossing.ts'
import type { Role } from './opening.ts'

/** Hours count from the instant of capture. Days are the port's: the day of capture is the first. */
export type Keep = { readonly hours: number } | { readonly days: number }

export const conditions = [
  /** A person confirmed that it is one that is looked for. */
  'watch_confirmed',
  /** Its plate was not read surely, and nobody has said yet what it bears. */
  'unread',
  /** It left through a lane that leads out. */
  'outbound',
  /** The traveller is known to hold this country's nationality, or known not to. */
  'national',
  'foreign',
  'always',
] as const
export type Condition = (typeof conditions)[number]

export type Rule = {
  readonly when: Condition
  readonly keep: Keep
  /** The law, notice or decision that the period comes from. */
  readonly source: string
}

/** For each class the rules in order: the first whose condition holds applies; the last is `always`. */
export type Policy = {
  readonly name: string
  readonly rules: Readonly<Record<BodyClass, readonly Rule[]>>
}

export const retentionLimits = {
  /** A century; what must be kept longer is not for this system. */
  daysMax: 36_525,
  hoursMax: 24 * 366,
  rulesMax: conditions.length,
  /** A hold must be renewed by two people, not forgotten. */
  holdDaysMax: 366,
  holdLaneDaysMax: 366,
} as const

/** Choosing a policy decides what is destroyed. */
export const policyMakers: readonly Role[] = ['privacy', 'supervisor']
export const retentionReaders: readonly Role[] = ['privacy', 'supervisor', 'auditor', 'responder']

export type PolicyFault = { readonly class: BodyClass; readonly detail: string }

/** What is wrong with a policy, class by class; empty when it can be used. */
export function faultsOf(policy: Policy): readonly PolicyFault[] {
  return bodyClasses.flatMap((bodyClass) => {
    const rules = policy.rules[bodyClass]
    const detail = faultOfRules(rules)
    return detail === null ? [] : [{ class: bodyClass, detail }]
  })
}

function faultOfRules(rules: readonly Rule[]): string | null {
  if (rules.at(-1)?.when !== 'always') return 'The last rule must be for `always`.'
  if (new Set(rules.map(({ when }) => when)).size !== rules.length)
    return 'A condition stands there twice.'
  for (const { keep } of rules) {
    const [most, value] =
      'hours' in keep
        ? [retentionLimits.hoursMax, keep.hours]
        : [retentionLimits.daysMax, keep.days]
    if (!Number.isInteger(value) || value < 1 || value > most)
      return `A period is a whole number from 1 to ${most}.`
  }
  return null
}

/** What of a crossing a condition can ask. Null: nobody knows. */
export type RetentionFacts = {
  readonly watchConfirmed: boolean
  readonly unread: boolean
  readonly direction: Direction
  readonly national: boolean | null
}

function holds(when: Condition, facts: RetentionFacts): boolean | null {
  switch (when) {
    case 'watch_confirmed':
      return facts.watchConfirmed
    case 'unread':
      return facts.unread
    case 'outbound':
      return facts.direction === 'out'
    case 'national':
      return facts.national
    case 'foreign':
      return facts.national === null ? null : !facts.national
    case 'always':
      return true
  }
}

/** The rules that apply or may apply: one, where everything they ask is known. */
export function rulesFor(
  { rules }: Policy,
  bodyClass: BodyClass,
  facts: RetentionFacts,
): readonly Rule[] {
  const may: Rule[] = []
  for (const rule of rules[bodyClass]) {
    const answer = holds(rule.when, facts)
    if (answer !== false) may.push(rule)
    if (answer === true) break
  }
  return may
}

/** When something kept since `from` has been kept for its period. */
export function endOf(keep: Keep, from: Date, zone: string): Date {
  return 'hours' in keep
    ? new Date(from.getTime() + keep.hours * 3_600_000)
    : startOfDay(zone, dayAfter(dayIn(zone, from), keep.days))
}

/** What was kept since before this instant has been kept for its period by `now`. */
export function keptBefore(keep: Keep, now: Date, zone: string): Date {
  return 'hours' in keep
    ? // What was kept since exactly then is due as well.
      new Date(now.getTime() - keep.hours * 3_600_000 + 1)
    : startOfDay(zone, dayAfter(dayIn(zone, now), 1 - keep.days))
}

export type Due = { readonly at: Date; readonly rule: Rule }

/** When a body of this class, kept since `from`, is due, and by which rule. */
export function dueOf(
  policy: Policy,
  body: { readonly class: BodyClass; readonly facts: RetentionFacts; readonly from: Date },
  zone: string,
): Due {
  const all = rulesFor(policy, body.class, body.facts).map((rule) => ({
    at: endOf(rule.keep, body.from, zone),
    rule,
  }))
  const [first, ...others] = all
  if (first === undefined) throw new Error('a policy that was checked has a rule for everything')
  return others.reduce((least, one) => (one.at < least.at ? one : least), first)
}

/** The port's day on which it is due, for charts: `dueOf` without its instant. */
export function dueDayOf(
  policy: Policy,
  body: { readonly class: BodyClass; readonly facts: RetentionFacts; readonly from: Date },
  zone: string,
): string {
  const [first = '', ...others] = rulesFor(policy, body.class, body.facts).map(({ keep }) =>
    'hours' in keep
      ? dayIn(zone, endOf(keep, body.from, zone))
      : dayAfter(dayIn(zone, body.from), keep.days),
  )
  return others.reduce((least, one) => (one < least ? one : least), first)
}

/** A policy as the text that is hashed and logged: keys and classes in one order. */
export function policyText({ name, rules }: Policy): string {
  const ordered = bodyClasses.map((bodyClass) => [
    bodyClass,
    rules[bodyClass].map(({ when, keep, source }) => ({
      when,
      keep: 'hours' in keep ? { hours: keep.hours } : { days: keep.days },
      source,
    })),
  ])
  return JSON.stringify({ name, rules: Object.fromEntries(ordered) as unknown })
}

/**
 * Since when a crossing is kept: its capture, where the device's clock was right. A wrong clock must
 * not destroy evidence early, nor keep it for ever.
 */
export function keptFrom(crossing: {
  readonly clock: 'ok' | 'skewed' | 'review'
  readonly capturedAt: Date
  readonly receivedAt: Date
}): Date {
  const { clock, capturedAt, receivedAt } = crossing
  return clock === 'ok' && capturedAt < receivedAt ? capturedAt : receivedAt
}

/** The facts that rows can say, each combination with the instant before which it is due at `now`. */
export type Cutoff = Omit<RetentionFacts, 'national'> & {
  readonly class: BodyClass
  readonly keptBefore: Date
}

/** Every combination of class and facts with its cutoff: what a store asks its rows. */
export function cutoffs(policy: Policy, now: Date, zone: string): readonly Cutoff[] {
  const both = [false, true]
  return bodyClasses.flatMap((bodyClass) =>
    both.flatMap((watchConfirmed) =>
      both.flatMap((unread) =>
        (['in', 'out'] as const).map((direction) => {
          const facts = { watchConfirmed, unread, direction, national: null }
          const latest = rulesFor(policy, bodyClass, facts)
            .map(({ keep }) => keptBefore(keep, now, zone).getTime())
            .reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY)
          return {
            class: bodyClass,
            watchConfirmed,
            unread,
            direction,
            keptBefore: new Date(latest),
          }
        }),
      ),
    ),
  )
}
