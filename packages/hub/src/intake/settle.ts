/** Finishes what a failure or a crash left between a crossing's row and its log entry. */

import type { LogEntry } from '@sallyport/proof/entry'
import {
  crossingWithBodies,
  highestKnownLogIndex,
  type LoggedCrossing,
  noteLogged,
  type UnloggedCrossing,
  unloggedCrossings,
} from '@sallyport/store/intake'
import type { Db } from '@sallyport/store/postgres/database'

import type { Journal } from '../journal.ts'

/**
 * Gives stored crossings their log entry: the one that is already there when the failure fell after
 * the append, else a new one. Returns how many there were.
 */
export async function settleAll({
  db,
  journal,
}: {
  readonly db: Db
  readonly journal: Journal
}): Promise<number> {
  const unlogged = await unloggedCrossings(db)
  if (unlogged.length === 0) return 0
  await journal.settle()
  const from = (await highestKnownLogIndex(db)) + 1
  const logged: LoggedCrossing[] = []
  for (const one of unlogged) {
    const found = await journal.findCrossing(one.crossing, from)
    const logIndex = found ?? (await journal.append(await storedEntry(db, one)))
    logged.push({ ...one, logIndex })
  }
  // All at once: who follows the crossings by their place in the log must not pass a lower one.
  await noteLogged(db, logged)
  return unlogged.length
}

async function storedEntry(db: Db, { crossing }: UnloggedCrossing): Promise<LogEntry> {
  const stored = await crossingWithBodies(db, crossing)
  if (stored === null)
    throw new Error(`intake names crossing ${crossing}, which has no row: run sallyport fsck`)
  return {
    v: 1,
    at: stored.crossing.received_at.toISOString(),
    kind: 'crossing',
    crossing,
    manifest_sha256: stored.crossing.manifest_sha256.toString('hex'),
    bodies: stored.captures.map((capture) => ({
      class: capture.class,
      sha256: capture.sha256.toString('hex'),
    })),
  }
}
