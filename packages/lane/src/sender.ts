/** Brings the spool to the hub: in order, one at a time, for as many days as it takes. */

import type { Alarms } from './alarms.ts'
import { type BackOff, type Chance, type Clock, backOffMs } from './clock.ts'
import type { EpochBook } from './epochs.ts'
import { type Report, reasonOf } from './events.ts'
import { type Answer, type Ask, problemCode } from './http.ts'
import { limits } from './limits.ts'
import type { Spool, Waiting } from './spool.ts'

type Parts = {
  readonly hub: string
  readonly spool: Spool
  readonly book: Pick<EpochBook, 'afterRefusal'>
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly chance: Chance
  readonly ask: Ask
  readonly backOff?: BackOff
  /** Called after each acknowledgement. */
  readonly acknowledged: () => Promise<void>
}

/** What the hub's answer means for the bundle. */
export type Verdict =
  | { readonly kind: 'accepted' }
  /** It will never be taken: trying again changes nothing. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'later'; readonly reason: string; readonly waitMs: number | null }

const missing = 'bundle_missing'
const permanent: ReadonlySet<number> = new Set([400, 401, 403, 409, 413, 422])

/** Whether the hub itself said that trying again changes nothing; a proxy names no code of its. */
export function isPermanent(status: number, code: string): boolean {
  return permanent.has(status) && code !== `status_${status}`
}

/** Reads an answer to `POST /v1/bundles` for the bundle with this sequence, at `now`. */
export function judgeAnswer(answer: Answer, sequence: number, now: Date): Verdict {
  if (answer.kind === 'unreachable') return { kind: 'later', reason: answer.reason, waitMs: null }
  const { status, json } = answer
  if (status === 200 || status === 201) {
    // Something else may answer on that address (a captive portal): only the hub knows the sequence.
    const said =
      typeof json === 'object' && json !== null && 'sequence' in json ? json.sequence : null
    return said === sequence
      ? { kind: 'accepted' }
      : { kind: 'later', reason: 'not_an_acknowledgement', waitMs: null }
  }
  const code = problemCode(answer)
  if (isPermanent(status, code)) return { kind: 'refused', code }
  return { kind: 'later', reason: code, waitMs: retryAfterMs(answer.retryAfter, now) }
}

function retryAfterMs(header: string | null, now: Date): number | null {
  if (header === null) return null
  const seconds = /^\d{1,6}$/.test(header.trim()) ? Number(header) : Number.NaN
  const ms = Number.isNaN(seconds) ? Date.parse(header) - now.getTime() : seconds * 1000
  return Number.isNaN(ms) ? null : Math.min(limits.retryAfterMsMax, Math.max(0, ms))
}

/** Sends until `signal` is aborted. Never rejects. */
export async function runSender(parts: Parts, signal: AbortSignal): Promise<void> {
  const { spool, clock } = parts
  let failures = 0
  while (!signal.aborted) {
    const next = spool.oldest()
    if (next === null) {
      await spool.appended(signal)
      continue
    }
    const verdict = await deliver(parts, next, signal)
    if (signal.aborted) return
    const handled = await settle(parts, next, verdict)
    if (handled && verdict.kind === 'accepted') {
      failures = 0
      continue
    }
    const wait = backOffMs(failures, parts.backOff ?? limits.sendBackOff, parts.chance)
    const waitMs = Math.max(verdict.kind === 'later' ? (verdict.waitMs ?? 0) : 0, wait)
    if (verdict.kind === 'later') {
      parts.report({
        event: 'send_failed',
        reason: verdict.reason,
        attempt: failures,
        wait_ms: Math.round(waitMs),
      })
    }
    failures += 1
    await clock.sleep(waitMs, signal)
  }
}

async function deliver(parts: Parts, next: Waiting, signal: AbortSignal): Promise<Verdict> {
  let body: Uint8Array
  try {
    body = await parts.spool.read(next.sequence)
  } catch (error) {
    const reason = reasonOf(error)
    // Somebody removed it: nothing is left to send, and the hub will miss its sequence.
    if (reason === 'ENOENT') return { kind: 'refused', code: missing }
    return { kind: 'later', reason, waitMs: null }
  }
  const answer = await parts.ask(
    new URL('/v1/bundles', parts.hub).href,
    { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body },
    signal,
  )
  return judgeAnswer(answer, next.sequence, parts.clock.now())
}

/** Whether the spool took the verdict; false when its disk failed and it must be asked again. */
async function settle(parts: Parts, next: Waiting, verdict: Verdict): Promise<boolean> {
  const { spool, alarms, report } = parts
  try {
    if (verdict.kind === 'accepted') {
      await spool.acknowledged(next.sequence)
      const waited = parts.clock.now().getTime() - next.at.getTime()
      report({ event: 'crossing_sent', sequence: next.sequence, waited_ms: waited })
      await parts.acknowledged()
    } else if (verdict.kind === 'refused') {
      parts.book.afterRefusal(verdict.code, parts.clock)
      await (verdict.code === missing
        ? spool.acknowledged(next.sequence)
        : spool.refused(next.sequence))
      report({ event: 'bundle_refused', sequence: next.sequence, code: verdict.code })
      alarms.raise(
        'bundle_refused',
        verdict.code === 'epoch_destroyed'
          ? `Sequence ${next.sequence} came after the key of its day was destroyed: nobody can open it. It stays in spool/refused; report the loss.`
          : `The hub refused sequence ${next.sequence}: ${verdict.code}.`,
      )
    }
    return true
  } catch (error) {
    alarms.raise('spool_write_failed', `The spool cannot be written (${reasonOf(error)}).`)
    return false
  }
}
