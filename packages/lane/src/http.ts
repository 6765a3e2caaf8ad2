/** One request to the hub with limits on time and answer. A network that fails is a value. */

import { reasonOf } from './events.ts'
import { limits } from './limits.ts'

export type Answer =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly retryAfter: string | null
      /** Parsed JSON, or undefined when the body is none. */
      readonly json: unknown
    }
  | { readonly kind: 'unreachable'; readonly reason: string }

export type Ask = (
  url: string,
  request: {
    readonly method: 'GET' | 'POST'
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: Uint8Array
  },
  signal: AbortSignal,
) => Promise<Answer>

/** Asks with Node's own fetch. Redirects are not followed: a hub has one address. */
export const ask: Ask = async (url, { method, headers = {}, body }, signal) => {
  try {
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestMs(body?.length ?? 0))]),
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    })
    const text = await readText(response)
    return {
      kind: 'answer',
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      json: text === null ? undefined : parse(text),
    }
  } catch (error) {
    return { kind: 'unreachable', reason: reasonOf(error) }
  }
}

/** A slow link gets the time that the body needs on it. */
function requestMs(bytes: number): number {
  return limits.requestMsMax + Math.ceil((bytes / limits.linkBytesPerSecondMin) * 1000)
}

async function readText(response: Response): Promise<string | null> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > limits.answerBytesMax) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The closed code of a problem document; `status_NNN` when the answer is none. */
export function problemCode(answer: { readonly status: number; readonly json: unknown }): string {
  const { json } = answer
  if (
    typeof json === 'object' &&
    json !== null &&
    'code' in json &&
    typeof json.code === 'string'
  ) {
    return /^[a-z0-9_]{1,64}$/.test(json.code) ? json.code : `status_${answer.status}`
  }
  return `status_${answer.status}`
}
