/**
 * Named people state things about passages: decide, write the row that holds the place, log, and only
 * then let it count. What was recorded stays as it was, and what was stated before stays too.
 */

import { randomBytes } from 'node:crypto'

import type { Passage } from '@sallyport/core/stays/passage'
import {
  type Claim,
  classOf,
  decideStatement,
  type StatementClass,
  type StatementKind,
  type StatementRefusal,
} from '@sallyport/core/stays/statement'
import { dayText, type Zone } from '@sallyport/core/stays/zone'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedStatement } from '@sallyport/proof/stay-entry'
import type { Db } from '@sallyport/store/postgres/database'
import { asPassage, passagesById } from '@sallyport/store/stays/passages'
import {
  effectiveStatements,
  insertStatement,
  noteStatementFailed,
  noteStatementLogged,
  pendingStatements,
  statementHead,
  type StatementRow,
} from '@sallyport/store/stays/statements'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, type ProblemCode, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn } from '../turns.ts'

export type StatementContext = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
  readonly report: (message: string) => void
  readonly zone: Zone
  /** Told when a statement counts. */
  readonly stated: () => void
}

/** A claim as asked for: an exit is named, not yet found. */
export type ClaimAsk = Exclude<Claim, { kind: 'paired' }> | { kind: 'paired'; exit: string }

export type StatementAsk = {
  readonly passage: string
  readonly claim: ClaimAsk
  readonly reason: string
  readonly account: string
  /** The statement of the same class that the person saw; null when there was none. */
  readonly supersedes: string | null
}

export type Stated = {
  readonly kind: 'stated'
  readonly statement: string
  readonly logIndex: number
}

export type Statements = {
  state(ask: StatementAsk): Promise<Stated | Problem>
  /** Takes a statement back: the passage is what the cameras saw again. */
  withdraw(ask: {
    readonly statement: string
    readonly passage: string
    readonly class: StatementClass
    readonly reason: string
    readonly account: string
  }): Promise<Stated | Problem>
  /** Settles what a failure left between row and log. Call before serving, and now and then. */
  recover(): Promise<void>
}

const codes: Readonly<Record<StatementRefusal, ProblemCode>> = {
  wrong_direction: 'stay_statement_wrong',
  wrong_order: 'stay_statement_wrong',
  in_future: 'stay_statement_wrong',
  taken: 'stay_statement_conflict',
}

