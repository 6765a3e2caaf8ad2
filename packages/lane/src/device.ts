/** Who this lane is: what enrolment left in its directory. */

import * as fs from 'node:fs/promises'
import * as path from 'node:path'

import { directions, laneKinds } from '@sallyport/core/crossing'
import { fromHex } from '@sallyport/proof/bytes'
import { publicKeyOf } from '@sallyport/proof/node/ed25519'
import { z } from 'zod'

const hex32 = z.string().regex(/^[0-9a-f]{64}$/)
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)

/** What the hub says of a device when it enrols it. Unknown keys are dropped. */
export const enrolledShape = z.object({
  device: z.string().regex(/^[0-9a-f]{32}$/),
  lane: z.object({
    id: name,
    name: z.string().max(200),
    direction: z.enum(directions),
    kind: z.enum(laneKinds),
  }),
  port: z.object({ id: name, zone: z.string().max(100) }),
  agency_key: hex32,
  log_vkey: z.string().max(500),
})

export const deviceFileShape = enrolledShape.extend({
  version: z.literal(1),
  hub: z.url({ protocol: /^https?$/ }),
  enrolled_at: z.iso.datetime({ precision: 3 }),
})
export type DeviceFile = z.infer<typeof deviceFileShape>

export type Device = DeviceFile & {
  /** Ed25519 seed: signs manifests and heartbeats, opens nothing. */
  readonly signingSeed: Uint8Array
  readonly agencyKey: Uint8Array
}

export const deviceFileName = 'device.json'
export const deviceKeyName = 'device.key'
export const epochsFileName = 'epochs.json'
export const closedFileName = 'closed-days.json'
export const spoolName = 'spool'
export const verdictsName = 'verdicts'

export type DeviceRefusal = 'not_enrolled' | 'device_damaged'
export type LoadedDevice =
  | { readonly kind: 'device'; readonly device: Device }
  | { readonly kind: 'refused'; readonly code: DeviceRefusal; readonly detail: string }

/** Reads `device.json` and `device.key` of an enrolled lane. */
export async function loadDevice(directory: string): Promise<LoadedDevice> {
  const file = path.join(directory, deviceFileName)
  let text: string
  try {
    text = await fs.readFile(file, 'utf8')
  } catch {
    return {
      kind: 'refused',
      code: 'not_enrolled',
      detail: `${directory} holds no enrolled device. Enrol it with a one-time code from the hub.`,
    }
  }
  const parsed = deviceFileShape.safeParse(parseJson(text))
  const seed = await readSigningSeed(directory)
  const agencyKey = parsed.success ? fromHex(parsed.data.agency_key) : null
  if (!parsed.success || seed === null || agencyKey === null) {
    return {
      kind: 'refused',
      code: 'device_damaged',
      detail: `${file} or ${deviceKeyName} beside it is damaged; enrol this device again.`,
    }
  }
  return { kind: 'device', device: { ...parsed.data, signingSeed: seed, agencyKey } }
}

/** The seed in `device.key`; null when there is none or it is not one. */
export async function readSigningSeed(directory: string): Promise<Uint8Array | null> {
  try {
    const text = await fs.readFile(path.join(directory, deviceKeyName), 'utf8')
    const seed = fromHex(text.trim())
    if (seed?.length !== 32) return null
    publicKeyOf(seed)
    return seed
  } catch {
    return null
  }
}

/** JSON of untrusted text; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
