import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

import sharp, { type Sharp } from 'sharp'
import { describe, expect, test } from 'vitest'

import type { Pixels } from '../pixels.ts'
import { createHashIndex } from './hash-index.ts'
import {
  type Orientation,
  orientations,
  parsePdq,
  pdqDistance,
  type PdqHash,
  pdqNear,
  pdqOf,
  pdqOrientations,
  pdqText,
} from './pdq.ts'
import { cut, withoutBorder } from './trim-border.ts'

const vectors = new URL('../../../../../shared/vectors/pdq/', import.meta.url)

async function decoded(file: URL | Buffer): Promise<Pixels> {
  const bytes = file instanceof URL ? await readFile(file) : file
  const { data, info } = await sharp(bytes).removeAlpha().toColourspace('srgb').raw().toBuffer({
    resolveWithObject: true,
  })
  return { width: info.width, height: info.height, channels: 3, data }
}

/** Blobs of chance: something at every scale, the same for the same seed. */
function drawn(seed: number, width = 320, height = 240): Pixels {
  const chance = seeded(seed)
  const data = new Uint8Array(width * height * 3).fill(90)
  for (let blob = 0; blob < 60; blob++) {
    const [x, y, radius] = [chance() * width, chance() * height, 6 + chance() * 60]
    const colour = [chance() * 255, chance() * 255, chance() * 255]
    for (let row = Math.max(0, Math.floor(y - radius)); row < Math.min(height, y + radius); row++) {
      for (let at = Math.max(0, Math.floor(x - radius)); at < Math.min(width, x + radius); at++) {
        if ((at - x) ** 2 + (row - y) ** 2 > radius ** 2) continue
        for (let channel = 0; channel < 3; channel++)
          data[(row * width + at) * 3 + channel] = colour[channel] ?? 0
      }
    }
  }
  return { width, height, channels: 3, data }
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const raw = ({ width, height, data }: Pixels) =>
  sharp(data, { raw: { width, height, channels: 3 } })

describe.skipIf(!existsSync(vectors))(
  'published pictures (skipped: no ../shared/vectors/pdq)',
  () => {
    // Exact where the picture needs no scaling; the published tool scales larger ones differently.
    test.each([
      [
        'shrink-a-lot.jpg',
        'd0f8f1ccc0f4a84d0a370a3a228f67f0b36e2ed5b6623e1d33e6339c4e9c9b22',
        100,
        0,
      ],
      [
        'square-128x128.jpg',
        'd8f8f1eec0f4a84f0e37022a078f63f0b36e2ed596621e1d33e6239c4e9c9b22',
        100,
        0,
      ],
      [
        'square-256x256.jpg',
        'd8f8f0cec4f4a84f0637022a078f67f0b36e2ee5b6621e1d33e6239c4e9c9b22',
        100,
        0,
      ],
      [
        'square-512x512.jpg',
        'd8f8f0cec0f4a84f0637022a278f67f0b36e2ed596621e1d33e6339c4e9c9b22',
        100,
        0,
      ],
      ['wee.jpg', '6227401f601ff4ccafcc9fad4b0d95d371a2eb7265a3285234d228ca94deeb2d', 100, 0],
      ['small.jpg', '0007001f003f003f007f00ff00ff00ff01ff01ff01ff03ff03ff03ff03ff03ff', 0, 256],
      ['aaa-orig.jpg', 'd8f8f0cee0f4a84f0637022a078f67f0b36e2ed596621e1d33e6339c4e9c9b22', 100, 10],
    ])('%s', async (name, hash, quality, apart) => {
      const own = pdqOf(await decoded(new URL(name, vectors)))
      expect(own.quality).toBe(quality)
      const expected = parsePdq(hash) ?? new Uint32Array(8)
      expect(pdqDistance(own.hash, expected)).toBeLessThanOrEqual(apart)
    })

    test('needles in the published haystack: the index finds what looking at each one finds', async () => {
      const read = async (name: string): Promise<readonly PdqHash[]> =>
        (await readFile(new URL(name, vectors), 'utf8'))
          .split('\n')
          .flatMap((line) => /[0-9a-f]{64}/.exec(line)?.[0] ?? [])
          .map((text) => parsePdq(text) ?? new Uint32Array(8))
      const haystack = await read('haystack.txt')
      const needles = await read('needles.txt')
      expect(haystack.length).toBeGreaterThan(1_000)
      let hits = 0
      const index = createHashIndex(joined(haystack))
      for (const needle of needles) {
        const all = linear(haystack, needle)
        expect(index.near(needle)).toEqual(all)
        hits += all.length
      }
      expect(hits).toBeGreaterThan(0)
    })
  },
)

test('a hash survives JPEG, scaling, blur and light; another picture is far', async () => {
  const picture = drawn(1)
  const { hash, quality } = pdqOf(picture)
  expect(quality).toBeGreaterThanOrEqual(50)
  for (const change of [
    raw(picture).jpeg({ quality: 30 }),
    raw(picture).resize(160).png(),
    raw(picture).resize(900).png(),
    raw(picture).blur(2).png(),
    raw(picture).modulate({ brightness: 1.1 }).png(),
  ]) {
    const changed = pdqOf(await decoded(await change.toBuffer()))
    expect(pdqDistance(changed.hash, hash)).toBeLessThanOrEqual(pdqNear)
  }
  expect(pdqDistance(pdqOf(drawn(2)).hash, hash)).toBeGreaterThan(80)
})

test.each<[Orientation, (picture: Sharp) => Sharp]>([
  ['turned_90', (picture) => picture.rotate(90)],
  ['turned_180', (picture) => picture.rotate(180)],
  ['turned_270', (picture) => picture.rotate(270)],
  ['mirrored', (picture) => picture.flop()],
  ['upside_down', (picture) => picture.flip()],
])(
  'a picture that was %s is near to one of the eight hashes of what was found',
  async (_, turn) => {
    const picture = drawn(3, 300, 300)
    const { hash } = pdqOf(picture)
    const found = await decoded(await turn(raw(picture)).png().toBuffer())
    expect(pdqDistance(pdqOf(found).hash, hash)).toBeGreaterThan(pdqNear)
    const { hashes } = pdqOrientations(found)
    const nearest = Math.min(...[...hashes.values()].map((one) => pdqDistance(one, hash)))
    expect(nearest).toBeLessThanOrEqual(10)
  },
)

test('the eight orientations of a picture are eight different hashes, the first its own', () => {
  const picture = drawn(4)
  const { hashes } = pdqOrientations(picture)
  expect([...hashes.keys()]).toEqual([...orientations])
  expect(hashes.get('upright')).toEqual(pdqOf(picture).hash)
  expect(new Set([...hashes.values()].map(pdqText)).size).toBe(8)
})

test('a flat picture and one of four pixels have no quality', () => {
  const flat: Pixels = { width: 64, height: 64, channels: 1, data: new Uint8Array(4096).fill(128) }
  expect(pdqOf(flat).quality).toBe(0)
  const tiny: Pixels = { width: 4, height: 4, channels: 1, data: new Uint8Array(16) }
  expect(pdqOf(tiny)).toEqual({ hash: new Uint32Array(8), quality: 0 })
})

test('a border of one colour around a screenshot is trimmed, and the hash is near again', async () => {
  const picture = drawn(5)
  const framed = await decoded(
    await raw(picture)
      .extend({ top: 30, bottom: 12, left: 25, right: 25, background: '#e8e8ee' })
      .jpeg({ quality: 80 })
      .toBuffer(),
  )
  const { hash } = pdqOf(picture)
  expect(pdqDistance(pdqOf(framed).hash, hash)).toBeGreaterThan(pdqNear)
  const region = withoutBorder(framed)
  expect(pdqDistance(pdqOf(cut(framed, region)).hash, hash)).toBeLessThanOrEqual(pdqNear)
})

test('a picture of one colour is not trimmed away', () => {
  const flat: Pixels = { width: 40, height: 30, channels: 1, data: new Uint8Array(1200).fill(9) }
  expect(withoutBorder(flat)).toEqual({ x: 0, y: 0, width: 40, height: 30 })
})

test('the index finds every hash within 31 bits, wherever the bits differ, and none beyond', () => {
  const chance = seeded(6)
  const hashes = Array.from({ length: 3_000 }, () =>
    Uint32Array.from({ length: 8 }, () => Math.floor(chance() * 4_294_967_296)),
  )
  const index = createHashIndex(joined(hashes))
  for (let distance = 0; distance <= 40; distance++) {
    const at = Math.floor(chance() * hashes.length)
    const asked = flipped(hashes[at] ?? new Uint32Array(8), distance, chance)
    expect(index.near(asked)).toEqual(distance <= pdqNear ? [{ at, distance }] : [])
  }
  expect(() => index.near(hashes[0] ?? new Uint32Array(8), 32)).toThrow(RangeError)
})

test('a text that is no hash is none', () => {
  const { hash } = pdqOf(drawn(7))
  expect(parsePdq(pdqText(hash))).toEqual(hash)
  for (const text of ['', 'f'.repeat(63), 'F'.repeat(64), 'g'.repeat(64)])
    expect(parsePdq(text)).toBeNull()
})

function joined(hashes: readonly PdqHash[]): Uint32Array {
  const words = new Uint32Array(hashes.length * 8)
  for (const [at, hash] of hashes.entries()) words.set(hash, at * 8)
  return words
}

function linear(hashes: readonly PdqHash[], asked: PdqHash) {
  return hashes
    .map((hash, at) => ({ at, distance: pdqDistance(hash, asked) }))
    .filter(({ distance }) => distance <= pdqNear)
    .toSorted((a, b) => a.distance - b.distance || a.at - b.at)
}

function flipped(hash: PdqHash, count: number, chance: () => number): PdqHash {
  const result = hash.slice()
  const bits = new Set<number>()
  while (bits.size < count) bits.add(Math.floor(chance() * 256))
  for (const bit of bits) result[bit >>> 5] = (result[bit >>> 5] ?? 0) ^ (1 << (bit & 31))
  return result
}
