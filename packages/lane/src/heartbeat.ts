/** Says every few seconds that the lane lives, what waits in its spool and what is wrong. */

import type { GaugeFigures } from '@sallyport/core/gauge'
import { concat, toHex, utf8 } from '@sallyport/proof/bytes'
import { sign } from '@sallyport/proof/node/ed25519'

import type { Clock } from './clock.ts'
import type { EpochBook } from './epochs.ts'
import type { HeldEpochs } from './held-announcement.ts'
import type { Ask } from './http.ts'
import { limits } from './limits.ts'
import type { Signer } from './sealing.ts'

export type Heartbeat = {
  readonly device: string
  readonly sent_at: string
  readonly boot: string
  readonly monotonic_ms: number
  readonly spool: {
    readonly bundles: number
    readonly bytes: number
    readonly oldest_at: string | null
  }
  readonly camera: 'ok' | 'gone'
  readonly alarms: readonly string[]
  readonly software: string
  /** How the camera sees plates; a hub of before drops it. */
  readonly gauge: GaugeFigures
  /** What it seals to; a hub of before drops it. */
  readonly epochs: HeldEpochs | null
}

/** What is signed: the domain line and the body's bytes. */
export function heartbeatSignedBytes(body: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/heartbeat/v1\n'), body)
}

/** Whether the hub says that other recipients are announced than the lane holds. */
function asksToRenew(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'renew' in json && json.renew === 'epochs'
}

/** Sends heartbeats until `signal` is aborted. What gets lost is not sent again. Never rejects. */
export async function runHeartbeat(
  parts: {
    readonly hub: string
    readonly signer: Signer
    readonly clock: Clock
    readonly ask: Ask
    readonly everyMs?: number
    readonly book: Pick<EpochBook, 'renewNow'>
    readonly state: () => Omit<Heartbeat, 'device' | 'sent_at' | 'boot' | 'monotonic_ms'>
  },
  signal: AbortSignal,
): Promise<void> {
  const { signer, clock } = parts
  const url = new URL(`/v1/devices/${signer.device}/heartbeat`, parts.hub).href
  while (!signal.aborted) {
    const beat: Heartbeat = {
      device: signer.device,
      sent_at: clock.now().toISOString(),
      boot: signer.boot,
      monotonic_ms: Math.max(0, Math.round(clock.monotonicMs() - signer.bootMonotonicMs)),
      ...parts.state(),
    }
    const body = utf8(JSON.stringify(beat))
    const signature = toHex(sign(signer.signingSeed, heartbeatSignedBytes(body)))
    const headers = { 'content-type': 'application/json', 'sallyport-signature': signature }
    const answer = await parts.ask(url, { method: 'POST', headers, body }, signal)
    const everyMs = parts.everyMs ?? limits.heartbeatMs
    // Whoever answers in the hub's place gains nothing: what is fetched then has to be signed.
    const isBehind = answer.kind === 'answer' && answer.status === 200 && asksToRenew(answer.json)
    if (isBehind) parts.book.renewNow()
    await clock.sleep(isBehind ? Math.min(everyMs, limits.heartbeatSoonMs) : everyMs, signal)
  }
}
