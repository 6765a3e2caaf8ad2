import * as crypto from 'node:crypto'

import type { CrossingReads } from '@sallyport/core/crossing'
import { parsePdq, pdqDistance, pdqOf, pdqVersion } from '@sallyport/marks/hash/pdq'
import { cut, withoutBorder } from '@sallyport/marks/hash/trim-border'
import { parseBundle, encodeBundle } from '@sallyport/proof/bundle'
import { parseManifest, verifyManifest } from '@sallyport/proof/manifest'
import { checkBodies } from '@sallyport/proof/node/bundle-check'
import { generateSigningKey, verify } from '@sallyport/proof/node/ed25519'
import { generateIdentity, openSeal } from '@sallyport/proof/node/seal'
import { cropPlate, encodeJpeg } from '@sallyport/vision/encode'
import { boxOf } from '@sallyport/vision/geometry'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import sharp from 'sharp'
import { expect, test } from 'vitest'

import { limits } from './limits.ts'
import {
  type Sighting,
  type Signer,
  classesOf,
  composeCrossing,
  composeGap,
  sealSighting,
} from './sealing.ts'
import { testLook, testPicture } from './testing/pictures.ts'
import { testClock } from './testing/time.ts'

const key = generateSigningKey()
const signer: Signer = {
  device: 'd'.repeat(32),
  lane: 'lane-1',
  port: 'north',
  boot: 'b'.repeat(32),
  bootMonotonicMs: 0,
  signingSeed: key.privateKey,
}
const epochIdentity = generateIdentity()
const epoch = { day: '2026-11-22', recipient: epochIdentity.recipient }
const link = { sequence: 7, previous: 'a'.repeat(64) }

function sighting(change: Partial<Sighting> = {}): Sighting {
  const look = { ...testLook('SECRET7'), frame: 0, atMs: 0 }
  return {
    source: 'camera',
    plate: {
      kind: 'read',
      text: 'SECRET7',
      confidence: 0.99,
      characters: look.characters,
      jurisdiction: null,
      looks: 1,
      agreement: 1,
    },
    looks: [look],
    scene: testPicture(),
    platePicture: testPicture([], { width: 120, height: 50 }),
    plateCorners: look.corners,
    takenAt: new Date('2026-11-22T08:00:00.123Z'),
    monotonicMs: 5_000,
    triggeredMs: 4_000,
    models: { detector: 'd', reader: 'r' },
    faces: null,
    rear: null,
    ...change,
  }
}

async function bundleOf(one: Sighting): Promise<{ bytes: Uint8Array; laneMs: number }> {
  const clock = testClock()
  clock.advance(5_500)
  const sealed = await sealSighting(
    one,
    { ...epoch, hybrid: null },
    { clock, random: crypto.randomBytes },
  )
  return { bytes: encodeBundle(composeCrossing(sealed, link, signer)), laneMs: sealed.laneMs }
}

test('the holder of the epoch key opens scene, plate and reads; the manifest fits them', async () => {
  const { bytes } = await bundleOf(sighting())
  const bundle = parseBundle(bytes)
  if (bundle.kind === 'refused') throw new Error(bundle.detail)
  expect(checkBodies(bundle)).toBeNull()
  expect(verifyManifest(key.publicKey, bundle.manifestBytes, bundle.signature, verify)).toBe(true)
  expect(bundle.manifest).toMatchObject({
    kind: 'crossing',
    sequence: 7,
    previous: link.previous,
    epoch,
    captured_at: '2026-11-22T08:00:00.123Z',
  })
  const opened = bundle.bodies.map((body) => openSeal(body, epochIdentity.identity))
  expect(opened.every(({ kind }) => kind === 'opened')).toBe(true)
  expect(bundle.manifest.bodies.map((body) => body.class)).toEqual(['scene', 'plate', 'reads'])
  const [scene, plate, reads] = opened.map((one) =>
    one.kind === 'opened' ? one.plaintext : new Uint8Array(),
  )
  expect((await sharp(scene).metadata()).format).toBe('jpeg')
  expect((await sharp(plate).metadata()).width).toBe(120)
  const said = JSON.parse(Buffer.from(reads ?? []).toString()) as CrossingReads
  expect(said).toMatchObject({
    version: 1,
    source: 'camera',
    plate: { text: 'SECRET7' },
    laneMs: 1500,
  })
})

