/**
 * A hand-over page of the computer it runs on: what is attached, what lies in the lane's directory, which keys it
 * has. Signed with the device's key (specs/manifest.md, Hand-over). It writes nothing.
 */

import * as path from 'node:path'

import { fromUtf8, toHex } from '@sallyport/proof/bytes'
import {
  type AttestedDrive,
  type DeviceAttestation,
  encodeDeviceAttestation,
  signDeviceAttestation,
  type UnreadPart,
} from '@sallyport/proof/device-attestation'
import { limits as proofLimits } from '@sallyport/proof/limits'
import type { Random } from '@sallyport/proof/node/age-payload'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { lockDirectory } from '@sallyport/proof/node/directory-lock'
import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'
import { z } from 'zod'

import type { Clock } from '../clock.ts'
import { type Device, epochsFileName, loadDevice, parseJson } from '../device.ts'
import type { DurableFiles } from '../durable-files.ts'
import { judgeEpochs } from '../epochs.ts'
import { type Ask, problemCode } from '../http.ts'
import { clockStep, sinceLastLook } from '../machine/changes.ts'
import { readEventChain } from '../machine/event-book.ts'
import type { Look, Machine } from '../machine/machine.ts'
import { keptOrder } from '../maintenance/duty.ts'
import { scanDirectory } from './directory-scan.ts'
import { type Inventory, takeInventory } from './inventory.ts'

export type AttestParts = {
  readonly ask: Ask
  readonly files: DurableFiles
  readonly clock: Clock
  readonly random: Random
  readonly machine: Machine
  /** Where `/sys` and `/proc` lie. */
  readonly root: string
  readonly software: DeviceAttestation['software']
}

export type AttestRefusal =
  | 'not_enrolled'
  | 'device_damaged'
  | 'in_service'
  | 'directory_unusable'
  | 'hub_unreachable'
  | 'hub_refused'

export type Attested =
  | {
      readonly kind: 'attested'
      readonly device: Device
      readonly statement: DeviceAttestation
      readonly bytes: Uint8Array
      /** 64 bytes. */
      readonly signature: Uint8Array
    }
  | { readonly kind: 'refused'; readonly code: AttestRefusal; readonly detail: string }

/** Which hub is asked first; without one, nothing but the lane's clock says when the page was made. */
export type HubAsked =
  | { readonly kind: 'enrolled_with' }
  | { readonly kind: 'at'; readonly url: string }
  | { readonly kind: 'none' }

/** Looks at this computer and the lane in `directory`, and signs what was found. */
export async function attest(
  { directory, hub }: { readonly directory: string; readonly hub: HubAsked },
  parts: AttestParts,
): Promise<Attested> {
  const loaded = await loadDevice(directory)
  if (loaded.kind === 'refused') return loaded
  const { device } = loaded
  const lock = lockDirectory(directory)
  if (lock.kind === 'refused' && lock.code === 'directory_unusable')
    return refuse('directory_unusable', lock.detail)
  try {
    const isRunning = lock.kind === 'refused'
    const order = await keptOrder(directory, parts.files)
    if (isRunning && order === null) return inService
    const address = hub.kind === 'at' ? hub.url : device.hub
    const compared = hub.kind === 'none' ? alone : await compareClock(address, device, parts)
    if ('code' in compared) return compared
    const statement = await lookAt(device, { directory, order, clock: compared }, parts)
    // Whoever ended the work meanwhile had the lane read and keep again.
    if (isRunning && (await keptOrder(directory, parts.files)) !== order) return inService
    const bytes = encodeDeviceAttestation(statement)
    const signature = signDeviceAttestation(device.signingSeed, bytes, sign)
    return { kind: 'attested', device, statement, bytes, signature }
  } finally {
    if (lock.kind === 'locked') lock.release()
  }
}

const alone = { kind: 'alone' } as const
const inService = refuse(
  'in_service',
  'The lane is in service: what it holds changes while it is looked at. Let its work order begin (sallyport device begin ORDER), or stop the lane.',
)

const challengeShape = z.object({
  challenge: z.string().regex(/^[0-9a-f]{32}$/),
  at: z.iso.datetime(),
})

