/**
 * Group commit of arriving crossings. Bundles that wait together share one segment write, one
 * transaction and one batch of log entries; each is acknowledged when all three are durable.
 */

import type { LogEntry } from '@sallyport/proof/entry'
import { type LoggedCrossing, noteLogged } from '@sallyport/store/intake'
import { type Db, isRowRefused } from '@sallyport/store/postgres/database'
import type { Vault } from '@sallyport/store/vault/segments'

import type { Alarms } from '../alarms.ts'
import type { Deliveries } from '../delivery/deliveries.ts'
import type { Faces } from '../faces/faces.ts'
import type { Journal } from '../journal.ts'
import type { KekDesk } from '../keystore/kek-desk.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import { reportWords } from '../report-words.ts'
import { createTurn } from '../turns.ts'
import type { WatchList } from '../watch/watch-list.ts'
import { type Arrivals, createArrivals } from './arrivals.ts'
import type { CheckedBundle } from './check.ts'
import type { Origins } from './origins.ts'
import type { Judged, Sampling } from './plan.ts'
import { settleAll } from './settle.ts'
import { storeBatch } from './store-batch.ts'
import { alarmsOf, revokedProblem } from './trouble.ts'

export type Acknowledgement = {
  readonly kind: 'accepted' | 'duplicate'
  readonly crossing: string
  readonly sequence: number
  readonly logIndex: number
}

export type Intake = {
  /** Bundles being received or checked: a batch waits a moment for them. */
  readonly arrivals: Arrivals
  submit(checked: CheckedBundle): Promise<Acknowledgement | Problem>
  /** Finishes what a crash left between row and log. Call once before serving. */
  recover(): Promise<number>
  /** Runs `act` while no bundle is being stored; those that come wait. */
  paused<T>(act: () => Promise<T>): Promise<T>
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
  readonly origins: Origins
  readonly watch: Pick<WatchList, 'keep'>
  readonly faces: Pick<Faces, 'keep'>
  readonly deliveries: Pick<Deliveries, 'queueCrossings'>
  readonly keks: { readonly keystore: Pick<KekDesk['keystore'], 'stateOf'> }
  /** Which sure reads are shown to a person all the same. */
  readonly sampling: Sampling
  readonly now: () => Date
  readonly report: (message: string) => void
  /** Told of every new crossing once it is acknowledged. */
  readonly accepted: (crossings: readonly string[]) => void
}

export function createIntake(context: IntakeContext): Intake {
  const waiting: Waiting[] = []
  const arrivals = createArrivals()
  let waitingBytes = 0
  let running: Promise<void> | null = null
  /**
   * True while a batch may be stored without its log entries being noted. No other batch may pass
   * then: settling looks for entries beyond the highest index that rows know.
   */
  let unsettled = false

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      // Senders that were answered together come again together: without this the first of them
      // would hold the disk alone and the others wait for two commits instead of one.
      await arrivals.settled(limits.intakeGatherMs)
      const batch = takeBatch()
      try {
        await commit(batch)
      } catch (error) {
        // One crossing that no row can hold must not keep the others of its batch out.
        if (batch.length > 1 && isRowRefused(error)) for (const one of batch) await commitAlone(one)
        else refuseBatch(batch, error)
      }
    }
  }

  /** One at a time: a batch, or what must not happen while one is stored. */
  const alone = createTurn()

  function commit(batch: readonly Waiting[]): Promise<void> {
    return alone(() => commitFresh(batch.filter((one) => !isStale(one))))
  }

  /** A key that was destroyed since the bundle was checked would make a row that never opens. */
  function isStale({ checked, resolve }: Waiting): boolean {
    const { keystore } = context.keks
    if (checked.stored.every(({ kek }) => keystore.stateOf(kek) === 'present')) return false
    resolve(problem('not_durable', 'The key of this bundle was replaced meanwhile. Send it again.'))
    return true
  }

  async function commitFresh(batch: readonly Waiting[]): Promise<void> {
    if (batch.length === 0) return
    if (unsettled) await settleAll(context)
    unsettled = true
    const finish = await commitBatch(batch, context)
    unsettled = false
    await finish()
  }

  async function commitAlone(one: Waiting): Promise<void> {
    await commit([one]).catch((error: unknown) => refuseBatch([one], error))
  }

  function refuseBatch(batch: readonly Waiting[], error: unknown): void {
    context.report(`intake: ${reportWords(error)}`)
    const answer = isRowRefused(error)
      ? problem('malformed_manifest', 'The hub has no row for what this crossing says.')
      : problem(
          'not_durable',
          'The hub could not store the crossing durably. Keep it and send it again.',
        )
    for (const { resolve } of batch) resolve(answer)
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
    arrivals,
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
    recover: () => settleAll(context),
    paused: alone,
    async drain() {
      while (running !== null) await running
    },
  }
}

/** Stores and logs a batch; the function it returns tells those who wait. */
async function commitBatch(
  batch: readonly Waiting[],
  context: IntakeContext,
): Promise<() => Promise<void>> {
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
  return async () => {
    // Before the answer: a device that was acknowledged does not come again to raise it.
    for (const judged of plan.judged) {
      if (judged.verdict.kind === 'revoked') context.origins.forget(judged.checked.device.id)
      for (const { kind, detail } of alarmsOf(judged)) {
        await context.alarms.raise(
          kind,
          { device: judged.checked.device.id, lane: judged.checked.device.lane },
          detail,
        )
      }
    }
    for (const [index, judged] of plan.judged.entries()) {
      batch[index]?.resolve(resultOf(judged, logged))
    }
    context.accepted(
      plan.accepted
        .filter(({ bundle }) => bundle.manifest.kind === 'crossing')
        .map(({ bundle }) => bundle.manifest.crossing),
    )
  }
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

function resultOf(
  { checked, verdict, before }: Judged,
  logged: ReadonlyMap<string, number>,
): Acknowledgement | Problem {
  const { crossing, sequence } = checked.bundle.manifest
  switch (verdict.kind) {
    case 'conflict':
      return problem(
        'sequence_conflict',
        `Sequence ${sequence} of this device is another crossing.`,
      )
    case 'revoked':
      return revokedProblem(verdict.at)
    case 'duplicate': {
      const first = before?.crossing ?? crossing
      // The first copy may stand in this very batch.
      const logIndex = before?.logIndex ?? logged.get(first)
      if (logIndex === undefined) throw new Error('what was accepted before is settled')
      return { kind: 'duplicate', crossing: first, sequence, logIndex }
    }
    case 'next':
    case 'after_gap':
    case 'chain_broken':
    case 'late': {
      const logIndex = logged.get(crossing)
      if (logIndex === undefined) throw new Error('what is accepted is logged')
      return { kind: 'accepted', crossing, sequence, logIndex }
    }
  }
}