test('what two cameras saw is sealed in one crossing, each picture named for its end', async () => {
  const front = sighting()
  const { plate, looks, plateCorners } = front
  const rear = {
    ...{ plate, looks, plateCorners, front: plate, pair: 'equal' as const },
    ...{ scene: testPicture([], { width: 640, height: 360 }), platePicture: null },
  }
  const both = sighting({ rear })
  const bundle = parseBundle((await bundleOf(both)).bytes)
  if (bundle.kind === 'refused') throw new Error(bundle.detail)
  const { bodies } = bundle.manifest
  expect(bodies.map((body) => body.class)).toEqual(['scene', 'plate', 'scene', 'reads'])
  expect(classesOf(both)).toEqual(['scene', 'plate', 'scene', 'reads'])
  const reads = openSeal(bundle.bodies[3]!, epochIdentity.identity)
  if (reads.kind === 'refused') throw new Error('the reads open')
  const said = JSON.parse(Buffer.from(reads.plaintext).toString()) as CrossingReads
  expect(said.rear).toMatchObject({ pair: 'equal', captures: [bodies[2]?.id] })
  expect(said.rear?.picture).toEqual({ width: 640, height: 360 })
  expect(said.copies?.pictures.map(({ width }) => width)).toEqual([
    Math.min(front.scene.width, limits.sceneSideMax),
    120,
    640,
  ])
})

/** Squares of 12 pixels, light and dark by no rule: a flat picture has no hash to speak of. */
function squares(width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const [column, row] = [Math.floor((at % width) / 12), Math.floor(at / width / 12)]
    data.fill(
      (Math.imul(column * 7919 + row * 104_729, 2_654_435_761) >>> 24) & 255,
      3 * at,
      3 * at + 3,
    )
  }
  return { width, height, data }
}

test('copies of the sealed pictures are known again by what is sealed with them', async () => {
  const wide = squares(2400, 400)
  const { corners } = testLook('SECRET7')
  const platePicture = cropPlate(wide, corners, limits.plateMargin)
  const { bytes } = await bundleOf(sighting({ scene: wide, platePicture }))
  const bundle = parseBundle(bytes)
  if (bundle.kind === 'refused') throw new Error(bundle.detail)
  const [scene, plate, reads] = bundle.bodies.map((body) => {
    const opened = openSeal(body, epochIdentity.identity)
    return opened.kind === 'opened' ? opened.plaintext : new Uint8Array()
  })
  const { copies } = JSON.parse(Buffer.from(reads ?? []).toString()) as CrossingReads
  expect(copies?.algorithm).toBe(pdqVersion)
  expect(copies?.pictures.map(({ capture }) => capture)).toEqual(
    bundle.manifest.bodies.slice(0, 2).map(({ id }) => id),
  )
  for (const [at, jpeg] of [scene, plate].entries()) {
    const decoded = await decodePicture(jpeg ?? new Uint8Array())
    if (decoded.kind === 'refused') throw new Error(decoded.detail)
    const trait = copies?.pictures[at]
    const { width, height } = decoded.picture
    expect(trait).toMatchObject({ width, height })
    const pixels = { ...decoded.picture, channels: 3 } as const
    const { hash } = pdqOf(cut(pixels, withoutBorder(pixels)))
    // Compressing moves a few of the 256 bits; strangers are 90 and more apart.
    expect(pdqDistance(parsePdq(trait?.hash ?? '')!, hash)).toBeLessThan(16)
    // The plate's box lies in the picture, as wide as the plate is in it.
    const box = trait?.plate
    if (box === null || box === undefined) throw new Error('the crossing has a plate')
    expect(box.x + box.width).toBeLessThanOrEqual(width)
  }
  const plateWidth = boxOf(corners).width
  expect(copies?.pictures[0]?.plate?.width).toBe(Math.round(plateWidth * 0.8))
  expect(copies?.pictures[1]?.plate?.width).toBe(Math.round(plateWidth))
})