async function compareClock(
  hub: string,
  { device }: Device,
  { ask, clock }: AttestParts,
): Promise<DeviceAttestation['clock'] | Extract<Attested, { readonly kind: 'refused' }>> {
  const url = new URL(`/v1/devices/${device}/attestation-challenges`, hub).href
  const [askedMs, askedAt] = [clock.monotonicMs(), clock.now().getTime()]
  const answer = await ask(url, { method: 'POST' }, AbortSignal.timeout(60_000))
  if (answer.kind === 'unreachable')
    return refuse(
      'hub_unreachable',
      `The hub at ${hub} does not answer (${answer.reason}). Attest without it: --output FILE --alone, and hand the file in later.`,
    )
  const parsed = challengeShape.safeParse(answer.json)
  if (!parsed.success) return refuse('hub_refused', `The hub refused: ${problemCode(answer)}.`)
  const tookMs = clock.monotonicMs() - askedMs
  const { challenge, at } = parsed.data
  const hubAt = new Date(at)
  return {
    kind: 'compared',
    challenge,
    hub_at: hubAt.toISOString(),
    offset_ms: Math.round(askedAt + tookMs / 2 - hubAt.getTime()),
    round_trip_ms: tookMs,
  }
}

async function lookAt(
  device: Device,
  {
    directory,
    order,
    clock: compared,
  }: {
    readonly directory: string
    readonly order: string | null
    readonly clock: DeviceAttestation['clock']
  },
  { files, clock, random, machine, root, software }: AttestParts,
): Promise<DeviceAttestation> {
  const publicKey = publicKeyOf(device.signingSeed)
  const [beganWall, beganSteady] = [clock.now().getTime(), clock.monotonicMs()]
  const before = await machine.look(null)
  const names = before.drives?.map(({ name }) => name) ?? []
  const inventory = await takeInventory(names, root)
  const scan = await scanDirectory(directory, publicKey)
  const chain = await readEventChain(directory, files)
  const epochs = await epochsOf(directory, device, files)
  const after = await machine.look(null)
  const now = clock.now()
  const changes = [
    ...sinceLastLook(before, after),
    ...clockStep(now.getTime() - beganWall, clock.monotonicMs() - beganSteady),
  ].map(({ kind }) => kind)
  return {
    version: 1,
    attestation: toHex(random(16)),
    device: device.device,
    lane: device.lane.id,
    port: device.port.id,
    made_at: now.toISOString(),
    state: order === null ? { kind: 'stopped' } : { kind: 'in_maintenance', order },
    clock: compared,
    software,
    boot: before.boot ?? '',
    unread: unreadOf(before, inventory),
    usb_ports: inventory.usbPorts ?? { ports: 0, taken: 0 },
    ...listsOf(before, inventory),
    keys: {
      device_public_key: toHex(publicKey),
      agency_public_key: device.agency_key,
      epochs,
    },
    ...scan,
    events: { last: chain.sequence, sha256: chain.previous, waiting: chain.waiting },
    changes: [...new Set(changes)],
  }
}

function unreadOf(look: Look, { mounts, networks, usbPorts }: Inventory): readonly UnreadPart[] {
  const parts: readonly (readonly [UnreadPart, unknown])[] = [
    ['boot', look.boot],
    ['drives', look.drives],
    ['mounts', mounts],
    ['networks', networks],
    ['usb', look.usb],
    ['usb_ports', usbPorts],
  ]
  return parts.flatMap(([part, found]) => (found === null ? [part] : []))
}

function listsOf(
  look: Look,
  { mounts, networks }: Inventory,
): Pick<DeviceAttestation, 'usb' | 'networks' | 'drives' | 'left_out'> {
  let left_out = 0
  const upTo = <T>(most: number, all: readonly T[]): readonly T[] => {
    left_out += Math.max(0, all.length - most)
    return all.slice(0, most)
  }
  const { attestedMax, attestedMountsMax } = proofLimits
  const drives: readonly AttestedDrive[] = upTo(attestedMax, look.drives ?? []).map(
    ({ name, bus, bytes, maker, model, serial }) => ({
      ...{ name, bus, bytes, maker, model, serial },
      mounts: upTo(attestedMountsMax, mounts?.get(name) ?? []),
    }),
  )
  return {
    usb: upTo(attestedMax, look.usb ?? []),
    networks: upTo(attestedMax, networks ?? []),
    drives,
    left_out,
  }
}

async function epochsOf(
  directory: string,
  device: Device,
  files: DurableFiles,
): Promise<DeviceAttestation['keys']['epochs']> {
  const bytes = await files.read(path.join(directory, epochsFileName)).catch(() => null)
  const kept = parseJson((bytes && fromUtf8(bytes)) ?? '')
  const judged = judgeEpochs(kept, device, null)
  if (judged.kind === 'refused') return { kind: 'none' }
  const { epochs } = judged.document
  const [first, last] = [epochs[0]?.day, epochs.at(-1)?.day]
  if (first === undefined || last === undefined) return { kind: 'none' }
  const document_sha256 = sha256Hex(judged.bytes)
  return { kind: 'kept', first, last, recipients: epochs.length, document_sha256 }
}

function refuse(
  code: AttestRefusal,
  detail: string,
): Extract<Attested, { readonly kind: 'refused' }> {
  return { kind: 'refused', code, detail }
}
