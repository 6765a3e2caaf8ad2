/** `sallyport evaluate`: the hub reads the pictures that have verdicts, and says how well. */

import type { EvaluationTotals } from '@sallyport/core/evaluation'

import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, note, progressLine } from '../terminal.ts'

type Options = {
  readonly hub: string
  readonly link: string
  readonly lane?: string
  readonly from?: string
  readonly to?: string
  readonly json?: boolean
  readonly misread?: boolean
}

type Evaluation = {
  readonly id: string
  readonly state: 'running' | 'done' | 'failed'
  readonly labels: number
  readonly pictures_done: number
  readonly pictures_failed: number
  readonly models: { readonly detector: string; readonly reader: string } | null
  readonly totals: EvaluationTotals | null
  readonly label_set_sha256: string
  readonly log_index: number | null
  readonly misread?:
    | readonly { readonly crossing: string; readonly label: string | null; readonly read: string }[]
    | null
}

const pollMs = 500
const requestMsMax = 30_000
const confusionsShown = 12

/** Signs in with a one-time link, has the hub evaluate, waits, and prints totals. */
export async function evaluate(options: Options): Promise<void> {
  const hub = options.hub.replace(/\/$/, '')
  const ask = await signIn(hub, options.link)
  const { lane, from, to } = options
  let evaluation = await ask('POST', '/v1/evaluations', {
    ...(lane === undefined ? {} : { lane }),
    ...(from === undefined ? {} : { from: instant(from) }),
    ...(to === undefined ? {} : { to: instant(to) }),
  })
  const progress = progressLine()
  try {
    while (evaluation.state === 'running') {
      progress.show(`${evaluation.pictures_done} of ${evaluation.labels} pictures`)
      await new Promise((resolve) => setTimeout(resolve, pollMs))
      evaluation = await ask('GET', `/v1/evaluations/${evaluation.id}`)
    }
  } finally {
    progress.end()
  }
  // The last answer, also where the first one was already the end.
  evaluation = await ask('GET', `/v1/evaluations/${evaluation.id}`)
  if (evaluation.state === 'failed' || evaluation.totals === null)
    throw new CommandFailure('The evaluation failed. The cause is in the report of the hub.')
  print(evaluation, evaluation.totals, options)
}

type Ask = (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Evaluation>

async function signIn(hub: string, link: string): Promise<Ask> {
  const token = /#token=([a-z0-9]{1,100})$/.exec(link.trim())?.[1]
  if (token === undefined)
    throw new CommandFailure(
      'That is no one-time link. A supervisor makes one under People; it ends in #token=….',
      exitCodes.wrongUse,
    )
  const answer = await send(hub, '/v1/session/link', 'POST', { token })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return async (method, path, body) =>
    (await (await send(hub, path, method, body, cookie)).json()) as Evaluation
}

async function send(
  hub: string,
  path: string,
  method: 'GET' | 'POST',
  body?: unknown,
  cookie = '',
): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(`${hub}${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(requestMsMax),
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
  } catch (error) {
    throw new CommandFailure(
      `No hub answers at ${hub}. Start it, or name it with --hub.`,
      undefined,
      {
        cause: error,
      },
    )
  }
  if (answer.ok) return answer
  const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string }
  throw new CommandFailure(
    `${problem.detail ?? `The hub answered ${answer.status}.`} (${problem.code ?? answer.status})`,
    answer.status === 401 || answer.status === 403 || answer.status === 409
      ? exitCodes.refused
      : exitCodes.failed,
  )
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
