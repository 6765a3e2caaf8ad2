/** Stays as the API gives them. */

import { type Assessment, assessStay, type Step } from '@sallyport/core/stays/assess'
import { decodeKey, subjectOf } from '@sallyport/core/stays/passage'
import { passagesOf, spanOf, type Stay } from '@sallyport/core/stays/stay'
import { dayText, parseDay, type Zone } from '@sallyport/core/stays/zone'
import type { Db } from '@sallyport/store/postgres/database'
import type { StayRow } from '@sallyport/store/stays/computed'
import { type PassageRow, passagesById } from '@sallyport/store/stays/passages'
import { staysOfKey } from '@sallyport/store/stays/queries'
import { type StatementRow, statementsAbout } from '@sallyport/store/stays/statements'

import type { StayRules } from './compute.ts'
import { stayLimits } from './limits.ts'

export type PassageView = ReturnType<typeof passageView>
export type StayView = ReturnType<typeof stayView>

export function passageView(row: PassageRow, zone: Zone) {
  return {
    id: row.id,
    crossing: row.crossing,
    at: row.at.toISOString(),
    day: dayText(zone.dayOf(row.at.getTime())),
    direction: row.direction,
    lane: row.lane,
    clock: row.clock,
    text: row.text,
    known: row.key !== null,
    jurisdiction: row.jurisdiction,
  }
}

/** Views of these rows, in their order. */
export async function stayViews(
  rows: readonly StayRow[],
  db: Db,
  now: Date,
  zone: Zone,
): Promise<readonly StayView[]> {
  const passages = await passagesById(db, [...new Set(rows.flatMap((row) => row.passages))])
  const byId = new Map(passages.map((row) => [row.id, row]))
  return rows.map((row) => stayView(row, byId, now, zone))
}

function stayView(row: StayRow, byId: ReadonlyMap<string, PassageRow>, now: Date, zone: Zone) {
  const { stay } = row
  const key = decodeKey(row.key)
  const own = passagesOf(stay).flatMap(({ id }) => byId.get(id) ?? [])
  const span = spanOf(stay)
  const end = span?.until ?? null
  const judged = row.due_at !== null
  return {
    id: row.id,
    subject: key === null ? ('vehicle' as const) : subjectOf(key),
    plate: own[0]?.text ?? (key?.kind === 'plate' ? key.text : null),
    document: key?.kind === 'document' ? { issuer: key.issuer, number: key.number } : null,
    state: row.state,
    reason: stay.state === 'entry_missing' || stay.state === 'exit_missing' ? stay.reason : null,
    as: stay.state === 'corrected' ? stay.as : null,
    from: row.from_at?.toISOString() ?? null,
    until: row.until_at?.toISOString() ?? null,
    days: daysBetween(span?.from ?? null, end, zone),
    passages: own.map((one) => passageView(one, zone)),
    doubts: stay.state === 'closed' ? [...stay.doubts] : [],
    of: stay.state === 'double_entry' || stay.state === 'double_exit' ? stay.of : null,
    next: stay.state === 'exit_missing' ? instantOf(stay.next?.at) : null,
    before: stay.state === 'entry_missing' ? instantOf(stay.before?.at) : null,
    correction: stay.state === 'corrected' ? stay.correction : null,
    rule: row.rule,
    due_at: row.due_at?.toISOString() ?? null,
    over: judged && (row.until_at ?? now) >= (row.due_at ?? now),
  }
}

function instantOf(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

/** Calendar days, both ends included; null while an end is missing. */
function daysBetween(from: number | null, until: number | null, zone: Zone): number | null {
  if (from === null || until === null) return null
  return Math.max(1, zone.dayOf(until) - zone.dayOf(from) + 1)
}

export function statementView(row: StatementRow) {
  return {
    id: row.id,
    class: row.class,
    kind: row.kind,
    passage: row.passage,
    other: row.other,
    instant: row.instant?.toISOString() ?? null,
    day: row.day,
    reason: row.reason,
    at: row.at.toISOString(),
    by: { id: row.account, name: row.account_name },
    supersedes: row.supersedes,
    log_index: row.log_index,
  }
}

/** The computation of one stay at `now`, each step with instants and days that a person can read. */
export async function assessmentOf(
  row: StayRow,
  db: Db,
  now: Date,
  { zone, rules }: StayRules,
): Promise<ReturnType<typeof assessmentView>> {
  const rows = await staysOfKey(db, row.key, stayLimits.historyMax)
  const stays: readonly Stay[] = rows.map(({ stay }) => stay)
  const statements = await statementsAbout(
    db,
    rows.map(({ id }) => id),
  )
  const held = statements.filter(
    ({ id }) => !statements.some(({ supersedes }) => supersedes === id),
  )
  const admissions = new Map(
    held.flatMap(({ kind, passage, day }) => {
      const until = kind === 'admitted' && day !== null ? parseDay(day) : null
      return until === null ? [] : [[passage, until] as const]
    }),
  )
  return assessmentView(
    assessStay(row.stay, { key: row.key, stays }, now.getTime(), { zone, rules, admissions }),
  )
}

function assessmentView(assessment: Assessment) {
  return assessment.kind === 'none'
    ? { kind: assessment.kind, reason: assessment.reason, due_at: null, steps: [] }
    : {
        kind: assessment.kind,
        reason: null,
        due_at: new Date(assessment.dueAt).toISOString(),
        steps: assessment.steps.map(stepView),
      }
}

function stepView(step: Step) {
  switch (step.step) {
    case 'rule':
      return { step: step.step, rule: step.rule }
    case 'zone':
      return { step: step.step, zone: step.zone }
    case 'entry':
      return { step: step.step, at: iso(step.at), day: dayText(step.day) }
    case 'end':
      return { step: step.step, at: iso(step.at), day: dayText(step.day), seen: step.seen }
    case 'admitted':
      return { step: step.step, until: dayText(step.until) }
    case 'counted':
      return {
        step: step.step,
        stay: step.stay,
        from: dayText(step.from),
        until: dayText(step.until),
        days: step.days,
        counted: step.counted,
      }
    case 'window':
      return {
        step: step.step,
        from: dayText(step.from),
        until: dayText(step.until),
        days: step.days,
      }
    case 'due':
      return { step: step.step, at: iso(step.at), day: dayText(step.day) }
    case 'over':
    case 'left':
      return { step: step.step, days: step.days, seconds: Math.floor(step.ms / 1000) }
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