test('nothing that the lane holds opens what it sealed', async () => {
  const { bytes } = await bundleOf(sighting())
  const bundle = parseBundle(bytes)
  if (bundle.kind === 'refused') throw new Error(bundle.detail)
  const anotherDay = generateIdentity()
  for (const body of bundle.bodies) {
    expect(openSeal(body, anotherDay.identity)).toMatchObject({ code: 'no_matching_recipient' })
    // The device key taken for an age identity of the same curve.
    const scalar = Uint8Array.from(key.privateKey)
    const fromDeviceKey = generateIdentity(() => scalar)
    expect(openSeal(body, fromDeviceKey.identity)).toMatchObject({ code: 'no_matching_recipient' })
  }
})

test('neither plate nor pixels stand in the bundle in clear', async () => {
  const one = sighting()
  const { bytes } = await bundleOf(one)
  const held = Buffer.from(bytes)
  expect(held.includes('SECRET7')).toBe(false)
  const jpeg = Buffer.from(await encodeJpeg(one.scene, 84))
  for (let at = 0; at + 32 <= jpeg.length; at += 32) {
    expect(held.includes(jpeg.subarray(at, at + 32))).toBe(false)
  }
})

test('two seals of the same picture share nothing', async () => {
  const [first, second] = await Promise.all([bundleOf(sighting()), bundleOf(sighting())])
  const [a, b] = [parseBundle(first.bytes), parseBundle(second.bytes)]
  if (a.kind === 'refused' || b.kind === 'refused') throw new Error('malformed')
  expect(
    Buffer.from(a.bodies[0]?.body ?? [])
      .subarray(0, 64)
      .equals(Buffer.from(b.bodies[0]?.body ?? []).subarray(0, 64)),
  ).toBe(false)
  expect(a.manifest.crossing).not.toBe(b.manifest.crossing)
})

test('a crossing without a plate has no plate body; a large scene is scaled down', async () => {
  const wide = testPicture([], { width: 2400, height: 400 })
  const { bytes } = await bundleOf(
    sighting({
      platePicture: null,
      plateCorners: null,
      scene: wide,
      looks: [],
      plate: { kind: 'unreadable', reason: 'no_plate_found' },
    }),
  )
  const bundle = parseBundle(bytes)
  if (bundle.kind === 'refused') throw new Error(bundle.detail)
  expect(bundle.manifest.bodies.map((body) => body.class)).toEqual(['scene', 'reads'])
  const scene = openSeal(
    bundle.bodies[0] ?? { header: new Uint8Array(), body: new Uint8Array() },
    epochIdentity.identity,
  )
  expect(scene.kind === 'opened' && (await sharp(scene.plaintext).metadata()).width).toBe(1920)
})

test('a signed gap says what was dropped and carries nothing', () => {
  const gap = {
    reason: 'no_epoch' as const,
    dropped: { scene: 3, plate: 1 },
    from: '2026-11-22T01:00:00.000Z',
    to: '2026-11-22T02:00:00.000Z',
  }
  const at = { crossing: 'c'.repeat(32), now: new Date('2026-11-22T03:00:00.000Z'), monotonicMs: 9 }
  const { manifest, bodies, signature } = composeGap(gap, epoch, at, link, signer)
  const parsed = parseManifest(manifest)
  expect(bodies).toEqual([])
  expect(verifyManifest(key.publicKey, manifest, signature, verify)).toBe(true)
  expect(parsed).toMatchObject({
    kind: 'manifest',
    manifest: {
      kind: 'gap',
      gap: {
        dropped: [
          { class: 'scene', count: 3 },
          { class: 'plate', count: 1 },
        ],
        reason: 'no_epoch',
      },
    },
  })
})
