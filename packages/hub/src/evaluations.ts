/**
 * How well the plate reader does on pictures that have verdicts. The pictures are opened one after
 * another in this process's memory, read in a thread of their own, each with its own log entry, and forgotten; what remains are totals, and
 * the list of what was used, sealed in the vault.
 */

import { randomBytes } from 'node:crypto'

import {
  decideEvaluation,
  evaluationLimits,
  isExact,
  type ScoredRead,
  scoreReads,
} from '@sallyport/core/evaluation'
import type { Role } from '@sallyport/core/opening'
import { commit } from '@sallyport/proof/entry'
import { epochDay } from '@sallyport/proof/epoch'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { committedText } from '@sallyport/proof/review-entry'
import {
  failRunningEvaluations,
  insertEvaluation,
  type Label,
  type LabelFilter,
  listLabels,
  noteEvaluationDone,
  noteEvaluationFailed,
  noteEvaluationLogged,
  noteEvaluationProgress,
} from '@sallyport/store/evaluations'
import type { PlateReaderPool } from '@sallyport/vision/pool'

import { newId } from './ids.ts'
import { openForEvaluation, type OpeningContext } from './openings.ts'
import { type Problem, problem } from './problems.ts'
import { reportWords } from './report-words.ts'

type Reader = Pick<PlateReaderPool, 'read' | 'close' | 'models'>

export type EvaluationContext = OpeningContext & {
  readonly port: { readonly id: string }
  /** Starts a thread with models of its own for one evaluation. */
  readonly openReader: () => Promise<Reader>
}

export type EvaluationAsk = {
  readonly account: { readonly id: string; readonly roles: readonly Role[] }
  readonly filter: LabelFilter
}

/** A plate that the reader got wrong; kept in memory only, until the next evaluation. */
export type Misread = {
  readonly crossing: string
  readonly label: string | null
  readonly read: string
  readonly confidence: number
}

export type Evaluations = {
  /** Starts one; answers when its beginning stands in the log. */
  start(ask: EvaluationAsk): Promise<{ readonly kind: 'started'; readonly id: string } | Problem>
  /** What the newest evaluation got wrong; null for an older one. */
  misreadOf(id: string): readonly Misread[] | null
  /** Marks what an earlier start left unfinished. Call once before serving. */
  recover(): Promise<void>
  /** Ends the one under way and waits for it. */
  stop(): Promise<void>
}

const progressEvery = 10
const misreadMax = 200

export function createEvaluations(context: EvaluationContext): Evaluations {
  const { db } = context
  const ending = new AbortController()
  let running: Promise<void> | null = null
  let starting = false
  let newest: { readonly id: string; readonly misread: readonly Misread[] } | null = null

  async function begin({ account, filter }: EvaluationAsk) {
    const labels = await listLabels(db, filter, evaluationLimits.labelsMax)
    const decision = decideEvaluation(account.roles, labels.length)
    if (decision.kind === 'refuse') return problem(decision.code, decision.detail)
    const id = newId()
    const refused = await record(id, account.id, labels)
    if (refused !== null) return refused
    newest = null
    running = run(id, account, labels)
      .catch(async (error: unknown) => {
        context.report(`evaluation: ${reportWords(error)}`)
        await noteEvaluationFailed(db, id).catch(() => undefined)
      })
      .finally(() => (running = null))
    return { kind: 'started', id } as const
  }

  /** The labels sealed in the vault, the row, the log entry; only then may a picture be opened. */
  async function record(
    id: string,
    account: string,
    labels: readonly Label[],
  ): Promise<Problem | null> {
    const at = context.now()
    const day = epochDay(at)
    const kek = await context.keks.kekFor({
      class: 'label_set',
      day,
      port: context.port.id,
      use: 'day',
    })
    const sealed = context.keks.seal(kek, labelSet(id, at, labels))
    const sha256 = sha256Hex(sealed.body)
    const [place] = await context.vault.append([
      { sha256: Buffer.from(sha256, 'hex'), body: sealed.body },
    ])
    if (place === undefined) throw new Error('what was appended has a place')
    const salt = randomBytes(16)
    await insertEvaluation(db, {
      id,
      at,
      account,
      state: 'running',
      labels: labels.length,
      models: null,
      totals: null,
      ...place,
      sha256: Buffer.from(sha256, 'hex'),
      header: sealed.header,
      kek,
      epoch_day: day,
      commitment_salt: salt,
      log_index: null,
    })
    try {
      const logIndex = await context.journal.append({
        v: 1,
        at: at.toISOString(),
        kind: 'evaluation',
        evaluation: id,
        label_set_sha256: sha256,
        labels: labels.length,
        by: commit(salt, account),
      })
      await noteEvaluationLogged(db, id, logIndex)
      return null
    } catch (error) {
      await noteEvaluationFailed(db, id)
      context.report(`evaluation: the log did not take the entry: ${reportWords(error)}`)
      return problem('log_unavailable', 'The log cannot be written, so no picture is opened.')
    }
  }

  async function run(
    id: string,
    account: EvaluationAsk['account'],
    labels: readonly Label[],
  ): Promise<void> {
    const reader = await context.openReader()
    const scored: ScoredRead[] = []
    const misread: Misread[] = []
    let failed = 0
    try {
      for (const [index, label] of labels.entries()) {
        if (ending.signal.aborted) throw new Error('the hub stops')
        const read = await readOne(label, account, reader)
        if (read === null) failed += 1
        else {
          scored.push(read)
          if (!isRight(read) && misread.length < misreadMax)
            misread.push({ crossing: label.crossing, ...read })
        }
        if ((index + 1) % progressEvery === 0)
          await noteEvaluationProgress(db, id, { done: index + 1, failed })
      }
      await noteEvaluationProgress(db, id, { done: labels.length, failed })
      await noteEvaluationDone(db, id, scoreReads(scored), reader.models)
      newest = { id, misread }
    } finally {
      await reader.close()
    }
  }

  /** Null when the picture could not be opened, decoded or read. Throws when the log is away. */
  async function readOne(
    { capture, text }: Label,
    account: EvaluationAsk['account'],
    reader: Reader,
  ): Promise<ScoredRead | null> {
    const opened = await openForEvaluation({ capture, account }, context)
    if (opened.kind === 'problem') {
      if (opened.code === 'log_unavailable') throw new Error(opened.detail)
      return null
    }
    const answer = await reader.read(opened.picture)
    if (answer.kind !== 'read') return null
    const [best] = answer.looks
    return { label: text, read: best?.text ?? '', confidence: best?.confidence ?? 0 }
  }

  return {
    async start(ask) {
      if (starting || running !== null)
        return problem('busy', 'An evaluation is under way. Wait for its end.')
      starting = true
      try {
        return await begin(ask)
      } finally {
        starting = false
      }
    },
    misreadOf: (id) => (newest?.id === id ? newest.misread : null),
    recover: () => failRunningEvaluations(db),
    async stop() {
      ending.abort()
      await running
    },
  }
}

function isRight(read: ScoredRead): boolean {
  return read.label === null ? read.read === '' : isExact(read)
}

/** The list of what an evaluation uses: no text, only the commitments that the log has. */
function labelSet(id: string, at: Date, labels: readonly Label[]): Uint8Array {
  return Buffer.from(
    JSON.stringify({
      version: 1,
      evaluation: id,
      at: at.toISOString(),
      labels: labels.map((label) => ({
        capture: label.capture,
        sha256: label.sha256.toString('hex'),
        verdict: label.verdict,
        text: commit(label.textSalt, committedText(label.text, label.jurisdiction)),
      })),
    }),
  )
}
