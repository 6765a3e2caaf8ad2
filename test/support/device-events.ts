/** Events of a device by hand: what a lane signs of itself, with every field in reach. */

import {
  type DeviceEvent,
  type DeviceEventStatement,
  encodeDeviceEvent,
  signDeviceEvent,
} from '@sallyport/proof/device-event'
import { noPrevious } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'

import type { TestDevice } from './device.ts'
import type { TestHub } from './hub.ts'

/** The drive of 2018. */
export const drivePluggedIn: DeviceEvent = {
  kind: 'media_inserted',
  seen: 'happened',
  drive: 'sdb',
  bus: 'usb',
  bytes: 2_000_398_934_016,
  maker: 'WD',
  model: 'Elements 25A2',
  serial: '575834314538',
}

export type SignedEvent = { readonly bytes: Uint8Array; readonly signature: string }

/** Signs events of a device one after the other; `change` edits a statement before it is signed. */
export function eventSigner(device: TestDevice, now: () => Date = () => new Date()) {
  let sequence = 0
  let previous = noPrevious
  return (
    event: DeviceEvent,
    change: (statement: DeviceEventStatement) => DeviceEventStatement = (same) => same,
    seed: Uint8Array = device.seed,
  ): SignedEvent => {
    sequence += 1
    const bytes = encodeDeviceEvent(
      change({
        version: 1,
        device: device.id,
        lane: device.lane,
        sequence,
        previous,
        observed_at: now().toISOString(),
        boot: 'b'.repeat(32),
        monotonic_ms: sequence * 1000,
        event,
      }),
    )
    previous = sha256Hex(bytes)
    return { bytes, signature: Buffer.from(signDeviceEvent(seed, bytes)).toString('hex') }
  }
}

/** Delivers an event as a lane does. */
export async function tell(
  hub: TestHub,
  device: string,
  { bytes, signature }: SignedEvent,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const answer = await hub.request(`/v1/devices/${device}/events`, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'application/json', 'sallyport-signature': signature },
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
