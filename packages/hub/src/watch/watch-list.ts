/**
 * The watch list of a running hub. Arriving crossings are compared in memory; what matches is stored
 * with their rows, so that a crash loses neither, and is told once the log has it.
 */

import { randomBytes } from 'node:crypto'

import { type Candidate, candidatesOf, WatchIndex, type WatchMatch } from '@sallyport/core/watch'
import { commit } from '@sallyport/proof/entry'
import { committedMatch } from '@sallyport/proof/watch-entry'
import type { Db } from '@sallyport/store/postgres/database'
import { watchEntriesInForce } from '@sallyport/store/watch-entries'
import {
  effectiveVerdicts,
  type HitWriter,
  insertWatchHits,
  type NewWatchHit,
  noteHitLogged,
  type UnloggedHit,
  unloggedHits,
  watchHitById,
} from '@sallyport/store/watch-hits'

import type { Events } from '../events.ts'
import { newId } from '../ids.ts'
import type { CheckedBundle } from '../intake/check.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { reportWords } from '../report-words.ts'
import { createTeller } from '../teller.ts'
import { createTurn, type Turn } from '../turns.ts'
import { hitViews } from './views.ts'

export type WatchContext = {
  readonly db: Db
  readonly journal: Journal
  readonly events: Events
  readonly now: () => Date
  readonly report: (message: string) => void
}

export type WatchList = {
  /** The entries in force; changed only after the log has the change. */
  readonly index: WatchIndex
  /** Changes of the list go one after the other: two could both pass the check for their like. */
  readonly inTurn: Turn
  /** Stores what arriving crossings match, in the transaction that stores them. */
  keep(transaction: HitWriter, accepted: readonly CheckedBundle[]): Promise<void>
  /** Compares what a person said of a plate, where the verdict on it changed. Never throws. */
  reconsider(crossing: string): void
  /** Logs and tells of what was kept, soon. Never throws; what fails is tried again by `upkeep`. */
  announce(): void
  /** Finishes what a crash left; call before serving. A log that cannot be written is reported. */
  recover(): Promise<void>
  /** Logs and tells of whatever waits; forgets what expired. */
  upkeep(): Promise<void>
  /** Waits for what was begun. */
  drain(): Promise<void>
}

/** Reads the entries in force. */
export async function openWatchList(context: WatchContext): Promise<WatchList> {
  const { db, now, report } = context
  const index = new WatchIndex()
  for (const entry of await watchEntriesInForce(db, now())) index.add(entry)
  const teller = createTeller('watch', () => settle(context), report)
  let matching: Promise<void> = Promise.resolve()

  async function drain(): Promise<void> {
    await matching
    await teller.drain()
  }

  /** Verdicts that hold are compared like reads: whether they matched before makes no difference. */
  async function keepVerdicts(which: Parameters<typeof effectiveVerdicts>[1]): Promise<void> {
    const at = now()
    const hits = (await effectiveVerdicts(db, which)).flatMap((verdict) => {
      const { text, jurisdiction: code } = verdict
      const candidates: readonly Candidate[] = [{ text, basis: 'verdict' }]
      return index
        .match(candidates, code === null ? null : { code, confidence: 1 }, at)
        .map((match) => newHit(match, verdict, at))
    })
    await insertWatchHits(db, hits)
    if (hits.length > 0) teller.tell()
  }

  return {
    index,
    inTurn: createTurn(),
    async keep(transaction, accepted) {
      if (index.size === 0) return
      const hits = accepted.flatMap((one) => hitsOf(one, index))
      await insertWatchHits(transaction, hits)
      if (hits.length > 0) teller.stored()
    },
    reconsider(crossing) {
      if (index.size === 0) return
      matching = matching
        .then(() => keepVerdicts({ crossing }))
        .catch((error: unknown) => report(`watch: ${reportWords(error)}`))
    },
    announce: () => teller.announce(),
    async upkeep() {
      index.dropExpired(now())
      await teller.upkeep()
    },
    async recover() {
      await keepVerdicts({
        since: new Date(now().getTime() - limits.watchVerdictHours * 3_600_000),
      })
      await teller.upkeep()
    },
    drain,
  }
}

/** The hub's clock at receipt decides whether an entry was in force. */
function hitsOf(
  { bundle, receivedAt, device, reads }: CheckedBundle,
  index: WatchIndex,
): readonly NewWatchHit[] {
  if (reads === null) return []
  const read = reads.plate.kind === 'unreadable' ? null : reads.plate.jurisdiction
  const crossing = { crossing: bundle.manifest.crossing, receivedAt, lane: device.lane }
  return index
    .match(candidatesOf(reads), read, receivedAt)
    .map((match) => newHit(match, crossing, receivedAt))
}

function newHit(
  { entry, text, basis, positions, jurisdiction }: WatchMatch,
  of: { readonly crossing: string; readonly receivedAt: Date; readonly lane: string },
  at: Date,
): NewWatchHit {
  return {
    id: newId(),
    entry,
    crossing: of.crossing,
    received_at: of.receivedAt,
    lane: of.lane,
    at,
    basis,
    text,
    positions: [...positions],
    jurisdiction,
    commitment_salt: randomBytes(16),
  }
}

/** The entry first, then the row says so, then people hear of it. */
async function settle(context: WatchContext): Promise<void> {
  for (;;) {
    const hits = await unloggedHits(context.db, limits.watchSettleMax)
    await Promise.all(hits.map((hit) => logHit(hit, context)))
    if (hits.length < limits.watchSettleMax) return
  }
}

async function logHit(hit: UnloggedHit, { db, journal, events, now }: WatchContext): Promise<void> {
  const index = await journal.append({
    v: 1,
    at: now().toISOString(),
    kind: 'watch_hit',
    hit: hit.id,
    match: commit(hit.commitment_salt, committedMatch(hit.entry, hit.crossing)),
  })
  await noteHitLogged(db, hit.id, index)
  const row = await watchHitById(db, hit.id)
  if (row === null) throw new Error('a logged hit is there')
  for (const view of await hitViews([row], db, now())) events.publish('watch_hit', view)
}
