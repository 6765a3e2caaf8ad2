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

import type { EpochKeys, EpochRotation } from './epoch-keys.ts'
import { replacedBy } from './epoch-rotations.ts'
import type { HubClock } from './hub-clock.ts'
import type { Journal } from './journal.ts'
import type { KekDesk } from './keystore/kek-desk.ts'
import { rewrapOldHeaders } from './keystore/old-headers.ts'
import { type Problem, problem } from './problems.ts'
import { createTurn } from './turns.ts'

export type EpochEnded = Pick<EpochEndRow, 'how' | 'at'>

export type OpenEpoch = {
  readonly day: string
  readonly recipient: string
  readonly rotation: string | null
  readonly end: EpochEnd
  readonly declaredLostBy: number
  /** Another identity is announced in its place. */
  readonly rotatedOut: boolean
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
  /** Destroys what a rotation replaced: nothing that was sealed to it opens any more. */
  destroyReplaced(rotation: EpochRotation): Promise<void>
}

type Context = {
  readonly db: Db
  readonly journal: Pick<Journal, 'append'>
  readonly epochs: EpochKeys
  readonly keks: KekDesk
  readonly port: { readonly id: string }
  readonly clock: Pick<HubClock, 'doubt'>
  readonly now: () => Date
  readonly report: (message: string) => void
}

/** `rows` are those of the port's epochs that ended before. */
export function createEpochEnds(context: Context, rows: readonly EpochEndRow[]): EpochEnds {
  const { db, journal, epochs, port, now, clock } = context
  const ended = new Map(rows.map((row) => [`${row.day} ${row.recipient}`, row]))
  /** Upkeep and people come from two sides; a day is destroyed once. */
  const inTurn = createTurn()

  async function open(): Promise<readonly OpenEpoch[]> {
    const devices = await devicesClosing(db, port.id)
    const lostBy = await restLostBy(db, port.id)
    const today = epochDay(now())
    return (await epochs.kept()).map(({ day, recipient, rotation }) => {
      const declaredLostBy = lostBy.get(day) ?? []
      const ofDay = devices
        // Enrolled later, a device was never told of this day's recipient; enrolled in days to come, it
        // was while the hub's clock was ahead, and may have been told of any.
        .filter(({ enrolledAt }) => epochDay(enrolledAt) <= day || enrolledAt > now())
        .map(({ device, lane, through, missing }): DeviceOfDay => {
          const closed = through !== null && through >= day ? { missing } : null
          return { device, lane, closed }
        })
      const end = decideEpochEnd({ day, today, devices: ofDay, declaredLostBy })
      const rotatedOut = rotation !== epochs.currentOf(day)
      return { day, recipient, rotation, rotatedOut, end, declaredLostBy: declaredLostBy.length }
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
    await epochs.destroy({ day, rotation: row.rotation })
    await noteEpochEnd(db, row, { erased_at: now() })
  }

  async function upkeep(): Promise<readonly EpochEndRow[]> {
    const over = clock.doubt() === null ? await open() : []
    for (const { day, recipient, rotation, end } of over) {
      if (end.kind !== 'destroy') continue
      await beginEnd({ day, recipient, rotation, how: end.how })
    }
    return finishAll()
  }

  async function beginEnd(
    end: Pick<EpochEndRow, 'day' | 'recipient' | 'rotation' | 'how'>,
  ): Promise<void> {
    // What a hub of before left under it would be lost with it.
    await rewrapOldHeaders(context, AbortSignal.timeout(60_000), end.day)
    await insertEpochEnd(db, { port: port.id, ...end, at: now() })
  }

  async function finishAll(): Promise<readonly EpochEndRow[]> {
    const unfinished = (await epochEnds(db, port.id)).filter(({ erased_at }) => erased_at === null)
    for (const row of unfinished) await finish(row)
    return unfinished
  }

  return {
    of: (day, recipient) => ended.get(`${day} ${recipient}`) ?? null,
    open,
    upkeep: () => inTurn(upkeep),
    destroyReplaced: (rotation) =>
      inTurn(async () => {
        for (const { day, recipient, rotation: madeBy } of await replacedBy(rotation, epochs))
          await beginEnd({ day, recipient, rotation: madeBy, how: 'rotated_out' })
        await finishAll()
      }),
    declareLost: (day, account) =>
      inTurn(async () => {
        if (clock.doubt() !== null)
          return problem(
            'clock_doubted',
            'Nobody has said yet that the clock of the hub is right, so no day is over for it. Confirm it first.',
          )
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
