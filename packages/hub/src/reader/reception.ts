/** Who may come in how often with how much: what stands before the plate reader. */

import { type Bucket, takeFrom } from '@sallyport/core/rate'

import { limits } from '../limits.ts'

export type Reception = {
  /** Counts a call of this token, or says how long to wait. */
  admit(token: string, now: Date): { readonly kind: 'admitted' | 'wait'; readonly seconds: number }
  /** Holds a place for a picture; null when there is none. The function gives it back. */
  place(token: string): (() => void) | null
}

export function createReception(): Reception {
  const buckets = new Map<string, Bucket>()
  const places = new Map<string, number>()
  let taken = 0
  return {
    admit(token, now) {
      const rate = { perSecond: limits.readerCallsPerSecond, burst: limits.readerCallsBurst }
      const result = takeFrom(buckets.get(token) ?? null, rate, now)
      buckets.set(token, result.bucket)
      return result.kind === 'taken'
        ? { kind: 'admitted', seconds: 0 }
        : { kind: 'wait', seconds: Math.max(1, Math.ceil(result.waitSeconds)) }
    },
    place(token) {
      const own = places.get(token) ?? 0
      if (own >= limits.readerWaitingPerToken || taken >= limits.readerWaitingMax) return null
      places.set(token, own + 1)
      taken += 1
      let held = true
      return () => {
        if (!held) return
        held = false
        taken -= 1
        const left = (places.get(token) ?? 1) - 1
        if (left === 0) places.delete(token)
        else places.set(token, left)
      }
    },
  }
}

/** Reads a body that may be sent in chunks; null when it is too long, late or cut off. */
export async function readBody(
  body: ReadableStream<Uint8Array> | null,
  bytesMax: number,
  msMax: number,
): Promise<Uint8Array | 'too_large' | 'cut_off'> {
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  const late = AbortSignal.timeout(msMax)
  const stop = (): void => void reader.cancel().catch(() => undefined)
  late.addEventListener('abort', stop, { once: true })
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (late.aborted) return 'cut_off'
      if (done) return new Uint8Array(Buffer.concat(chunks, length))
      length += value.length
      if (length > bytesMax) {
        stop()
        return 'too_large'
      }
      chunks.push(value)
    }
  } catch {
    return 'cut_off'
  } finally {
    late.removeEventListener('abort', stop)
  }
}
