/** What lanes tell the hub beside their crossings, signed: that days are over, that they live, and what was done to them. */

import { randomBytes } from 'node:crypto'

import { encodeDayClosed, signDayClosed } from '@sallyport/proof/day-closed'
import { type DeviceEvent, encodeDeviceEvent, signDeviceEvent } from '@sallyport/proof/device-event'
import { epochDay } from '@sallyport/proof/epoch'
import { noPrevious } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { sign } from '@sallyport/proof/node/ed25519'

import { askHub } from './people.ts'
import type { Port } from './port.ts'

/** Every lane closes the day before now, and sends a heartbeat. `sequences` are their last ones. */
export async function lanesSay(port: Port, sequences: readonly number[]): Promise<void> {
  const now = port.clock.now()
  const over = epochDay(new Date(now.getTime() - 86_400_000))
  for (const [at, { id, port: name, seed }] of port.lanes.entries()) {
    const closed = encodeDayClosed({
      version: 1,
      device: id,
      port: name,
      through: over,
      last_sequence: sequences[at] ?? 0,
      signed_at: now.toISOString(),
    })
    await say(`/v1/devices/${id}/closed-days`, closed, signDayClosed(seed, closed, sign), port)
    const beat = Buffer.from(
      JSON.stringify({
        device: id,
        sent_at: now.toISOString(),
        boot: randomBytes(16).toString('hex'),
        monotonic_ms: 1_000,
        spool: { bundles: 0, bytes: 0, oldest_at: null },
        camera: 'ok',
        alarms: [],
        software: 'replay',
      }),
    )
    const signature = sign(seed, Buffer.concat([Buffer.from('sallyport/heartbeat/v1\n'), beat]))
    await say(`/v1/devices/${id}/heartbeat`, beat, signature, port)
  }
}

/**
 * What each lane's computer saw of a visit, numbered and chained: the function tells the hub of it, once the
 * link is up again.
 */
export function visitsTold(port: Port): () => Promise<void> {
  const chains = port.lanes.map(() => ({ sequence: 0, previous: noPrevious }))
  return async () => {
    for (const [at, { id: device, lane, seed }] of port.lanes.entries()) {
      const chain = chains[at] ?? { sequence: 0, previous: noPrevious }
      for (const event of visit) {
        chain.sequence += 1
        const statement = encodeDeviceEvent({
          version: 1,
          device,
          lane,
          ...chain,
          observed_at: port.clock.now().toISOString(),
          boot: randomBytes(16).toString('hex'),
          monotonic_ms: 1_000 * chain.sequence,
          event,
        })
        chain.previous = sha256Hex(statement)
        const signature = signDeviceEvent(seed, statement, sign)
        await say(`/v1/devices/${device}/events`, statement, signature, port)
      }
    }
  }
}

const drive = { seen: 'happened', drive: 'sdb', serial: 'A1B2C3' } as const
const visit: readonly DeviceEvent[] = [
  { kind: 'enclosure_opened', seen: 'happened', sensor: 'door' },
  {
    kind: 'media_inserted',
    ...drive,
    bus: 'usb',
    bytes: 2_000_000_000_000,
    maker: 'Some',
    model: 'Drive',
  },
  { kind: 'media_removed', ...drive },
  { kind: 'enclosure_closed', seen: 'happened', sensor: 'door' },
]

async function say(where: string, body: Uint8Array, signature: Uint8Array, port: Port) {
  const answer = await askHub(port.hub(), where, {
    body: new Uint8Array(body),
    headers: { 'sallyport-signature': Buffer.from(signature).toString('hex') },
  })
  if (answer.status >= 300) throw new Error(`${where}: ${JSON.stringify(answer.body)}`)
}
