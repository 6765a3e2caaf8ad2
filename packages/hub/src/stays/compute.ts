/** From passages and statements to the rows of stays: the pure parts in order, nothing is written here. */

import { ruleOfKey, withDue } from '@sallyport/core/stays/assess'
import { nearIndex } from '@sallyport/core/stays/near'
import { pairPassages } from '@sallyport/core/stays/pairing'
import { decodeKey, encodeKey, type Passage } from '@sallyport/core/stays/passage'
import type { StayRule } from '@sallyport/core/stays/rules'
import { type Correction, passagesOf, spanOf, type Stay } from '@sallyport/core/stays/stay'
import { type Day, parseDay, type Zone } from '@sallyport/core/stays/zone'
import type { Db } from '@sallyport/store/postgres/database'
import type { Database } from '@sallyport/store/schema'
import type { NewStay } from '@sallyport/store/stays/computed'
import {
  asPassage,
  type FollowedCrossing,
  type NewPassage,
  type PassageRow,
  passagesById,
  passagesOfKeys,
} from '@sallyport/store/stays/passages'
import { effectiveStatements, type StatementRow } from '@sallyport/store/stays/statements'
import type { Transaction } from 'kysely'

export type StayRules = { readonly zone: Zone; readonly rules: readonly StayRule[] }

/**
 * What a crossing says about who passed. A plate that was read surely, or that a person stated, is a
 * key; anything else waits without one, so that a guess pairs nothing.
 */
export function passageOfCrossing(crossing: FollowedCrossing): NewPassage {
  const stated = crossing.verdict !== null && crossing.verdict_text !== null
  const unreadable = crossing.verdict !== null && crossing.verdict_text === null
  const text = stated ? crossing.verdict_text : unreadable ? null : crossing.plate_text
  const known = text !== null && (stated || crossing.plate_kind === 'read')
  return {
    id: crossing.id,
    crossing: crossing.id,
    received_at: crossing.received_at,
    at: crossing.captured_at,
    direction: crossing.direction,
    lane: crossing.lane,
    clock: crossing.clock,
    jurisdiction: stated ? crossing.verdict_jurisdiction : believed(crossing.jurisdiction),
    key: known ? encodeKey({ kind: 'plate', text }) : null,
    text,
    verdict: crossing.verdict,
    near: known || text === null ? null : [...nearIndex(text)],
  }
}

/** A reader that is less sure than this has not said anything (as for watched plates), 0 to 1. */
const jurisdictionMin = 0.5

function believed(read: FollowedCrossing['jurisdiction']): string | null {
  if (read === null || read.confidence < jurisdictionMin) return null
  const code = read.code.toLowerCase()
  return code === 'other' || code === '' ? null : code
}

export type ComputedKey = {
  readonly key: string
  readonly stays: readonly Stay[]
  readonly admissions: ReadonlyMap<string, Day>
}

/** The stays of each of these keys, as the rows say now. */
export async function computeKeys(
  db: Db | Transaction<Database>,
  keys: readonly string[],
): Promise<readonly ComputedKey[]> {
  const rows = await passagesOfKeys(db, keys)
  const statements = await effectiveStatements(
    db,
    rows.map(({ id }) => id),
  )
  const byId = new Map(rows.map((row) => [row.id, asPassage(row)]))
  for (const row of await passagesById(db, partnersElsewhere(statements, byId)))
    byId.set(row.id, asPassage(row))
  const byKey = new Map<string, PassageRow[]>(keys.map((key) => [key, []]))
  for (const row of rows) if (row.key !== null) byKey.get(row.key)?.push(row)
  const about = statementsByPassage(statements)
  return [...byKey].map(([key, own]) => {
    const said = [...new Set(own.flatMap(({ id }) => about.get(id) ?? []))]
    return {
      key,
      stays: pairPassages(
        own.map(asPassage),
        said.flatMap((row) => correctionOf(row, byId)),
      ),
      admissions: admissionsOf(said),
    }
  })
}

function partnersElsewhere(
  statements: readonly StatementRow[],
  known: ReadonlyMap<string, Passage>,
): readonly string[] {
  return statements
    .flatMap(({ passage, other }) => (other === null ? [] : [passage, other]))
    .filter((id) => !known.has(id))
}

function statementsByPassage(
  statements: readonly StatementRow[],
): ReadonlyMap<string, readonly StatementRow[]> {
  const found = new Map<string, StatementRow[]>()
  for (const row of statements)
    for (const id of row.other === null ? [row.passage] : [row.passage, row.other])
      found.set(id, [...(found.get(id) ?? []), row])
  return found
}

/** A statement about a passage that is gone says nothing any more. */
function correctionOf(
  row: StatementRow,
  passages: ReadonlyMap<string, Passage>,
): readonly Correction[] {
  const { id, kind, passage } = row
  switch (kind) {
    case 'paired': {
      const [entry, exit] = [passages.get(passage), passages.get(row.other ?? '')]
      return entry === undefined || exit === undefined ? [] : [{ id, kind, entry, exit }]
    }
    case 'left':
    case 'entered':
      return row.instant === null ? [] : [{ id, kind, passage, at: row.instant.getTime() }]
    case 'set_aside':
      return [{ id, kind, passage }]
    case 'admitted':
    case 'withdrawn':
      return []
  }
}

function admissionsOf(statements: readonly StatementRow[]): ReadonlyMap<string, Day> {
  const found = new Map<string, Day>()
  for (const { kind, passage, day } of statements) {
    const until = kind === 'admitted' && day !== null ? parseDay(day) : null
    if (until !== null) found.set(passage, until)
  }
  return found
}

/** The rows of one key's stays. */
export function stayRows(
  { key, stays, admissions }: ComputedKey,
  { zone, rules }: StayRules,
): readonly NewStay[] {
  const rule = ruleOfKey(key, rules)
  return withDue(stays, rule, { zone, admissions }).map(({ stay, dueAt }) => {
    const span = spanOf(stay)
    const passages = passagesOf(stay)
    const first = passages.find(({ id }) => id === stay.id) ?? passages[0]
    if (first === undefined) throw new Error('every stay has a passage')
    return {
      id: stay.id,
      key,
      state: stay.state,
      at: new Date(first.at),
      from_at: dateOf(span?.from),
      until_at: dateOf(span?.until),
      passages: passages.map(({ id }) => id),
      doubted: stay.state === 'ambiguous' || (stay.state === 'closed' && stay.doubts.length > 0),
      rule: rule?.id ?? null,
      due_at: dateOf(dueAt),
      stay: JSON.stringify(stay),
      near: nearOf(key, stay),
    }
  })
}

function dateOf(at: number | null | undefined): Date | null {
  return at === null || at === undefined ? null : new Date(at)
}

/** Only what lacks a side is looked for by near plates. */
function nearOf(key: string, stay: Stay): string[] | null {
  const missing =
    stay.state === 'open' || stay.state === 'entry_missing' || stay.state === 'exit_missing'
  const decoded = missing ? decodeKey(key) : null
  return decoded?.kind === 'plate' ? [...nearIndex(decoded.text)] : null
}
