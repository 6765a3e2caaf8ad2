/** The retention of a running hub: one thing at a time, so that a hold never comes between. */

import type { Vault } from '@sallyport/store/vault/segments'

import { limits } from '../limits.ts'
import { reportWords } from '../report-words.ts'
import { createTurn, type Turn } from '../turns.ts'
import { createCompaction } from './compaction.ts'
import { recoverActs } from './holds.ts'
import { recoverPolicies } from './policies.ts'
import { finishOpen, shredDue, type ShreddingContext } from './shredding.ts'

export type Retention = {
  /** Runs an act of a person while nothing is being shredded. */
  readonly inTurn: Turn
  /** Shreds what is due now. Answers how many shreddings were asked for. */
  run(): Promise<number>
  /** Frees what is shredded in the vault. Answers how many bytes. */
  compact(): Promise<number>
  /** Begins both, when the last was long enough ago; asks holders that have not confirmed. */
  upkeep(now: Date): Promise<void>
  /** Finishes what a failure left between row, log and key. Call before serving. */
  recover(): Promise<void>
  /** Waits for what is under way. */
  stop(): Promise<void>
}

export function createRetention(context: ShreddingContext & { readonly vault: Vault }): Retention {
  const inTurn = createTurn()
  let running: Promise<number> | null = null
  let lastAt = Number.NEGATIVE_INFINITY
  let compactedAt = Number.NEGATIVE_INFINITY
  let compacting: Promise<number> | null = null
  const compaction = createCompaction(context)
  let isStopping = false

  /** Two runs at once would only wait for each other. */
  function run(): Promise<number> {
    running ??= shredDue(context, inTurn, () => isStopping).finally(() => (running = null))
    return running
  }

  function compact(): Promise<number> {
    compacting ??= compaction.run(() => isStopping).finally(() => (compacting = null))
    return compacting
  }

  /** After what is due was shredded: then its bytes are free in the same round. */
  async function runBoth(now: Date): Promise<void> {
    await run()
    if (Math.abs(now.getTime() - compactedAt) < limits.compactEveryMs) return
    compactedAt = now.getTime()
    await compact()
  }

  return {
    inTurn,
    run,
    compact,
    async upkeep(now) {
      await recoverWith(inTurn)
      // A clock that was set back waits no longer for it.
      if (Math.abs(now.getTime() - lastAt) < limits.retentionEveryMs) {
        await finishOpen(context, inTurn)
        return
      }
      lastAt = now.getTime()
      // A backlog may take minutes; the rest of the upkeep does not wait for it.
      void runBoth(now).catch((error: unknown) =>
        context.report(`retention: ${reportWords(error)}`),
      )
    },
    async recover() {
      await recoverWith(inTurn)
      await finishOpen(context, inTurn)
    },
    async stop() {
      isStopping = true
      await running?.catch(() => undefined)
      await compacting?.catch(() => undefined)
      await inTurn(async () => undefined)
    },
  }

  async function recoverWith(take: typeof inTurn): Promise<void> {
    await take(async () => {
      await recoverPolicies(context)
      await recoverActs(context)
    })
  }
}
