/** `sallyport evaluate`: the hub reads the pictures that have verdicts, and says how well its reader, or a model, does. */

import type { EvaluationTotals } from '@sallyport/core/evaluation'
import { evaluation as begun, evaluationDetail } from '@sallyport/hub/api/review-schemas'
import type { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { openSession, signInWith } from '../session/session.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'
import { evaluateModel, type ModelOptions } from './evaluate-model.ts'

type Options = {
  readonly hub?: string
  readonly link?: string
  readonly lane?: string
  readonly from?: string
  readonly to?: string
  readonly json?: boolean
  readonly misread?: boolean
  readonly sample?: boolean
} & Partial<ModelOptions>

type Evaluation = z.output<typeof evaluationDetail>

const pollMs = 500
const confusionsShown = 12

/** Has the hub evaluate, as whoever is signed in or whom the link names; waits, and prints totals. */
export async function evaluate(options: Options): Promise<void> {
  const hub =
    options.link === undefined
      ? await openSession(options)
      : (await signInWith(options.link, options)).session
  const { model } = options
  if (model !== undefined) return evaluateModel(hub, { ...options, model })
  const look = async (id: string): Promise<Evaluation> =>
    hub.ask({ path: `/v1/evaluations/${id}`, answer: evaluationDetail })
  const { lane, from, to, sample = false } = options
  const { id, ...start } = await hub.ask({
    method: 'POST',
    path: '/v1/evaluations',
    body: {
      sample,
      ...(lane === undefined ? {} : { lane }),
      ...(from === undefined ? {} : { from: instant(from) }),
      ...(to === undefined ? {} : { to: instant(to) }),
    },
    answer: begun,
  })
  let evaluation: Evaluation = { id, ...start, misread: null }
  const progress = progressLine()
  try {
    while (evaluation.state === 'running') {
      progress.show(`${evaluation.pictures_done} of ${evaluation.labels} pictures`)
      await new Promise((resolve) => setTimeout(resolve, pollMs))
      evaluation = await look(id)
    }
  } finally {
    progress.end()
  }
  // The last answer, also where the first one was already the end.
  evaluation = await look(id)
  if (evaluation.state === 'failed' || evaluation.totals === null)
    throw new CommandFailure('The evaluation failed. The cause is in the report of the hub.')
  print(evaluation, evaluation.totals, options)
}

function instant(text: string): string {
  const at = new Date(text)
  if (!Number.isNaN(at.getTime())) return at.toISOString()
  throw new CommandFailure(
    `'${text}' is no time. Write 2026-11-22 or 2026-11-22T14:00Z.`,
    exitCodes.wrongUse,
  )
}

function print(
  evaluation: Evaluation,
  totals: EvaluationTotals,
  { json = false, misread = false }: Options,
): void {
  const { misread: missed, ...rest } = evaluation
  if (json) return jsonLine(misread ? { ...rest, misread: missed ?? null } : rest)
  const share = (part: number, whole: number) =>
    whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
  console.log(
    `${totals.labelled} plates with a text: ${totals.exact} read exactly (${share(totals.exact, totals.labelled)}), ${totals.wrong} wrong, ${totals.silent} not read`,
  )
  console.log(
    `${totals.unreadable} that a person found unreadable: ${totals.read_unreadable} read all the same`,
  )
  console.log(
    `${totals.character_errors} character errors in ${totals.characters} (${share(totals.character_errors, totals.characters)})`,
  )
  for (const { cut, kept, wrong } of totals.kept)
    console.log(
      `at confidence ${cut.toFixed(2)}: ${kept} kept (${share(kept, totals.pictures)}), ${wrong} of them wrong (${share(wrong, kept)})`,
    )
  const confusions = totals.confusions
    .slice(0, confusionsShown)
    .map(({ label, read, count }) => `${label || '(nothing)'}→${read || '(nothing)'} ${count}`)
  if (confusions.length > 0) console.log(`confused most: ${confusions.join(', ')}`)
  if (misread) {
    if (missed == null) note('What was misread is told to supervisor, privacy officer and auditor.')
    else
      for (const { crossing, label, read } of missed)
        console.log(`${crossing}: ${label ?? 'unreadable'}, read as ${read || 'nothing'}`)
  }
  if (evaluation.pictures_failed > 0)
    note(
      `${evaluation.pictures_failed} pictures could not be opened or decoded: run sallyport fsck.`,
    )
  note(
    `${evaluation.models?.detector ?? '?'}, ${evaluation.models?.reader ?? '?'}; labels sealed in the vault as ${evaluation.label_set_sha256.slice(0, 16)}…, log entry ${evaluation.log_index ?? '?'}`,
  )
}
