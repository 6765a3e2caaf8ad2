/**
 * Group commit of arriving crossings. Bundles that wait together share one segment write, one
 * transaction and one batch of log entries; each is acknowledged when all three are durable.
 */

import type { LogEntry } from '@sallyport/proof/entry'
import {
  crossingWithBodies,
  highestKnownLogIndex,
  insertCrossings,
  type LoggedCrossing,
  noteLogged,
  type UnloggedCrossing,
  unloggedCrossings,
  viewForIntake,
} from '@sallyport/store/intake'
import type { Db } from '@sallyport/store/postgres/database'
import type { Vault } from '@sallyport/store/vault/segments'

import type { Alarms } from '../alarms.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import type { CheckedBundle } from './check.ts'
import { type BatchPlan, type Judged, planBatch, rowsOf } from './plan.ts'
import { alarmsOf } from './trouble.ts'

export type Acknowledgement = {
  readonly kind: 'accepted' | 'duplicate'
  readonly crossing: string
  readonly sequence: number
  readonly logIndex: number
}

export type Intake = {
  submit(checked: CheckedBundle): Promise<Acknowledgement | Problem>
  /** Finishes what a crash left between row and log. Call once before serving. */
  recover(): Promise<number>
  /** Waits for what was submitted. */
  drain(): Promise<void>
}

type Waiting = {
  readonly checked: CheckedBundle
  readonly resolve: (result: Acknowledgement | Problem) => void
}

export type IntakeContext = {
  readonly db: Db
  readonly vault: Vault
  readonly journal: Journal
  readonly alarms: Alarms
  readonly now: () => Date
  readonly report: (message: string) => void
  /** Told of every new crossing once it is acknowledged. */
  readonly accepted: (crossings: readonly string[]) => void
}

export function createIntake(context: IntakeContext): Intake {
  const waiting: Waiting[] = []
  let waitingBytes = 0
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = takeBatch()
      try {
        await commitBatch(batch, context)
      } catch (error) {
        context.report(`intake: ${error instanceof Error ? error.message : String(error)}`)
        const answer = problem(
          'not_durable',
          'The hub could not store the crossing durably. Keep it and send it again.',
        )
        for (const { resolve } of batch) resolve(answer)
      }
    }
  }

  function takeBatch(): readonly Waiting[] {
    let bytes = 0
    let count = 0
    while (count < waiting.length && count < limits.intakeBatchMax) {
      bytes += waiting[count]?.checked.bytes ?? 0
      if (count > 0 && bytes > limits.intakeBatchBytesMax) break
      count += 1
    }
    const batch = waiting.splice(0, count)
    waitingBytes -= batch.reduce((sum, { checked }) => sum + checked.bytes, 0)
    return batch
  }

  return {
    submit(checked) {
      if (
        waiting.length >= limits.intakeQueueMax ||
        waitingBytes + checked.bytes > limits.intakeQueueBytesMax
      ) {
        return Promise.resolve(
          problem('busy', 'Too many crossings wait for the disk. Send this one again shortly.'),
        )
      }
      return new Promise((resolve) => {
        waiting.push({ checked, resolve })
        waitingBytes += checked.bytes
        running ??= run().finally(() => (running = null))
      })
    },
    async recover() {
      const unlogged = await unloggedCrossings(context.db)
      await settle(unlogged, context)
      return unlogged.length
    },
    async drain() {
      while (running !== null) await running
    },
  }
}

async function commitBatch(batch: readonly Waiting[], context: IntakeContext): Promise<void> {
  const { db, journal } = context
  const bundles = batch.map(({ checked }) => checked)
  const plan = await storeBatch(bundles, context)
  const entries = plan.accepted.map((checked) => journal.append(entryOf(checked)))
  const indexes = await Promise.all(entries)
  await noteLogged(
    db,
    plan.accepted.map(({ bundle, receivedAt }, index): LoggedCrossing => ({
      crossing: bundle.manifest.crossing,
      receivedAt,
      device: bundle.manifest.device,
      sequence: bundle.manifest.sequence,
      logIndex: indexes[index] ?? -1,
    })),
  )
  const logged = new Map(
    plan.accepted.map(({ bundle }, index) => [bundle.manifest.crossing, indexes[index] ?? -1]),
  )
  for (const [index, judged] of plan.judged.entries()) {
    batch[index]?.resolve(await resultOf(judged, logged, context))
  }
  context.accepted(
    plan.accepted
      .filter(({ bundle }) => bundle.manifest.kind === 'crossing')
      .map(({ bundle }) => bundle.manifest.crossing),
  )
  for (const judged of plan.judged) {
    for (const { kind, detail } of alarmsOf(judged)) {
      await context.alarms.raise(
        kind,
        { device: judged.checked.device.id, lane: judged.checked.device.lane },
        detail,
      )
    }
  }
}