export function createStatements(context: StatementContext): Statements {
  const { db, journal, now, report } = context
  const underWay = new Set<string>()
  /** One at a time: two people must not bind one exit to two entries. */
  const inTurn = createTurn()

  async function state(ask: StatementAsk): Promise<Stated | Problem> {
    const found = await passagesById(
      db,
      ask.claim.kind === 'paired' ? [ask.passage, ask.claim.exit] : [ask.passage],
    )
    const passages = new Map(found.map((row) => [row.id, asPassage(row)]))
    const passage = passages.get(ask.passage)
    const claim = claimOf(ask.claim, passages)
    if (passage === undefined || claim === null)
      return problem('not_found', 'There is no such entry or exit.')
    const kind = classOf(claim)
    const head = await settledHead(ask.passage, kind)
    if ((head?.id ?? null) !== ask.supersedes) return superseded(head)
    const taken = claim.kind === 'paired' && (await isBound(claim.exit.id, ask.passage))
    const held = kind === 'correction' && (await isBound(ask.passage, ask.passage))
    if (held)
      return problem(
        'stay_statement_conflict',
        'It stands in the correction of another entry. Withdraw that one first.',
      )
    const at = now()
    const decision = decideStatement(claim, { passage, taken }, at.getTime(), context.zone)
    if (decision.kind === 'refuse') return problem(codes[decision.code], decision.detail)
    return record({ ...ask, class: kind, at, ...valuesOf(claim) })
  }

  /** Whether a correction that another passage's chain holds names this one. */
  async function isBound(id: string, own: string): Promise<boolean> {
    return (await effectiveStatements(db, [id])).some(
      (row) => row.class === 'correction' && row.passage !== own,
    )
  }

  async function record(said: Said): Promise<Stated | Problem> {
    const row = {
      id: newId(),
      class: said.class,
      kind: said.kind,
      passage: said.passage,
      other: said.other,
      instant: said.instant,
      day: said.day,
      reason: said.reason,
      account: said.account,
      at: said.at,
      supersedes: said.supersedes,
      by_salt: randomBytes(16),
      terms_salt: randomBytes(16),
      state: 'pending' as const,
      log_from: journal.size(),
      log_index: null,
    }
    underWay.add(row.id)
    try {
      if (!(await insertStatement(db, row)))
        return superseded(await statementHead(db, said.passage, said.class))
      let logIndex: number
      try {
        logIndex = await journal.append(statementEntry(row))
      } catch (error) {
        // The row stays pending: what was rejected may turn up in the log after all.
        report(`stay statement: the log did not take the entry: ${reportWords(error)}`)
        return problem(
          'log_unavailable',
          'The log cannot be written, so no statement counts. The cause is in the report of the hub.',
        )
      }
      await noteStatementLogged(db, row, logIndex)
      context.stated()
      return { kind: 'stated', statement: row.id, logIndex }
    } finally {
      underWay.delete(row.id)
    }
  }

  /** The end of a chain; one that an earlier failure left pending is settled first. */
  async function settledHead(passage: string, kind: StatementClass): Promise<StatementRow | null> {
    const head = await statementHead(db, passage, kind)
    if (head?.state !== 'pending' || underWay.has(head.id)) return head
    await settle(head)
    return statementHead(db, passage, kind)
  }

  /** The log decides: what it has counts, what it has not was never stated. */
  async function settle(row: StatementRow): Promise<void> {
    await journal.settle()
    const logIndex = await journal.find(
      (entry) => entry.kind === 'stay_statement' && entry.statement === row.id,
      row.log_from,
    )
    if (logIndex === null) await noteStatementFailed(db, row.id)
    else await noteStatementLogged(db, row, logIndex)
  }

  return {
    state: (ask) => inTurn(() => state(ask)),
    withdraw: (ask) =>
      inTurn(async () => {
        const head = await settledHead(ask.passage, ask.class)
        if (head === null || head.id !== ask.statement || head.kind === 'withdrawn')
          return superseded(head)
        const none = { other: null, instant: null, day: null }
        return record({ ...ask, ...none, kind: 'withdrawn', at: now(), supersedes: head.id })
      }),
    recover: () =>
      inTurn(async () => {
        for (const row of await pendingStatements(db)) if (!underWay.has(row.id)) await settle(row)
      }),
  }
}

type Said = {
  readonly passage: string
  readonly class: StatementClass
  readonly kind: StatementKind
  readonly other: string | null
  readonly instant: Date | null
  readonly day: string | null
  readonly reason: string
  readonly account: string
  readonly at: Date
  readonly supersedes: string | null
}

function claimOf(ask: ClaimAsk, passages: ReadonlyMap<string, Passage>): Claim | null {
  if (ask.kind !== 'paired') return ask
  const exit = passages.get(ask.exit)
  return exit === undefined ? null : { kind: 'paired', exit }
}

function valuesOf(claim: Claim): Pick<Said, 'kind' | 'other' | 'instant' | 'day'> {
  const none = { other: null, instant: null, day: null }
  switch (claim.kind) {
    case 'paired':
      return { ...none, kind: claim.kind, other: claim.exit.id }
    case 'left':
    case 'entered':
      return { ...none, kind: claim.kind, instant: new Date(claim.at) }
    case 'admitted':
      return { ...none, kind: claim.kind, day: dayText(claim.until) }
    case 'set_aside':
      return { ...none, kind: claim.kind }
  }
}

function statementEntry(
  row: Omit<StatementRow, 'account_name' | 'state' | 'log_from' | 'log_index'>,
): LogEntry {
  const { other, instant, day, reason } = row
  const terms = { other, instant: instant?.toISOString() ?? null, day, reason }
  return {
    v: 1,
    at: row.at.toISOString(),
    kind: 'stay_statement',
    statement: row.id,
    passage: row.passage,
    says: row.kind,
    terms: commit(row.terms_salt, committedStatement(terms)),
    by: commit(row.by_salt, row.account),
    ...(row.supersedes === null ? {} : { supersedes: row.supersedes }),
  }
}

function superseded(head: StatementRow | null): Problem {
  return problem(
    'stay_statement_conflict',
    head === null
      ? 'What you looked at was taken back meanwhile. Look again.'
      : `${head.account_name} stated something about it meanwhile. Look again.`,
    { head: head?.id ?? null },
  )
}
