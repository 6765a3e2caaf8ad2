/**
 * Whether a stay is longer than its rule allows, with every step of the computation, so that a person
 * can do the sum again. Nothing follows from it by itself.
 */

import { subjectOf, decodeKey } from './passage.ts'
import { appendDays, daysWithin, type DaySpan, firstDayOver } from './rolling.ts'
import { ruleFor, type StayRule } from './rules.ts'
import { spanOf, type Stay } from './stay.ts'
import type { Day, Zone } from './zone.ts'

/** Until when each entry was admitted: the day that a named person stated. */
export type Admissions = ReadonlyMap<string, Day>

export type AssessContext = {
  readonly zone: Zone
  readonly rules: readonly StayRule[]
  readonly admissions: Admissions
}

/** What of a stay is counted: all of it, or only the one day that somebody saw. */
export type Counted = 'whole' | 'day_of_entry_only' | 'day_of_exit_only'

export type Step =
  | { readonly step: 'rule'; readonly rule: StayRule }
  | { readonly step: 'zone'; readonly zone: string }
  | { readonly step: 'entry'; readonly at: number; readonly day: Day }
  /** `seen` is false while somebody is counted as present because no exit was seen. */
  | { readonly step: 'end'; readonly at: number; readonly day: Day; readonly seen: boolean }
  | { readonly step: 'admitted'; readonly until: Day }
  /** A stay that has days in the window: `days` of it lie there. */
  | {
      readonly step: 'counted'
      readonly stay: string
      readonly from: Day
      readonly until: Day
      readonly days: number
      readonly counted: Counted
    }
  /** The window that ends with the day looked at. */
  | { readonly step: 'window'; readonly from: Day; readonly until: Day; readonly days: number }
  /** The first instant, and its day, at which the stay is longer than allowed. */
  | { readonly step: 'due'; readonly at: number; readonly day: Day }
  | { readonly step: 'over'; readonly days: number; readonly ms: number }
  | { readonly step: 'left'; readonly days: number; readonly ms: number }

export type Assessment =
  | { readonly kind: 'within' | 'over'; readonly dueAt: number; readonly steps: readonly Step[] }
  /** No rule for the subject, no admitted day, or nothing that is a stay. */
  | { readonly kind: 'none'; readonly reason: 'no_rule' | 'not_admitted' | 'no_entry' }

/** The rule under which stays of a key fall. */
export function ruleOfKey(key: string, rules: readonly StayRule[]): StayRule | null {
  const decoded = decodeKey(key)
  return decoded === null ? null : ruleFor(rules, subjectOf(decoded))
}

/**
 * The first instant at which a stay is too long, ms; null when no limit can be told. It does not depend
 * on the present, so it can be stored. `before` are the days of earlier stays of the same key, merged.
 */
export function dueAtOf(
  stay: Stay,
  before: readonly DaySpan[],
  rule: StayRule | null,
  { zone, admissions }: Pick<AssessContext, 'zone' | 'admissions'>,
): number | null {
  const entered = spanOf(stay)?.from ?? null
  if (rule === null || entered === null || stay.state === 'exit_missing') return null
  switch (rule.terms.kind) {
    case 'permit_hours':
      return entered + rule.terms.hours * 3_600_000
    case 'admitted_until': {
      const until = admissions.get(stay.id)
      return until === undefined ? null : zone.startOf(until + 1)
    }
    case 'rolling_days':
      return zone.startOf(firstDayOver(before, zone.dayOf(entered), rule.terms))
  }
}

/** The days that a stay counts for, as far as they are known to be days of presence. */
export function daysOf(
  stay: Stay,
  zone: Zone,
): { readonly span: DaySpan; readonly counted: Counted } | null {
  const span = spanOf(stay)
  if (span === null) return null
  const { from, until } = span
  if (from !== null && until !== null)
    return {
      span: { from: zone.dayOf(from), until: Math.max(zone.dayOf(from), zone.dayOf(until)) },
      counted: 'whole',
    }
  const seen = from ?? until
  if (seen === null) return null
  const day = zone.dayOf(seen)
  return {
    span: { from: day, until: day },
    counted: from === null ? 'day_of_exit_only' : 'day_of_entry_only',
  }
}

