/** One door to the hub: same origin, JSON both ways, every failure an `ApiFailure` that a person can act on. */

import type { Problem, WrongLine } from './types.ts'

export const limits = {
  requestMs: 20_000,
  /** Opening a picture waits for the log to be durable. */
  openingMs: 45_000,
} as const

/**
 * A request that did not succeed. `code` is the hub's, or one of the console's own: hub_unreachable,
 * hub_timeout, not_json. `detail` is the hub's sentence where it gave one.
 */
export class ApiFailure extends Error {
  readonly code: string
  readonly status: number
  readonly detail: string
  readonly logIndex: number | null
  /** The lines of a file that were wrong, where one was sent. */
  readonly lines: readonly WrongLine[]

  constructor(
    code: string,
    status: number,
    detail: string,
    logIndex: number | null = null,
    lines: readonly WrongLine[] = [],
  ) {
    super(`${code}: ${detail}`)
    this.name = 'ApiFailure'
    this.code = code
    this.status = status
    this.detail = detail
    this.logIndex = logIndex
    this.lines = lines
  }
}

/** Status and body of a response that is not 2xx, turned into a failure. Tolerates any body. */
export function failureOf(status: number, body: unknown): ApiFailure {
  const problem: Partial<Problem> = typeof body === 'object' && body !== null ? body : {}
  const code = typeof problem.code === 'string' ? problem.code : `http_${status}`
  const detail =
    typeof problem.detail === 'string'
      ? problem.detail
      : typeof problem.title === 'string'
        ? problem.title
        : `The hub answered ${status} without a reason.`
  const logIndex = typeof problem.log_index === 'number' ? problem.log_index : null
  const lines = Array.isArray(problem.errors) ? problem.errors : []
  return new ApiFailure(code, status, detail, logIndex, lines)
}

export type RequestOptions = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly signal?: AbortSignal
  readonly timeoutMs?: number
}

/** Asks the hub; resolves with the parsed body (undefined for 204), rejects with `ApiFailure`. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const text = await send(path, options, 'application/json')
  if (text === '') return undefined as T
  const parsed = parseJson(text)
  if (parsed === undefined) {
    throw new ApiFailure('not_json', 200, 'The hub answered with something that is not JSON.')
  }
  return parsed as T
}

/** The same for a text resource (the log's checkpoint). */
export function requestText(path: string, options: RequestOptions = {}): Promise<string> {
  return send(path, options, 'text/plain')
}

async function send(path: string, options: RequestOptions, accept: string): Promise<string> {
  const { method = 'GET', body, signal, timeoutMs = limits.requestMs } = options
  const timeout = AbortSignal.timeout(timeoutMs)
  let response: Response
  let text: string
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      headers: {
        accept,
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      },
      // Every mutation has a JSON body of known length: the hub takes no other, and no form can send it.
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    text = await response.text()
  } catch (error) {
    if (signal?.aborted === true) throw error
    if (timeout.aborted) {
      throw new ApiFailure('hub_timeout', 0, 'The hub did not answer in time.')
    }
    throw new ApiFailure('hub_unreachable', 0, 'The hub cannot be reached from this browser.')
  }
  if (!response.ok) throw failureOf(response.status, parseJson(text))
  return text
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `?a=1&b=2` from the fields that say something; '' when none does. */
export function queryString(
  fields: Readonly<Record<string, string | number | null | undefined>>,
): string {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value))
  }
  const text = parameters.toString()
  return text === '' ? '' : `?${text}`
}
