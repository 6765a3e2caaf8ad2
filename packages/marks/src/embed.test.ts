import { expect, test } from 'vitest'

import { readBlind } from './blind.ts'
import { drawnPicture } from './drawn.ts'
import { embed } from './embed.ts'
import type { Pixels } from './pixels.ts'
import type { MarkKey } from './secret.ts'

const key: MarkKey = { epoch: '2026-11', secret: new Uint8Array(32).fill(7) }
const code = '0123456789abcdef'

function psnr(a: Pixels, b: Pixels): number {
  let squares = 0
  for (let at = 0; at < a.data.length; at++) squares += (a.data[at]! - b.data[at]!) ** 2
  return 10 * Math.log10((255 * 255 * a.data.length) / squares)
}

test.for([
  [1280, 720],
  [500, 500],
  [321, 90],
] as const)('a mark on %i by %i pixels stays at 42 decibels and wastes none', ([width, height]) => {
  const picture = drawnPicture(width, height, width)
  const made = embed(picture, code, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  expect(psnr(picture, made.pixels)).toBeGreaterThanOrEqual(42)
  expect(psnr(picture, made.pixels)).toBeLessThan(42.6)
  expect(made.psnr).toBeCloseTo(psnr(picture, made.pixels), 6)
})

test('pixels at black and white do not wrap around', () => {
  const picture = drawnPicture(300, 300, 4)
  const hard = picture.data.map((one) => (one > 120 ? 255 : 0))
  const made = embed({ ...picture, data: hard }, code, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  const far = made.pixels.data.filter((one, at) => Math.abs(one - hard[at]!) > 60)
  expect(far).toHaveLength(0)
})

test('a grey picture and one with alpha keep their channels, and alpha its values', () => {
  const picture = drawnPicture(200, 200, 5)
  const grey = Uint8Array.from({ length: 200 * 200 }, (_, at) => picture.data[3 * at]!)
  const one = embed({ width: 200, height: 200, channels: 1, data: grey }, code, key)
  if (one.kind === 'refused') throw new Error(one.detail)
  expect(one.pixels.data).toHaveLength(grey.length)
  expect(psnr({ ...one.pixels, data: grey }, one.pixels)).toBeGreaterThanOrEqual(42)
  const four = new Uint8Array(200 * 200 * 4)
  for (let at = 0; at < 200 * 200; at++) {
    four.set(picture.data.subarray(3 * at, 3 * at + 3), 4 * at)
    four[4 * at + 3] = at % 256
  }
  const made = embed({ width: 200, height: 200, channels: 4, data: four }, code, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  expect(made.pixels.data.every((value, at) => at % 4 !== 3 || value === four[at])).toBe(true)
  expect(made.pixels.data).not.toEqual(four)
})

test.for([
  ['of one flat colour', new Uint8Array(300 * 300 * 3).fill(90), 300, code, 'nothing_to_hide_in'],
  ['of 15 pixels a side', new Uint8Array(15 * 15 * 3), 15, code, 'too_small'],
  ['for a code of 15 digits', new Uint8Array(300 * 300 * 3), 300, code.slice(1), 'malformed_code'],
] as const)('a picture %s is refused by name', ([, data, side, withCode, refusal]) => {
  const picture = { width: side, height: side, channels: 3, data } as const
  expect(embed(picture, withCode, key)).toMatchObject({ kind: 'refused', code: refusal })
})

test('two codes share the tile but no fingerprint, and two keys share nothing', () => {
  const picture = drawnPicture(400, 300, 6)
  const differences = (withCode: string, by: MarkKey) => {
    const made = embed(picture, withCode, by)
    if (made.kind === 'refused') throw new Error(made.detail)
    return made.pixels.data.map((one, at) => one - picture.data[at]! + 128)
  }
  const likeness = (a: Uint8Array, b: Uint8Array) => {
    let [ab, aa, bb] = [0, 0, 0]
    for (let at = 0; at < a.length; at++) {
      const [x, y] = [a[at]! - 128, b[at]! - 128]
      ab += x * y
      aa += x * x
      bb += y * y
    }
    return ab / Math.sqrt(aa * bb)
  }
  const mine = differences(code, key)
  expect(likeness(mine, differences('fedcba9876543210', key))).toBeLessThan(0.6)
  const stranger = { epoch: '2026-11', secret: new Uint8Array(32).fill(9) }
  expect(Math.abs(likeness(mine, differences(code, stranger)))).toBeLessThan(0.15)
})

test('the given pixels stay as they are, also in a Buffer, whose slices share its memory', () => {
  const picture = drawnPicture(120, 90, 12)
  const data = Buffer.from(picture.data)
  const made = embed({ ...picture, data }, code, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  expect(data.equals(picture.data)).toBe(true)
  expect(data.equals(made.pixels.data)).toBe(false)
})

test('a plate is disturbed by a quarter of what the rest is, and the copy is read all the same', () => {
  const picture = drawnPicture(1280, 720, 9)
  const box = { x: 520, y: 430, width: 200, height: 60 }
  const spared = embed(picture, code, key, [box])
  if (spared.kind === 'refused') throw new Error(spared.detail)
  expect(spared.psnr).toBeGreaterThanOrEqual(42)
  const inside = changed(picture, spared.pixels, box)
  const whole = embed(picture, code, key)
  if (whole.kind === 'refused') throw new Error(whole.detail)
  expect(inside).toBeLessThan(0.4 * changed(picture, whole.pixels, box))
  expect(readBlind(spared.pixels, [key]).code).toBe(code)
})

test('a box that reaches out of the picture, and one of no size, spare what of them is there', () => {
  const picture = drawnPicture(640, 480, 9)
  const out = { x: -50, y: 440, width: 5_000, height: 400 }
  const made = embed(picture, code, key, [out, { x: 10, y: 10, width: 0, height: 0 }])
  if (made.kind === 'refused') throw new Error(made.detail)
  const bottom = { x: 0, y: 450, width: 640, height: 30 }
  const top = { x: 0, y: 100, width: 640, height: 30 }
  expect(changed(picture, made.pixels, bottom)).toBeLessThan(changed(picture, made.pixels, top))
})

/** Root mean square of what was changed in a box, grey levels. */
function changed(
  before: Pixels,
  after: Pixels,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): number {
  let squares = 0
  for (let y = box.y; y < box.y + box.height; y++) {
    for (
      let at = (y * before.width + box.x) * 3;
      at < (y * before.width + box.x + box.width) * 3;
      at++
    )
      squares += (before.data[at]! - after.data[at]!) ** 2
  }
  return Math.sqrt(squares / (3 * box.width * box.height))
}
