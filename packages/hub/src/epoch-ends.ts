/**
 * Epochs that end. Once nothing more can come of a day, its identity is destroyed: what was stored is
 * under KEKs, and copies that somebody took of a lane's disk or of the network stay closed for ever.
 */

import { createHash, randomBytes } from 'node:crypto'

import { decideEpochEnd, type DeviceOfDay, type EpochEnd } from '@sallyport/core/epoch-end'
import { commit } from '@sallyport/proof/entry'
import { epochDay } from '@sallyport/proof/epoch'
import {
  devicesClosing,
  type EpochEndRow,
  epochEnds,
  insertEpochEnd,
  insertRestLost,
  noteEpochEnd,
  noteRestLost,
  restLostBy,
} from '@sallyport/store/epoch-ends'
import type { Db } from '@sallyport/store/postgres/database'

import type { EpochKeys } from './epoch-keys.ts'
import type { Journal } from './journal.ts'
import type { KekDesk } from './keystore/kek-desk.ts'
import { rewrapOldHeaders } from './keystore/old-headers.ts'
import { limits } from './limits.ts'
import { type Problem, problem } from './problems.ts'

export type EpochEnded = Pick<EpochEndRow, 'how' | 'at'>

export type OpenEpoch = {
  readonly day: string
  readonly recipient: string
  readonly end: EpochEnd
  readonly declaredLostBy: number
}

export type EpochEnds = {
  /** How the epoch of a day ended; null when it did not, or another recipient was announced for it. */
  of(day: string, recipient: string): EpochEnded | null
  /** The days whose identity is here, with what each waits for. */
  open(): Promise<readonly OpenEpoch[]>
  /**
   * One person declares that what has not come of a day is lost; with the second, it is destroyed.
   * Answers how many have.
   */
  declareLost(
    day: string,
    account: string,
  ): Promise<{ readonly kind: 'declared'; readonly by: number } | Problem>
  /** Destroys what nothing more can come of. Answers the days. Throws what disk, rows or log say. */
  upkeep(): Promise<readonly EpochEndRow[]>
}

type Context = {
  readonly db: Db
  readonly journal: Pick<Journal, 'append'>
  readonly epochs: EpochKeys
  readonly keks: KekDesk
  readonly port: { readonly id: string }
  readonly now: () => Date
  /** Milliseconds of a clock that nobody sets. */
  readonly steady?: () => number
  readonly report: (message: string) => void
}

/** `rows` are those of the port's epochs that ended before. */
export function createEpochEnds(context: Context, rows: readonly EpochEndRow[]): EpochEnds {
  const { db, journal, epochs, port, now, report, steady = () => performance.now() } = context
  const ended = new Map(rows.map((row) => [`${row.day} ${row.recipient}`, row]))
  let turn: Promise<unknown> = Promise.resolve()
  /** What both clocks said at the look before: the wall's can be set, the other cannot. */
  let seen = { wall: now().getTime(), steady: steady() }
  let jumped = false

  /**
   * True once the wall clock went forward by more than the time that passed, until the hub is started
   * again: a clock that somebody set weeks ahead must not destroy what lanes still seal to.
   */
  function clockJumped(): boolean {
    const here = { wall: now().getTime(), steady: steady() }
    const aheadMs = here.wall - seen.wall - (here.steady - seen.steady)
    seen = here
    if (aheadMs > limits.clockJumpMsMax && !jumped) {
      jumped = true
      report(
        `epochs: the clock went ${Math.round(aheadMs / 3_600_000)} hours forward while the hub ran. No key is destroyed for its age until the hub is started again; set the clock right first.`,
      )
    }
    return jumped
  }

  /** Upkeep and people come from two sides; a day is destroyed once. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work)
    turn = mine.catch(() => undefined)
    return mine
  }

  async function open(): Promise<readonly OpenEpoch[]> {
    const devices = await devicesClosing(db, port.id)
    const lostBy = await restLostBy(db, port.id)
    const today = epochDay(now())
    return (await epochs.kept()).map(({ day, recipient }) => {
      const declaredLostBy = lostBy.get(day) ?? []
      const ofDay = devices
        // Enrolled later, a device was never told of this day's recipient.
        .filter(({ enrolledAt }) => epochDay(enrolledAt) <= day)
        .map(({ device, through, missing }): DeviceOfDay => {
          const closed = through !== null && through >= day ? { missing } : null
          return { device, closed }
        })
      const end = decideEpochEnd({ day, today, devices: ofDay, declaredLostBy })
      return { day, recipient, end, declaredLostBy: declaredLostBy.length }
    })
  }

  /** Row, log entry, and only then the key. Each step is taken again after a crash. */
  async function finish(row: EpochEndRow): Promise<void> {
    const { day, recipient, how, at } = row
    if (row.log_index === null) {
      const recipient_sha256 = createHash('sha256').update(recipient).digest('hex')
      const log_index = await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'epoch_destroyed',
        port: port.id,
        day,
        recipient_sha256,
        how,
      })
      await noteEpochEnd(db, row, { log_index })
    }
    ended.set(`${day} ${recipient}`, row)
    await epochs.destroy(day)
    await noteEpochEnd(db, row, { erased_at: now() })
  }

  async function upkeep(): Promise<readonly EpochEndRow[]> {
    const distrusted = clockJumped()
    for (const { day, recipient, end } of await open()) {
      if (end.kind !== 'destroy' || (end.how === 'expired' && distrusted)) continue
      // What a hub of before left under it would be lost with it.
      await rewrapOldHeaders(context, AbortSignal.timeout(60_000), day)
      await insertEpochEnd(db, { port: port.id, day, recipient, how: end.how, at: now() })
    }
    const unfinished = (await epochEnds(db, port.id)).filter(({ erased_at }) => erased_at === null)
    for (const row of unfinished) await finish(row)
    return unfinished
  }

  return {
    of: (day, recipient) => ended.get(`${day} ${recipient}`) ?? null,
    open,
    upkeep: () => inTurn(upkeep),
    declareLost: (day, account) =>
      inTurn(async () => {
        const here = (await epochs.kept()).some((one) => one.day === day)
        if (!here || day >= epochDay(now()))
          return problem(
            'epoch_not_over',
            `There is no key of ${day} that could be given up: the day is not over, or its key was destroyed.`,
          )
        const at = now()
        const declared = await insertRestLost(db, {
          port: port.id,
          day,
          account,
          at,
          commitment_salt: randomBytes(16),
        })
        if (declared.logIndex === null) {
          const by = commit(declared.salt, account)
          const index = await journal.append({
            v: 1,
            at: at.toISOString(),
            kind: 'epoch_rest_lost',
            port: port.id,
            day,
            by,
          })
          await noteRestLost(db, { port: port.id, day, account }, index)
        }
        await upkeep()
        return { kind: 'declared', by: (await restLostBy(db, port.id)).get(day)?.length ?? 0 }
      }),
  }
}
