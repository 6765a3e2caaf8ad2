/** A device's sign of life, as a lane signs it. */

import { randomBytes } from 'node:crypto'

import { sign } from '@sallyport/proof/node/ed25519'

import type { TestDevice } from './device.ts'
import type { TestHub } from './hub.ts'

const domain = Buffer.from('sallyport/heartbeat/v1\n')

/** Sends one heartbeat; `change` replaces fields of it. Resolves with the hub's answer. */
export async function sendHeartbeat(
  hub: TestHub,
  device: TestDevice,
  change: Readonly<Record<string, unknown>> = {},
): Promise<Response> {
  const beat = {
    device: device.id,
    sent_at: new Date().toISOString(),
    boot: randomBytes(16).toString('hex'),
    monotonic_ms: 1000,
    spool: { bundles: 0, bytes: 0, oldest_at: null },
    camera: 'ok',
    alarms: [],
    software: 'test 1.0',
    ...change,
  }
  const body = JSON.stringify(beat)
  const signature = sign(device.seed, Buffer.concat([domain, Buffer.from(body)]))
  return hub.request(`/v1/devices/${device.id}/heartbeat`, {
    method: 'POST',
    body,
    headers: { 'sallyport-signature': Buffer.from(signature).toString('hex') },
  })
}