/** Bodies and rows, in one transaction that holds the devices' rows. */
function storeBatch(
  bundles: readonly CheckedBundle[],
  { db, vault }: IntakeContext,
): Promise<BatchPlan> {
  return db.transaction().execute(async (transaction) => {
    const view = await viewForIntake(
      transaction,
      bundles.map(({ bundle }) => bundle.manifest),
    )
    const plan = planBatch(bundles, view)
    const sealed = plan.accepted.flatMap(({ bundle }) =>
      bundle.bodies.map(({ body }, index) => ({
        sha256: Buffer.from(bundle.manifest.bodies[index]?.sha256 ?? '', 'hex'),
        body,
      })),
    )
    // Bodies first: a row must never point at bytes that are not on the disk.
    const places = [...(await vault.append(sealed))]
    const rows = plan.accepted.map((checked) =>
      rowsOf(checked, places.splice(0, checked.bundle.bodies.length)),
    )
    const sources = new Map(
      plan.accepted.flatMap(({ device, reads }) =>
        reads === null ? [] : [[device.id, reads.source] as const],
      ),
    )
    await insertCrossings(transaction, rows, plan.cursors, sources)
    return plan
  })
}

function entryOf({ bundle, manifestSha256, receivedAt }: CheckedBundle): LogEntry {
  const { manifest } = bundle
  return {
    v: 1,
    at: receivedAt.toISOString(),
    kind: 'crossing',
    crossing: manifest.crossing,
    manifest_sha256: manifestSha256,
    bodies: manifest.bodies.map((body) => ({ class: body.class, sha256: body.sha256 })),
  }
}

async function resultOf(
  { checked, verdict, before }: Judged,
  logged: ReadonlyMap<string, number>,
  context: IntakeContext,
): Promise<Acknowledgement | Problem> {
  const { crossing, sequence, device } = checked.bundle.manifest
  switch (verdict.kind) {
    case 'conflict':
      return problem(
        'sequence_conflict',
        `Sequence ${sequence} of this device is another crossing.`,
      )
    case 'duplicate': {
      // The first copy may stand in this very batch, or its log entry may have failed before.
      const first = before?.crossing ?? crossing
      let logIndex = logged.get(first) ?? before?.logIndex ?? null
      if (logIndex === null) {
        const stored = await crossingWithBodies(context.db, first)
        if (stored === null) throw new Error('an accepted sequence has its crossing')
        const unlogged = {
          crossing: first,
          receivedAt: stored.crossing.received_at,
          device,
          sequence,
        }
        logIndex = (await settle([unlogged], context))[0] ?? null
      }
      if (logIndex === null)
        return problem('not_durable', 'The log has not taken this crossing yet. Send it again.')
      return { kind: 'duplicate', crossing: first, sequence, logIndex }
    }
    case 'next':
    case 'after_gap':
    case 'chain_broken':
    case 'late':
      return { kind: 'accepted', crossing, sequence, logIndex: logged.get(crossing) ?? -1 }
  }
}

/**
 * Gives stored crossings their log entry: the one that is already there when the crash fell after
 * the append, else a new one. Returns the indexes in order.
 */
async function settle(
  unlogged: readonly UnloggedCrossing[],
  { db, journal }: IntakeContext,
): Promise<readonly number[]> {
  if (unlogged.length === 0) return []
  const from = (await highestKnownLogIndex(db)) + 1
  const indexes: number[] = []
  for (const one of unlogged) {
    const found = await journal.findCrossing(one.crossing, from)
    const logIndex = found ?? (await journal.append(await storedEntry(db, one)))
    await noteLogged(db, [{ ...one, logIndex }])
    indexes.push(logIndex)
  }
  return indexes
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
