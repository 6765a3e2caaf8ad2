/** Legal holds: one person asks, another approves, and each act counts once the log has it. */

import { randomBytes } from 'node:crypto'

import {
  decideHoldApproval,
  decideHoldLifting,
  decideHoldRequest,
  type HoldRefusal,
  type HoldScope,
} from '@sallyport/core/retention-hold'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedScope } from '@sallyport/proof/retention-entry'
import {
  type ActRow,
  asHold,
  claimAct,
  countHolds,
  dropAct,
  holdById,
  insertHold,
  noteActLogged,
  scopeColumns,
  unloggedActs,
} from '@sallyport/store/retention/holds'

import { newId } from '../ids.ts'
import { limits } from '../limits.ts'
import { type Problem, type ProblemCode, problem } from '../problems.ts'
import type { RetentionContext } from './policies.ts'

const codes: Readonly<Record<HoldRefusal, ProblemCode>> = {
  hold_expiry: 'hold_not_taken',
  hold_scope: 'hold_not_taken',
  hold_own_request: 'hold_own_request',
  hold_not_waiting: 'hold_over',
  hold_not_in_force: 'hold_over',
}

export type HoldAsk = {
  readonly account: string
  readonly scope: HoldScope
  readonly reason: string
  readonly expiresAt: Date
}

/** Asks for a hold: it waits for a second person and holds nothing yet. */
export async function requestHold(
  ask: HoldAsk,
  context: RetentionContext,
): Promise<{ readonly kind: 'requested'; readonly id: string } | Problem> {
  const { db, journal } = context
  const at = context.now()
  const decision = decideHoldRequest(ask, at)
  if (decision.kind === 'refuse') return problem(codes[decision.code], decision.detail)
  const { inForce, waiting } = await countHolds(db, at)
  if (inForce + waiting >= limits.holdsMax)
    return problem(
      'too_many_holds',
      `At most ${limits.holdsMax} holds are open at once. Lift what is not needed.`,
    )
  const [id, salt, scopeSalt] = [newId(), randomBytes(16), randomBytes(16)]
  const { scope, reason, expiresAt } = ask
  await insertHold(
    db,
    { id, scope, reason, expiresAt, scopeSalt },
    { hold: id, at, account: ask.account, note: null, salt, log_from: journal.size() },
  )
  const { scope: kind, ...columns } = scopeColumns(scope)
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'hold_requested',
    hold: id,
    scope: commit(
      scopeSalt,
      committedScope({ kind, ...columns, expires_at: expiresAt.toISOString() }),
    ),
    by: commit(salt, ask.account),
  })
  await noteActLogged(db, { hold: id, act: 'requested' }, logIndex)
  return { kind: 'requested', id }
}

export type HoldActAsk = {
  readonly hold: string
  readonly account: string
  readonly act: 'approved' | 'lifted'
  readonly note: string | null
}

/** Approves a hold of somebody else, or lifts one. Call in the retention's turn: no shredding runs then. */
export async function actOnHold(
  ask: HoldActAsk,
  context: RetentionContext,
): Promise<{ readonly kind: 'done' } | Problem> {
  const { db, journal } = context
  const row = await holdById(db, ask.hold)
  if (row === null) return problem('not_found', 'There is no such hold.')
  const at = context.now()
  const decision =
    ask.act === 'approved'
      ? decideHoldApproval(asHold(row), ask.account, at)
      : decideHoldLifting(asHold(row), at)
  if (decision.kind === 'refuse') return problem(codes[decision.code], decision.detail)
  const salt = randomBytes(16)
  const { hold, act, account, note } = ask
  const claimed = await claimAct(db, act, {
    hold,
    at,
    account,
    note,
    salt,
    log_from: journal.size(),
  })
  if (!claimed) return problem('hold_over', 'Somebody else did so at this moment. Look again.')
  const kind = act === 'approved' ? 'hold_approved' : 'hold_lifted'
  try {
    const logIndex = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind,
      hold,
      by: commit(salt, account),
    })
    await noteActLogged(db, { hold, act }, logIndex)
  } catch (error) {
    await recoverActs(context).catch(() => undefined)
    throw error
  }
  return { kind: 'done' }
}

/** The log decides over what a failure left between row and log. */
export async function recoverActs({ db, journal }: RetentionContext): Promise<void> {
  const rows = await unloggedActs(db)
  if (rows.length > 0) await journal.settle()
  for (const row of rows) {
    const logIndex = await journal.find((entry) => isEntryOf(entry, row), row.log_from)
    if (logIndex === null) await dropAct(db, row)
    else await noteActLogged(db, row, logIndex)
  }
}

function isEntryOf(entry: LogEntry, { hold, act }: Pick<ActRow, 'hold' | 'act'>): boolean {
  return (
    (entry.kind === 'hold_requested' ||
      entry.kind === 'hold_approved' ||
      entry.kind === 'hold_lifted') &&
    entry.kind === `hold_${act}` &&
    entry.hold === hold
  )
}
