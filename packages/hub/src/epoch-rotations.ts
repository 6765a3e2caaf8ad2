/**
 * Identities that replace all of a port's at once, when a lane's computer or the hub is suspected. Lanes
 * never go back to what was announced before; what they sealed to it opens until it is destroyed.
 */

import { type RotationState, rotationState } from '@sallyport/core/epoch-rotation'
import type { LogEntry } from '@sallyport/proof/entry'
import { epochDay } from '@sallyport/proof/epoch'
import type { EpochEndRow } from '@sallyport/store/epoch-ends'
import {
  devicesHolding,
  ensureRotation,
  type EpochRotationRow,
  epochRotations,
  noteRotationLogged,
} from '@sallyport/store/epoch-rotations'
import type { Db } from '@sallyport/store/postgres/database'

import type { EpochHistory, EpochKeys, EpochRotation, KeptEpoch } from './epoch-keys.ts'
import type { Journal } from './journal.ts'
import { limits } from './limits.ts'

type Context = {
  readonly db: Db
  readonly journal: Pick<Journal, 'append' | 'find' | 'settle' | 'size'>
  readonly epochs: Pick<EpochKeys, 'rotate' | 'kept' | 'currentOf'>
  readonly port: { readonly id: string }
}

/** What the rows of a port say of its identities, for opening them. */
export function epochHistory(
  ends: readonly EpochEndRow[],
  rotations: readonly EpochRotationRow[],
): EpochHistory {
  return {
    rotations: rotations.map(rotationOf),
    destroyed: ends.map(({ day, rotation }) => ({ day, rotation })),
    over: ends.flatMap(({ day, how }) => (how === 'rotated_out' ? [] : [day])),
  }
}

function rotationOf({ id, rotated_at, from_day }: EpochRotationRow): EpochRotation {
  return { id, rotatedAt: rotated_at, fromDay: from_day }
}

/**
 * Replaces the identities of today and of every day to come; after midnight those of the day before too,
 * while lanes may still seal to it. Row, log entry, and only then the keys; done again it changes nothing.
 */
export async function rotateEpochs(
  { id, at, why }: Pick<EpochRotationRow, 'id' | 'why'> & { readonly at: Date },
  { db, journal, epochs, port }: Context,
): Promise<void> {
  const row = await ensureRotation(db, {
    id,
    port: port.id,
    at,
    from_day: epochDay(new Date(at.getTime() - limits.epochOverlapMs)),
    why,
    log_from: journal.size(),
  })
  if (row.log_index === null) {
    await journal.settle()
    const isIts = (entry: LogEntry) => entry.kind === 'epochs_rotated' && entry.rotation === row.id
    const logIndex =
      (await journal.find(isIts, row.log_from)) ??
      (await journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'epochs_rotated',
        port: port.id,
        rotation: row.id,
        rotated_at: row.rotated_at.toISOString(),
        from: row.from_day,
        why: row.why,
      }))
    await noteRotationLogged(db, row.id, logIndex)
  }
  await epochs.rotate(rotationOf(row))
}

/** The rotation that a step made; null where it has not yet. */
export async function rotationById(
  id: string,
  { db, port }: Pick<Context, 'db' | 'port'>,
): Promise<EpochRotation | null> {
  const row = (await epochRotations(db, port.id)).find((one) => one.id === id)
  return row === undefined ? null : rotationOf(row)
}

/** The identities that a rotation, or one before it, took out of use and that are here still. */
export async function replacedBy(
  { id, fromDay }: EpochRotation,
  epochs: Pick<EpochKeys, 'kept' | 'currentOf' | 'isBefore'>,
): Promise<readonly KeptEpoch[]> {
  return (await epochs.kept()).filter(
    ({ day, rotation }) =>
      day >= fromDay && rotation !== epochs.currentOf(day) && epochs.isBefore(rotation, id),
  )
}

/** How far the devices of the port have followed. */
export async function rotationFollowed(
  { rotatedAt }: EpochRotation,
  { db, port }: Pick<Context, 'db' | 'port'>,
): Promise<RotationState> {
  const devices = await devicesHolding(db, port.id)
  return rotationState(
    rotatedAt,
    devices
      // Enrolled later, a device was never told of what was announced before.
      .filter(({ enrolledAt }) => enrolledAt < rotatedAt)
      .map(({ device, lane, said }) => ({
        device,
        lane,
        said:
          said === null
            ? null
            : {
                rotatedAt: said.rotated_at,
                missing: said.missing,
                verdicts: said.earlier_verdicts,
              },
      })),
  )
}
