/** Requests to the sign-in provider: no redirects, no endless answers, and a failure of its own kind. */

import type { CustomFetch } from 'openid-client'

import { limits } from '../limits.ts'

/** The provider does not answer, or answers that it cannot. */
export class ProviderAway extends Error {
  override name = 'ProviderAway'
}

/** Whether anything in the causes of an error is a provider that is away. */
export function isAway(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++)
    if (at instanceof ProviderAway) return true
  return false
}

/** As `fetch`, for the library. Throws `ProviderAway`. */
export const fetchFromProvider: CustomFetch = async (url, { body, ...init }) => {
  try {
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      ...(init.signal === undefined ? {} : { signal: init.signal }),
      ...(body === undefined || body === null ? {} : { body: body as BodyInit }),
    })
    const bytes = await bodyOf(answer)
    if (answer.status >= 500) throw new ProviderAway(`status ${answer.status}`)
    const hasNoBody = bytes.length === 0 || answer.status === 204 || answer.status === 304
    return new Response(hasNoBody ? null : bytes, {
      status: answer.status,
      headers: answer.headers,
    })
  } catch (error) {
    throw error instanceof ProviderAway ? error : new ProviderAway('no answer', { cause: error })
  }
}

async function bodyOf(answer: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > limits.providerAnswerBytesMax) throw new ProviderAway('an endless answer')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
