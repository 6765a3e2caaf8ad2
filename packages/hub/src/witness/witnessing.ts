/**
 * The hub's side of witnessing: after each growth of the log the witnesses of the policy are asked,
 * in rounds, and what they cosign is kept beside the published checkpoint. A witness that is away
 * stops nothing; one that has seen another history raises an alarm, and refuses the start of a hub.
 */

import { fromUtf8 } from '@sallyport/proof/bytes'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { verify } from '@sallyport/proof/node/ed25519'
import { nodeVerifiers } from '@sallyport/proof/node/ml-dsa'
import { checkpointPath } from '@sallyport/proof/tiles'
import type { Policy, PolicyWitness } from '@sallyport/proof/tlog-policy'
import { addSignatures, openWitnessed } from '@sallyport/proof/witnessed'

import { type AskedLog, type Post, type WitnessAnswer, askWitness } from './ask-witness.ts'
import { witnessLimits } from './limits.ts'
import { type CosignerAnswer, askCosigner } from './push-entries.ts'
import type { WitnessedFiles } from './witnessed-files.ts'

export type WitnessAlarm = 'witness_contradicts' | 'witness_silent'

export type WitnessingOptions = {
  readonly policy: Policy
  readonly log: AskedLog
  readonly files: WitnessedFiles
  readonly post: Post
  readonly now: () => Date
  /** Never throws. */
  readonly alarm: (kind: WitnessAlarm, detail: string) => Promise<void>
  readonly report: (message: string) => void
  readonly everyMs?: number
}

export type Witnessing = {
  /** Tells that the log has grown. Cheap, and never waits. */
  grown(): void
  /** The latest checkpoint that met the quorum; null before the first. */
  latest(): { readonly note: string; readonly size: number } | null
  /** Every witness of the policy, as it is now. */
  state(): readonly WitnessState[]
  /** Resolves once a tree of at least `size` entries is witnessed, or rejects when it ends. */
  witnessed(size: number): Promise<void>
  /** Ends after the round under way. */
  stop(): Promise<void>
}

export type WitnessState = {
  readonly witness: PolicyWitness
  /**
   * `current`: it has the tree of the last round; `behind`: an older one; `away`: its last answer could not
   * be used; `contradicts`: it has seen another history; `not_asked`: the policy has no address of it.
   */
  readonly state: 'current' | 'behind' | 'away' | 'contradicts' | 'not_asked'
  /** Of the tree that it has cosigned; 0 when it has none that is known. */
  readonly size: number
  /** Its last answer that could be used, since this hub started. */
  readonly answeredAt: Date | null
}

type Asked = {
  readonly witness: PolicyWitness
  /** The size it was last known to have; its own answer corrects it. */
  known: number
  /** Not before this time, in milliseconds of the clock. */
  notBefore: number
  failures: number
  /** Or of the start, while it has not answered. */
  answeredAt: number
  hasAnswered: boolean
  told: WitnessAlarm | null
}

/** What the witnesses say at a start. A contradiction means: do not go on from this log. */
export async function askAtStart(
  options: Pick<WitnessingOptions, 'policy' | 'log' | 'post' | 'report'>,
): Promise<Extract<WitnessAnswer, { kind: 'contradicts' }> | null> {
  const { policy, log, post, report } = options
  const current = await currentCheckpoint(log)
  const answers = await Promise.all(
    withUrl(policy).map(async (witness) => {
      const answer = await askWitness(log, current.note, witness, current.size, {
        post,
        answerMs: witnessLimits.startMsMax,
      })
      if (answer.kind === 'unusable') report(`witness ${witness.name}: ${answer.detail}`)
      return answer
    }),
  )
  return answers.find((answer) => answer.kind === 'contradicts') ?? null
}

/** Begins witnessing. The first round is at once: the log may have grown while nobody asked. */
export function startWitnessing(options: WitnessingOptions): Witnessing {
  const rounds = new Rounds(options)
  return {
    grown: () => rounds.wake(),
    latest: () => rounds.latest,
    state: () => rounds.state(),
    witnessed: (size) => rounds.witnessed(size),
    stop: () => rounds.stop(),
  }
}

class Rounds {
  latest: { readonly note: string; readonly size: number } | null = null
  readonly #options: WitnessingOptions
  readonly #asked: readonly Asked[]
  readonly #waiting = new Set<{ size: number; done: () => void; ended: (error: Error) => void }>()
  #stopping = false
  #wake: () => void = () => undefined
  #grown = true
  /** Of the tree that the last round asked for. */
  #size = 0
  readonly #running: Promise<void>

