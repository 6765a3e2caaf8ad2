/** A device that enrols and makes bundles by hand: what a lane does, with every field in reach. */

import { createHash, randomBytes } from 'node:crypto'

import type { BodyClass, CrossingReads } from '@sallyport/core/crossing'
import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import { encodeBundle } from '@sallyport/proof/bundle'
import { epochDay, verifyEpochs } from '@sallyport/proof/epoch'
import { encodeManifest, type Manifest, noPrevious, signManifest } from '@sallyport/proof/manifest'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { generateSigningKey, sign } from '@sallyport/proof/node/ed25519'
import { seal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import { insertLane } from '@sallyport/store/lanes'

import { drawnJpeg } from './drawn-picture.ts'
import type { SealedFaces } from './faces.ts'
import type { TestHub } from './hub.ts'

export type TestDevice = {
  readonly id: string
  readonly lane: string
  readonly port: string
  readonly seed: Uint8Array
  readonly recipient: string
  readonly day: string
  /** Makes the bundle of the next crossing; `change` edits its manifest before it is signed. */
  bundle(options?: BundleOptions): TestBundle
}

export type BundleOptions = {
  readonly plate?: string
  readonly picture?: Uint8Array
  readonly change?: (manifest: Manifest) => Manifest
  /** Signs with another key than the enrolled one. */
  readonly seed?: Uint8Array
  readonly reads?: Uint8Array
  /** Seals each body to this instead of the device's recipient. */
  readonly recipientOf?: (bodyClass: BodyClass) => string
  /** Faces as `sealedFaces` seals them: bodies, and their part of the reads. */
  readonly faces?: {
    readonly bodies: readonly Pick<SealedFaces['bodies'][number], 'id' | 'header' | 'body'>[]
    readonly part?: SealedFaces['part']
  }
  /** Adds a face of the same size and makes the plate as large: three pictures of one size. */
  readonly third?: boolean
}

export type TestBundle = {
  readonly bytes: Uint8Array
  readonly manifest: Manifest
  readonly manifestBytes: Uint8Array
}

/** Adds a lane to the hub and enrols a device there, through the API. */
export async function enrolTestDevice(hub: TestHub, lane: string): Promise<TestDevice> {
  const { parts } = hub.hub
  await insertLane(parts.db, {
    id: lane,
    name: `Lane ${lane}`,
    port: 'test-port',
    direction: 'in',
    kind: 'vehicle',
    created_at: new Date(),
  })
  const { code } = await makeEnrolmentCode(lane, parts)
  return enrolByCode(code, lane, (where, init) => hub.request(where, init), parts.now)
}

/** Enrols a new key with a code and fetches the epochs. */
export async function enrolByCode(
  code: string,
  lane: string,
  request: (path: string, init?: RequestInit) => Promise<Response>,
  now: () => Date = () => new Date(),
): Promise<TestDevice> {
  const key = generateSigningKey(randomBytes)
  const answer = await request('/v1/devices/enrol', {
    method: 'POST',
    body: JSON.stringify({ code, public_key: Buffer.from(key.publicKey).toString('hex') }),
  })
  if (answer.status !== 201) throw new Error(`enrolment failed: ${await answer.text()}`)
  const { device, agency_key, port } = (await answer.json()) as {
    device: string
    agency_key: string
    port: { id: string }
  }
  const epochs = (await (await request(`/v1/ports/${port.id}/epochs`)).json()) as {
    document: string
    signature: string
  }
  const verified = verifyEpochs(
    Buffer.from(agency_key, 'hex'),
    Buffer.from(epochs.document, 'base64'),
    Buffer.from(epochs.signature, 'hex'),
  )
  if (verified.kind !== 'trusted') throw new Error(`epochs refused: ${verified.detail}`)
  const day = epochDay(now())
  const recipient = verified.epochs.find((epoch) => epoch.day === day)?.recipient ?? ''
  return makeDevice({ id: device, lane, port: port.id, seed: key.privateKey, recipient, day, now })
}

function makeDevice(known: {
  id: string
  lane: string
  port: string
  seed: Uint8Array
  recipient: string
  day: string
  now: () => Date
}): TestDevice {
  let sequence = 0
  let previous = noPrevious
  const boot = randomBytes(16).toString('hex')
  return {
    ...known,
    bundle({
      plate = 'TEST123',
      picture = drawnJpeg(3000),
      change = (manifest: Manifest) => manifest,
      seed = known.seed,
      reads,
      third = false,
      recipientOf = () => known.recipient,
      faces,
    } = {}) {
      const bodies = [
        { class: 'scene' as const, plaintext: picture },
        {
          class: 'plate' as const,
          // A part of a JPEG would be none.
          plaintext:
            third || picture[0] === 0xff
              ? picture
              : picture.subarray(0, Math.ceil(picture.length / 3)),
        },
        ...(third ? [{ class: 'face' as const, plaintext: picture }] : []),
        {
          class: 'reads' as const,
          plaintext: reads ?? Buffer.from(JSON.stringify({ ...readsOf(plate), ...partOf(faces) })),
        },
      ].map((one) => ({
        class: one.class as BodyClass,
        id: randomBytes(16).toString('hex'),
        ...sealed(one.plaintext, recipientOf(one.class)),
      }))
      for (const { id, header, body } of faces?.bodies ?? [])
        bodies.push({ class: 'face', id, header, body })
      sequence += 1
      const at = known.now().toISOString()
      const manifest = change({
        version: 1,
        kind: 'crossing',
        crossing: randomBytes(16).toString('hex'),
        device: known.id,
        lane: known.lane,
        port: known.port,
        sequence,
        previous,
        boot,
        monotonic_ms: sequence * 1000,
        captured_at: at,
        sealed_at: at,
        epoch: { day: known.day, recipient: known.recipient },
        bodies: bodies.map(({ id, class: name, header, body }) => ({
          id,
          class: name,
          bytes: body.length,
          sha256: sha256Hex(body),
          header_sha256: sha256Hex(header),
        })),
      })
      const manifestBytes = encodeManifest(manifest)
      previous = createHash('sha256').update(manifestBytes).digest('hex')
      const signature = signManifest(seed, manifestBytes, sign)
      return {
        bytes: encodeBundle({
          manifest: manifestBytes,
          signature,
          bodies: manifest.kind === 'gap' ? [] : bodies,
        }),
        manifest,
        manifestBytes,
      }
    },
  }
}

function partOf(faces: BundleOptions['faces']) {
  return faces?.part === undefined ? {} : { faces: faces.part }
}

function sealed(
  plaintext: Uint8Array,
  recipient: string,
): { header: Uint8Array; body: Uint8Array } {
  const split = splitSeal(seal(plaintext, [recipient]))
  if (split === null) throw new Error('a fresh seal splits')
  return split
}

/** Reads as a lane would write them for a plate that every look agreed on. */
export function readsOf(plate: string): CrossingReads {
  const characters = Array.from(plate, (character) => ({
    character,
    confidence: 0.97,
    alternatives: [],
  }))
  const corner = { x: 100, y: 100 }
  const common = {
    text: plate,
    confidence: 0.95,
    characters,
    jurisdiction: { code: 'US', confidence: 0.9 },
  }
  return {
    version: 1,
    source: 'camera',
    picture: { width: 1280, height: 720 },
    plate: { kind: 'read', ...common, looks: 1, agreement: 1 },
    looks: [
      {
        ...common,
        corners: [corner, corner, corner, corner],
        box: { x: 100, y: 100, width: 100, height: 50 },
        alternatives: [],
        detection: 0.9,
        plateWidthPx: 100,
        frame: 0,
        atMs: 0,
      },
    ],
    models: { detector: 'test', reader: 'test' },
    laneMs: 12,
  }
}

/** Delivers a bundle as a lane does. */
export function deliver(hub: TestHub, bytes: Uint8Array): Promise<Response> {
  return hub.request('/v1/bundles', {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'content-type': 'application/octet-stream' },
  })
}
