/** `sallyport evaluate --model`: a model of plates or faces goes to the hub, and counts come back. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import { candidateEvaluation } from '@sallyport/hub/api/candidate-schemas'
import { plateCard } from '@sallyport/hub/sandbox/plate-card'
import { faceCardFormat, parseFaceCard } from '@sallyport/vision/face/face-card'
import { z } from 'zod'

import { CommandFailure, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'
import type { HubSession } from '../session/session.ts'
import { jsonLine, note, progressLine, step } from '../terminal.ts'
import { printFaces } from './evaluate-faces.ts'

export type ModelOptions = {
  readonly model: string
  readonly card?: string
  readonly on?: string
  readonly owner?: string
  /** False match rates for a face model, in percent, separated by commas. */
  readonly at?: string
  /** Distances between which its pairs are counted. */
  readonly cuts?: string
  readonly json?: boolean
}

type Evaluation = z.output<typeof candidateEvaluation>
type Report = NonNullable<Evaluation['report']>

const pollMs = 1_000
const path = '/v1/candidate-evaluations'

/** Sends the model, waits for its report, and prints it. Throws what the hub refuses. */
export async function evaluateModel(hub: HubSession, options: ModelOptions): Promise<void> {
  const { on, owner, json = false } = options
  if (on === undefined)
    throw new CommandFailure(
      'Say on what: --on verdicts:2026-10, a month that is over.',
      exitCodes.wrongUse,
    )
  const model = await read(options.model)
  const card = cardOf(
    (await read(options.card ?? options.model.replace(/\.onnx$/, '') + '.json')).toString('utf8'),
    createHash('sha256').update(model).digest('hex'),
  )
  step('The hub loads the model in its sandbox and tries it on an empty picture…')
  let evaluation: Evaluation = await hub.ask({
    method: 'POST',
    path,
    body: {
      on,
      owner,
      card,
      model: model.toString('base64'),
      rates: numbersOf('--at', options.at)?.map((percent) => percent / 100),
      cuts: numbersOf('--cuts', options.cuts),
    },
    answer: candidateEvaluation,
    waitMsMax: limits.modelWaitMsMax,
  })
  const progress = progressLine()
  try {
    while (evaluation.state === 'running') {
      progress.show(`it reads; the report comes at ${evaluation.due_at} or later`)
      await new Promise((resolve) => setTimeout(resolve, pollMs))
      evaluation = await hub.ask({ path: `${path}/${evaluation.id}`, answer: candidateEvaluation })
    }
  } finally {
    progress.end()
  }
  if (evaluation.report === null && evaluation.face_report === null)
    throw new CommandFailure(
      'The evaluation failed, and counts as one. The cause is in the report of the hub.',
    )
  if (json) return jsonLine(evaluation)
  if (evaluation.report !== null) print(evaluation, evaluation.report)
  if (evaluation.face_report !== null) printFaces(evaluation, evaluation.face_report)
  const { files, network } = evaluation.sandbox
  note(
    `Every count has noise added, and groups under 20 are counted together. Sandbox: files ${files ? 'closed' : 'OPEN'}, network ${network ? 'closed' : 'OPEN'}. Log entries ${evaluation.log_index ?? '?'} and ${evaluation.report_log_index ?? '?'}.`,
  )
}

function numbersOf(flag: string, text: string | undefined): readonly number[] | undefined {
  const numbers = text?.split(',').map(Number)
  if (numbers?.every((one) => Number.isFinite(one) && one > 0) ?? true) return numbers
  throw new CommandFailure(
    `${flag} takes numbers above 0, separated by commas; '${text ?? ''}' is none.`,
    exitCodes.wrongUse,
  )
}

/** The card beside the model, which must be of these weights when it names any. */
function cardOf(text: string, sha256: string): unknown {
  const given = withName(text)
  if (z.looseObject({ format: z.literal(faceCardFormat) }).safeParse(given).success)
    return faceCardOf(text, sha256)
  const parsed = plateCard.extend({ sha256: z.string().optional() }).safeParse(given)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new CommandFailure(
      `The card of the model cannot be used: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. docs/contractors.md describes it.`,
      exitCodes.wrongUse,
    )
  }
  const { sha256: named, ...card } = parsed.data
  if (named === undefined || named === sha256) return card
  throw otherWeights(named, sha256)
}

function faceCardOf(text: string, sha256: string): unknown {
  const parsed = parseFaceCard(text)
  if (parsed.kind === 'refused') throw new CommandFailure(parsed.detail, exitCodes.wrongUse)
  const { sha256: named } = parsed.card.describer
  if (named !== sha256) throw otherWeights(named, sha256)
  return parsed.card
}

function otherWeights(named: string, found: string): CommandFailure {
  return new CommandFailure(
    `The card is of other weights (${named.slice(0, 12)}…; these are ${found.slice(0, 12)}…).`,
    exitCodes.wrongUse,
  )
}

/** Cards of this project name their file instead. */
function withName(text: string): unknown {
  try {
    const card: unknown = JSON.parse(text)
    if (typeof card !== 'object' || card === null) return card
    return { name: 'model' in card ? card.model : undefined, ...card }
  } catch {
    return null
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw new CommandFailure(`${file} cannot be read.`, exitCodes.wrongUse, { cause: error })
  }
}

function print(evaluation: Evaluation, report: Report): void {
  const { against, plus_minus: within } = report
  const { both, only_candidate: gained, only_service: lost, neither } = against
  const all = both + gained + lost + neither
  const share = (part: number, whole: number) =>
    whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`
  console.log(
    `${evaluation.name} on ${evaluation.on}: about ${all} plates, ${share(both + gained, all)} read exactly; the reader in service ${share(both + lost, all)}`,
  )
  console.log(
    `both ${both}, only the candidate ${gained}, only the one in service ${lost}, neither ${neither} (each ± ${within.against})`,
  )
  for (const { from, to, right, wrong } of report.calibration)
    console.log(
      `confidence ${from.toFixed(2)} to ${to.toFixed(2)}: ${right} right, ${wrong} wrong (± ${within.calibration})`,
    )
  console.log(`not read: ${report.silent} (± ${within.calibration})`)
  for (const [title, cohorts, bound] of [
    ['jurisdiction', report.by_jurisdiction, within.jurisdiction],
    ['light', report.by_light, within.light],
    ['camera', report.by_camera, within.camera],
  ] as const)
    for (const { cohort, exact, not_exact: not } of cohorts)
      console.log(
        `${title} ${cohort}: ${share(exact, exact + not)} exact, ${exact} of ${exact + not} (± ${bound} each)`,
      )
  const confused = report.confusions.map(
    ({ label, read: said, count }) => `${label}→${said} ${count}`,
  )
  if (confused.length > 0)
    console.log(`confused: ${confused.join(', ')} (± ${within.confusions} each)`)
}