  constructor(options: WitnessingOptions) {
    this.#options = options
    this.#readKept()
    this.#asked = withUrl(options.policy).map((witness) => ({
      witness,
      known: this.latest?.size ?? 0,
      notBefore: -Infinity,
      failures: 0,
      answeredAt: options.now().getTime(),
      hasAnswered: false,
      told: null,
    }))
    this.#running = this.#run()
  }

  wake(): void {
    this.#grown = true
    this.#wake()
  }

  state(): readonly WitnessState[] {
    return this.#options.policy.witnesses.map((witness) => {
      const one = this.#asked.find((asked) => asked.witness === witness)
      if (one === undefined) return { witness, state: 'not_asked', size: 0, answeredAt: null }
      const { known, answeredAt, hasAnswered } = one
      const state = stateOf(one, this.#size)
      return { witness, state, size: known, answeredAt: hasAnswered ? new Date(answeredAt) : null }
    })
  }

  witnessed(size: number): Promise<void> {
    if ((this.latest?.size ?? -1) >= size) return Promise.resolve()
    if (this.#stopping) return Promise.reject(new Error('witnessing has ended'))
    return new Promise((done, ended) => this.#waiting.add({ size, done, ended }))
  }

  async stop(): Promise<void> {
    this.#stopping = true
    this.#wake()
    await this.#running
    for (const { ended } of this.#waiting) ended(new Error('witnessing has ended'))
    this.#waiting.clear()
  }

  #readKept(): void {
    const { files, policy } = this.#options
    if (files.latest === null) return
    const opened = openWitnessed(files.latest, policy, nodeVerifiers)
    if (opened.kind === 'witnessed') {
      this.latest = { note: files.latest, size: opened.checkpoint.size }
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      const begun = Date.now()
      if (this.#grown || this.#isDue()) {
        this.#grown = false
        await this.#round().catch((error: unknown) =>
          this.#options.report(
            `witnessing: ${error instanceof Error ? error.message : String(error)}`,
          ),
        )
      }
      if (this.#stopping) return
      const everyMs = this.#options.everyMs ?? witnessLimits.everyMs
      // The pause holds even when the log grows meanwhile: rounds are shared.
      await pause(everyMs - (Date.now() - begun))
      if (!this.#grown && !this.#stopping) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
          const timer = setTimeout(resolve, witnessLimits.retryMs)
          timer.unref()
        })
      }
    }
  }

  /** Somebody has not seen the current tree, and may be asked again. */
  #isDue(): boolean {
    const now = this.#options.now().getTime()
    return this.#asked.some((one) => one.known < this.#size && one.notBefore <= now)
  }

  async #round(): Promise<void> {
    const { log } = this.#options
    const { note, size } = await currentCheckpoint(log)
    this.#size = size
    const now = this.#options.now().getTime()
    const asked = this.#asked.filter(({ notBefore }) => notBefore <= now)
    let cosigned = note
    let keeping: Promise<void> = Promise.resolve()
    await Promise.all(
      asked.map(async (one) => {
        const answer = await askCosigner(log, note, one.witness, one.known, {
          post: this.#options.post,
          answerMs: witnessLimits.answerMsMax,
        })
        await this.#note(one, answer)
        if (answer.kind !== 'cosigned') return
        cosigned = addSignatures(cosigned, answer.lines)
        // Kept as soon as the quorum is met: nobody waits for the slowest witness.
        keeping = keeping.then(() => this.#keep(cosigned))
        await keeping
      }),
    )
  }

  async #keep(cosigned: string): Promise<void> {
    const { files, policy, now } = this.#options
    const opened = openWitnessed(cosigned, policy, nodeVerifiers)
    if (opened.kind === 'refused') return
    const { size } = opened.checkpoint
    if (size < (this.latest?.size ?? 0) || cosigned === this.latest?.note) return
    await files.keep(cosigned, size, now())
    this.latest = { note: cosigned, size }
    for (const one of this.#waiting) {
      if (one.size > size) continue
      this.#waiting.delete(one)
      one.done()
    }
  }

  /** Remembers what a witness said, and says it once to people. */
  async #note(one: Asked, answer: CosignerAnswer): Promise<void> {
    const now = this.#options.now().getTime()
    if (answer.kind !== 'unusable') {
      one.answeredAt = now
      one.hasAnswered = true
    }
    if (answer.kind === 'cosigned' || answer.kind === 'receiving') {
      // A mirror that is still being sent entries has cosigned nothing new, and is asked on.
      if (answer.kind === 'cosigned') one.known = answer.size
      one.failures = 0
      one.notBefore = -Infinity
      one.told = null
      return
    }
    one.failures += 1
    const waitMs = witnessLimits.retryMs * 2 ** Math.min(one.failures - 1, 10)
    one.notBefore = now + Math.min(waitMs, witnessLimits.retryMsMax)
    const kind: WitnessAlarm | null =
      answer.kind === 'contradicts'
        ? 'witness_contradicts'
        : now - one.answeredAt >= witnessLimits.silentMs
          ? 'witness_silent'
          : null
    if (one.failures === 1) this.#options.report(`witness ${one.witness.name}: ${answer.detail}`)
    if (kind === null || one.told === kind) return
    one.told = kind
    await this.#options.alarm(kind, `${one.witness.name}: ${answer.detail}`)
  }
}

function stateOf({ told, failures, known }: Asked, size: number): WitnessState['state'] {
  if (told === 'witness_contradicts') return 'contradicts'
  if (failures > 0) return 'away'
  return known >= size ? 'current' : 'behind'
}

/** The log's published checkpoint. Throws when the log has none: then there is nothing to witness. */
async function currentCheckpoint({ tiles, vkey }: AskedLog) {
  const note = fromUtf8((await tiles.read(checkpointPath)) ?? new Uint8Array()) ?? ''
  const opened = openCheckpoint(note, vkey, verify)
  if (opened.kind === 'refused') throw new Error(opened.detail)
  return { note, size: opened.checkpoint.size }
}

function withUrl(policy: Policy): readonly PolicyWitness[] {
  return policy.witnesses.filter(({ url }) => url !== null)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