export type DueStay = { readonly stay: Stay; readonly dueAt: number | null }

/** Every stay of one key with the instant at which it is too long, in order of time. */
export function withDue(
  stays: readonly Stay[],
  rule: StayRule | null,
  context: Pick<AssessContext, 'zone' | 'admissions'>,
): readonly DueStay[] {
  const rolling = rule?.terms.kind === 'rolling_days'
  if (!rolling || stays.length < 2)
    return stays.map((stay) => ({ stay, dueAt: dueAtOf(stay, [], rule, context) }))
  const before: DaySpan[] = []
  return inTime(stays).map((stay) => {
    const dueAt = dueAtOf(stay, before, rule, context)
    const days = daysOf(stay, context.zone)
    if (days !== null) appendDays(before, days.span)
    return { stay, dueAt }
  })
}

/** By what was seen first of each. */
function inTime(stays: readonly Stay[]): readonly Stay[] {
  const begins = stays.map(beginOf)
  const sorted = begins.every((begin, at) => at === 0 || begin >= (begins[at - 1] ?? begin))
  return sorted ? stays : [...stays].sort((a, b) => beginOf(a) - beginOf(b))
}

function beginOf(stay: Stay): number {
  const span = spanOf(stay)
  return span?.from ?? span?.until ?? Number.POSITIVE_INFINITY
}

/**
 * Judges one stay of a key at `now` (ms). `stays` are all of that key: earlier days count where the
 * rule has a window.
 */
export function assessStay(
  stay: Stay,
  { key, stays }: { readonly key: string; readonly stays: readonly Stay[] },
  now: number,
  context: AssessContext,
): Assessment {
  const { zone, admissions } = context
  const rule = ruleOfKey(key, context.rules)
  if (rule === null) return { kind: 'none', reason: 'no_rule' }
  const found = withDue(stays, rule, context).find((one) => one.stay.id === stay.id)
  const span = spanOf(stay)
  if (span === null || span.from === null || stay.state === 'exit_missing')
    return { kind: 'none', reason: 'no_entry' }
  if (found === undefined || found.dueAt === null) return { kind: 'none', reason: 'not_admitted' }

  const { dueAt } = found
  const end = span.until ?? Math.max(now, span.from)
  const [entryDay, endDay, dueDay] = [zone.dayOf(span.from), zone.dayOf(end), zone.dayOf(dueAt)]
  const steps: Step[] = [
    { step: 'rule', rule },
    { step: 'zone', zone: zone.name },
    { step: 'entry', at: span.from, day: entryDay },
    { step: 'end', at: end, day: endDay, seen: span.until !== null },
  ]
  const admitted = admissions.get(stay.id)
  if (rule.terms.kind === 'admitted_until' && admitted !== undefined)
    steps.push({ step: 'admitted', until: admitted })
  if (rule.terms.kind === 'rolling_days')
    steps.push(
      ...windowSteps(stay, stays, { from: entryDay, until: endDay }, rule.terms.window, zone),
    )
  steps.push({ step: 'due', at: dueAt, day: dueDay })
  const over = end >= dueAt
  steps.push(
    over
      ? { step: 'over', days: endDay - dueDay + 1, ms: end - dueAt }
      : { step: 'left', days: dueDay - endDay - 1, ms: dueAt - end },
  )
  return { kind: over ? 'over' : 'within', dueAt, steps }
}

/** The window that ends with the stay's last day: each stay in it, and their days together. */
function windowSteps(
  stay: Stay,
  stays: readonly Stay[],
  own: DaySpan,
  window: number,
  zone: Zone,
): readonly Step[] {
  const from = own.until - window + 1
  const steps: Step[] = []
  const spans: DaySpan[] = []
  for (const one of inTime(stays)) {
    const days = one.id === stay.id ? { span: own, counted: 'whole' as const } : daysOf(one, zone)
    if (days === null || days.span.from > own.until) continue
    const counts = daysWithin([days.span], from, own.until)
    if (counts === 0) continue
    spans.push(days.span)
    steps.push({
      step: 'counted',
      stay: one.id,
      ...days.span,
      days: counts,
      counted: days.counted,
    })
  }
  return [
    ...steps,
    { step: 'window', from, until: own.until, days: daysWithin(spans, from, own.until) },
  ]
}
