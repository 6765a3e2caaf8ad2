/** A heartbeat as a lane sends it, with what it says of the keys that it seals to. */

import { randomBytes } from 'node:crypto'

import { sign } from '@sallyport/proof/node/ed25519'

import type { TestDevice } from './device.ts'
import type { TestHub } from './hub.ts'

/** `epochs` as a lane of today says them; null as one of before, which says nothing. */
export function sendHeartbeat(
  hub: TestHub,
  by: TestDevice,
  now: Date,
  epochs: Readonly<Record<string, unknown>> | null,
): Promise<Response> {
  const body = Buffer.from(
    JSON.stringify({
      device: by.id,
      sent_at: now.toISOString(),
      boot: randomBytes(16).toString('hex'),
      monotonic_ms: 1,
      spool: { bundles: 0, bytes: 0, oldest_at: null },
      camera: 'ok',
      alarms: [],
      software: 'test',
      ...(epochs === null ? {} : { epochs }),
    }),
  )
  const signed = Buffer.concat([Buffer.from('sallyport/heartbeat/v1\n'), body])
  return hub.request(`/v1/devices/${by.id}/heartbeat`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'sallyport-signature': Buffer.from(sign(by.seed, signed)).toString('hex'),
    },
  })
}
