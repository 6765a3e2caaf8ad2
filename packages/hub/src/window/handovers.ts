/** A lane from one officer to the next: what is written and that it was taken stand in the log first. */

import { randomBytes } from 'node:crypto'

import type { Role } from '@sallyport/core/opening'
import { decideHandingOver, decideTaking } from '@sallyport/core/window/handover'
import { commit } from '@sallyport/proof/entry'
import { committedHandover } from '@sallyport/proof/window-entry'
import { endShift, shiftOf, startShift } from '@sallyport/store/accounts'
import type { Db } from '@sallyport/store/postgres/database'
import {
  dropHandoverAct,
  handoverById,
  type HandoverRow,
  insertHandover,
  insertTaking,
  noteHandoverLogged,
  openReferralsOf,
  sweepHandovers,
  unloggedHandoverActs,
} from '@sallyport/store/window/handovers'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn } from '../turns.ts'

type Officer = { readonly id: string; readonly roles: readonly Role[] }
type Done = { readonly kind: 'done'; readonly handover: string }

export type Handovers = {
  /** Writes what the next officer must know, with the lane's open referrals, and ends the shift. */
  write(account: Officer, note: string): Promise<Done | Problem>
  /** Says that it was read, and starts the shift at its lane. */
  take(account: Officer, handover: string): Promise<Done | Problem>
  /** Settles what a failure left between row and log. */
  recover(): Promise<void>
  /** Erases what is too old to matter. */
  upkeep(): Promise<void>
}

export function createHandovers(context: {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
  readonly report: (message: string) => void
}): Handovers {
  const { db, journal, now, report } = context
  const inTurn = createTurn()

  async function log(
    row: Pick<HandoverRow, 'id' | 'lane' | 'note' | 'referrals' | 'terms_salt'>,
    act: 'written' | 'taken',
    by: { readonly account: string; readonly at: Date; readonly salt: Buffer },
  ): Promise<Done | Problem> {
    try {
      const index = await journal.append({
        v: 1,
        at: by.at.toISOString(),
        kind: 'handover',
        handover: row.id,
        says: act,
        terms: commit(row.terms_salt, committedHandover(row)),
        by: commit(by.salt, by.account),
      })
      await noteHandoverLogged(db, { handover: row.id, act }, index)
    } catch (error) {
      report(`handover: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', 'The log cannot be written, so nothing was handed over.')
    }
    return { kind: 'done', handover: row.id }
  }

  /** The log decides over what a failure left. */
  async function settle(): Promise<void> {
    const rows = await unloggedHandoverActs(db)
    if (rows.length > 0) await journal.settle()
    for (const { handover, act, log_from: from } of rows) {
      const index = await journal.find(
        (entry) => entry.kind === 'handover' && entry.handover === handover && entry.says === act,
        from,
      )
      if (index === null) await dropHandoverAct(db, { handover, act })
      else await noteHandoverLogged(db, { handover, act }, index)
    }
  }

  const fresh = (account: Officer) => ({ account: account.id, at: now(), salt: randomBytes(16) })

  return {
    write: (account, note) =>
      inTurn(async () => {
        await settle()
        const shift = await shiftOf(db, account.id)
        const decision = decideHandingOver({ roles: account.roles, shift }, now())
        if (decision.kind === 'refuse') return problem(decision.code, decision.detail)
        if (shift === null) throw new Error('who may hand over has a shift')
        const row = {
          id: newId(),
          lane: shift.lane,
          note,
          referrals: [...(await openReferralsOf(db, shift.lane, limits.handoverReferralsMax))],
          terms_salt: randomBytes(16),
        }
        const by = fresh(account)
        await insertHandover(db, row, { ...by, log_from: journal.size(), log_index: null })
        const done = await log(row, 'written', by)
        if (done.kind === 'done') await endShift(db, account.id, now())
        return done
      }),
    take: (account, handover) =>
      inTurn(async () => {
        await settle()
        const row = await handoverById(db, handover)
        if (row === null) return problem('not_found', 'There is no such hand-over.')
        const decision = decideTaking(
          account,
          row.acts.map(({ act }) => act),
        )
        if (decision.kind === 'refuse') return problem(decision.code, decision.detail)
        const by = fresh(account)
        const act = { ...by, handover, log_from: journal.size(), log_index: null }
        if (!(await insertTaking(db, act)))
          return problem('handover_over', 'Somebody took it over at this moment.')
        const done = await log(row, 'taken', by)
        if (done.kind === 'done')
          await startShift(db, { account: account.id, lane: row.lane, started_at: by.at })
        return done
      }),
    recover: () => inTurn(settle),
    upkeep: () => sweepHandovers(db, new Date(now().getTime() - limits.handoverDays * 86_400_000)),
  }
}
