/** One call to a hub's API: a request out, an answer parsed by the hub's own schema or a refusal back. */

import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import { z } from 'zod'

import { CommandFailure, type ExitCode, exitCodes } from '../exit.ts'
import { limits } from '../limits.ts'

export type HubCall<Answer extends z.ZodType> = {
  /** GET by default. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/v1/watch/entries`; parts that come from people go through `encodeURIComponent`. */
  readonly path: string
  /** Fields that are undefined are left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>
  readonly body?: unknown
  /** Parses the answer; `nothing` where the hub answers 204. */
  readonly answer: Answer
  readonly waitMsMax?: number
}

/** An answer that is kept as a file. */
export type HubFile = {
  readonly path: string
  readonly file: string
  readonly waitMsMax: number
}

/** The answer of a route that has none. */
export const nothing = z.undefined()

/** The hub said no, with a closed `code` and what to do in `message` (RFC 9457). */
export class HubRefusal extends CommandFailure {
  readonly code: string
  readonly status: number
  /** The whole problem document. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    const code = typeof problem['code'] === 'string' ? problem['code'] : `http_${status}`
    const detail =
      typeof problem['detail'] === 'string' ? problem['detail'] : `The hub answered ${status}.`
    super(`${detail} (${code})`, exitCodeOf(status))
    this.code = code
    this.status = status
    this.problem = problem
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404) return exitCodes.no
  if (status === 400 || status === 413 || status === 422) return exitCodes.wrongUse
  return status >= 401 && status <= 409 ? exitCodes.refused : exitCodes.failed
}

/**
 * The address of a hub as people write it, without its last slash. Throws for one that is none, and for
 * one where a session would travel in clear.
 */
export function parseHub(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '')
    throw new CommandFailure(
      `'${text}' is no address of a hub. It looks like http://localhost:8080.`,
      exitCodes.wrongUse,
    )
  if (url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    throw new CommandFailure(
      `To ${url.host} a session would travel in clear. Use its https address, or a tunnel to localhost.`,
      exitCodes.wrongUse,
    )
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** Asks `hub`, as whoever `cookie` belongs to. Throws `HubRefusal`, or `CommandFailure` when nobody answers. */
export async function callHub<Answer extends z.ZodType>(
  hub: string,
  cookie: string | null,
  { method = 'GET', path, query = {}, body, answer, waitMsMax }: HubCall<Answer>,
): Promise<{ readonly answer: z.output<Answer>; readonly headers: Headers }> {
  const url = new URL(`${hub}${path}`)
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value))
  const { status, headers, text } = await exchange(url, waitMsMax ?? limits.requestMsMax, {
    method,
    headers: {
      ...(cookie === null ? {} : { cookie }),
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
  })
  const value = parseJson(text)
  if (status < 200 || status > 299) throw new HubRefusal(status, isRecord(value) ? value : {})
  const parsed = answer.safeParse(text === '' ? undefined : value)
  if (parsed.success) return { answer: parsed.data, headers }
  const where = parsed.error.issues[0]?.path.join('.') ?? ''
  throw new CommandFailure(
    `${hub} answered ${path} with something else than this version understands${where === '' ? '' : ` (${where})`}. Is it a hub, and of the same version?`,
  )
}

/** Writes what `path` answers into a new file `file`, of any length. Throws as `callHub` does. */
export async function saveFromHub(
  hub: string,
  cookie: string,
  { path, file, waitMsMax }: HubFile,
): Promise<void> {
  const deadline = AbortSignal.timeout(waitMsMax)
  const answered = await fetch(`${hub}${path}`, {
    headers: { cookie },
    redirect: 'error',
    signal: deadline,
  }).catch((error: unknown) => {
    throw new CommandFailure(`No hub answers at ${hub}.`, exitCodes.failed, { cause: error })
  })
  if (!answered.ok || answered.body === null) {
    const value = parseJson(await textOf(answered))
    throw new HubRefusal(answered.status, isRecord(value) ? value : {})
  }
  try {
    await pipeline(answered.body, createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    throw new CommandFailure(
      `${file} was not written to its end: ${error instanceof Error ? error.message : String(error)}. Try again.`,
      exitCodes.failed,
      { cause: error },
    )
  }
}

async function exchange(url: URL, waitMsMax: number, init: RequestInit) {
  const deadline = AbortSignal.timeout(waitMsMax)
  try {
    // A redirect would carry the session to whoever is named there.
    const answered = await fetch(url, { ...init, redirect: 'error', signal: deadline })
    return { status: answered.status, headers: answered.headers, text: await textOf(answered) }
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    const said = deadline.aborted
      ? `${url.origin} did not answer in ${waitMsMax / 1000} seconds. Try again, and look at the hub's report.`
      : `No hub answers at ${url.origin}. Start it, or name another with --hub.`
    throw new CommandFailure(said, exitCodes.failed, { cause: error })
  }
}

async function textOf(answered: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answered.body ?? []) {
    length += chunk.length
    if (length > limits.answerBytesMax)
      throw new CommandFailure(
        `The answer is longer than ${limits.answerBytesMax} bytes. Is it a hub?`,
      )
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
