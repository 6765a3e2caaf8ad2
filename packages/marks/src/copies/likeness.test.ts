import { describe, expect, test } from 'vitest'

import { chanceOf } from '../chance.ts'
import { pdqDistance, pdqOf, pdqOrientations } from '../hash/pdq.ts'
import { cut } from '../hash/trim-border.ts'
import type { Pixels } from '../pixels.ts'
import { type Likeness, likenessOf } from './likeness.ts'
import { turned } from './turn.ts'

const plate = { x: 250, y: 300, width: 140, height: 60 }

/** A lane seen by one camera: the same ground every time, and a plate of `seed`'s characters in one place. */
function lane(seed: number, noise = 0): Pixels {
  const [ground, strokes, grain] = [chanceOf(7), chanceOf(seed), chanceOf(1000 + noise)]
  const [width, height] = [640, 480]
  const data = new Uint8Array(width * height * 3)
  const light = new Float32Array(width * height).fill(120)
  for (let stone = 0; stone < 400; stone++) {
    const [x, y] = [Math.floor(ground() * width), Math.floor(ground() * height)]
    const [wide, tall] = [4 + Math.floor(ground() * 30), 4 + Math.floor(ground() * 20)]
    fill(light, width, { x, y, width: wide, height: tall }, 40 + 170 * ground())
  }
  fill(light, width, plate, 225)
  for (let at = 0; at < 7; at++) {
    const left = plate.x + 8 + at * 18
    for (let stroke = 0; stroke < 5; stroke++) {
      const x = left + Math.floor(strokes() * 9)
      const y = plate.y + 8 + Math.floor(strokes() * 34)
      fill(light, width, { x, y, width: 3 + Math.floor(strokes() * 6), height: 10 }, 30)
    }
  }
  for (let at = 0; at < light.length; at++)
    data.fill(Math.max(0, Math.min(255, light[at]! + 8 * (grain() - 0.5))), 3 * at, 3 * at + 3)
  return { width, height, channels: 3, data }
}

/** The same plate, and around it the ground of `lane(1)` moved by `by` pixels, as from another place of the camera. */
function seenFromBeside(by: number): Pixels {
  const moved = lane(1, 4)
  const { width, height, data } = moved
  const inPlate = (x: number, y: number) =>
    x >= plate.x - 12 && x < plate.x + 152 && y >= plate.y - 8 && y < plate.y + 68
  const from = Uint8Array.from(data)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const source = 3 * (y * width + Math.max(0, x - by))
      if (!inPlate(x, y)) data.set(from.subarray(source, source + 3), 3 * (y * width + x))
    }
  return moved
}

/** The plate alone in the light, as infrared lamps make it. */
function atNight(noise: number): Pixels {
  const [chance, { width, height, data }] = [chanceOf(noise), lane(1, noise)]
  for (let at = 0; at < data.length; at += 3) {
    const [x, y] = [(at / 3) % width, Math.floor(at / 3 / width)]
    const lit = x >= plate.x && x < plate.x + 140 && y >= plate.y && y < plate.y + 60
    if (!lit) data.fill(10 + 6 * chance(), at, at + 3)
  }
  return { width, height, channels: 3, data }
}

function fill(
  light: Float32Array,
  across: number,
  { x, y, width, height }: typeof plate,
  value: number,
) {
  for (let row = y; row < Math.min(y + height, light.length / across); row++)
    light.fill(value, row * across + x, row * across + Math.min(across, x + width))
}

/** Half of the size, by means of four. */
function halved({ width, height, data }: Pixels): Pixels {
  const small = new Uint8Array((width / 2) * (height / 2) * 3)
  for (let y = 0; y < height / 2; y++)
    for (let x = 0; x < width / 2; x++)
      for (let channel = 0; channel < 3; channel++) {
        const at = (row: number, column: number) =>
          data[((2 * y + row) * width + 2 * x + column) * 3 + channel]!
        small[(y * (width / 2) + x) * 3 + channel] = (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4
      }
  return { width: width / 2, height: height / 2, channels: 3, data: small }
}

function laid(likeness: Likeness) {
  if (likeness.kind !== 'laid') throw new Error('it was not laid over')
  return likeness
}

const stored = lane(1)
const byCorners = { stored: plate, found: [], corners: true }

function near(box: typeof plate) {
  return { stored: plate, found: [{ box, loose: true }], corners: false }
}

describe('a copy is laid over what it was made of', () => {
  test('of half the size, and cut, without any hint where', () => {
    const part = cut(halved(stored), { x: 60, y: 40, width: 240, height: 180 })
    const { agreeing, box } = laid(likenessOf(part, stored, byCorners))
    expect(agreeing).toBeGreaterThanOrEqual(20)
    expect(box).toBeGreaterThan(0.95)
  })

  test('of the plate alone, which has too few corners, by the plate that was found in it', () => {
    const crop = cut(stored, { x: 230, y: 288, width: 180, height: 84 })
    const found = { x: 22, y: 10, width: 137, height: 63 }
    const { agreeing, box, grain } = laid(likenessOf(crop, stored, near(found)))
    expect(agreeing).toBeNull()
    expect(box).toBeGreaterThan(0.95)
    expect(grain).toBeGreaterThan(0.75)
  })
})

test.for([0.05, 0.15, 0.25])(
  'a crop whose margin of %f nobody knows, taken for the plate as a whole',
  (margin) => {
    const [across, down] = [Math.round(plate.width * margin), Math.round(plate.height * margin)]
    const region = {
      x: plate.x - across,
      y: plate.y - down,
      width: plate.width + 2 * across,
      height: plate.height + 2 * down,
    }
    const found = { x: 0, y: 0, width: region.width, height: region.height }
    const { box } = laid(likenessOf(cut(stored, region), stored, near(found)))
    expect(box).toBeGreaterThan(0.95)
  },
)

test.for([0, 0.05])(
  'a crop that ends %f of the plate beside it is as fine as the stored picture up to its edge',
  (margin) => {
    const [across, down] = [Math.round(plate.width * margin), Math.round(plate.height * margin)]
    const bare = { x: across, y: down, width: plate.width, height: plate.height }
    const region = {
      x: plate.x - across,
      y: plate.y - down,
      width: plate.width + 2 * across,
      height: plate.height + 2 * down,
    }
    const hints = { ...near(bare), found: [{ box: bare, loose: false }] }
    const { box, grain } = laid(likenessOf(cut(lane(1, 5), region), stored, hints))
    expect(box).toBeGreaterThan(0.95)
    const whole = { ...near(plate), found: [{ box: plate, loose: false }] }
    // Noise of another moment is all that differs, and no more of it than in the whole frame.
    expect(grain).toBeGreaterThan(laid(likenessOf(lane(1, 5), stored, whole)).grain! - 0.03)
    const stranger = laid(likenessOf(cut(lane(3, 5), region), stored, hints))
    expect(stranger.box ?? 0).toBeLessThan(0.85)
  },
)

describe('a stranger at the same camera is told apart by the box alone', () => {
  test('the whole frame agrees, the plate does not', () => {
    const stranger = lane(2, 1)
    const { agreeing, box, frame } = laid(likenessOf(stranger, stored, byCorners))
    // What a comparison of whole frames would believe.
    expect(agreeing).toBeGreaterThan(50)
    expect(frame).toBeGreaterThan(0.9)
    expect(box).toBeLessThan(0.85)
  })

  test('its plate cut out and laid where this one is', () => {
    const crop = cut(lane(3, 2), { x: 230, y: 288, width: 180, height: 84 })
    const found = { x: 20, y: 12, width: 140, height: 60 }
    const { box } = laid(likenessOf(crop, stored, near(found)))
    expect(box).toBeLessThan(0.85)
  })
})

describe('one vehicle has the same plate in every photograph: what stands around it tells them apart', () => {
  const whole = { ...near(plate), found: [{ box: plate, loose: false }] }

  test('a copy of the frame agrees around the plate, another photograph does not', () => {
    const copy = laid(likenessOf(lane(1, 6), stored, whole))
    expect(copy).toMatchObject({ bare: false })
    expect(copy.around).toBeGreaterThan(0.9)
    const other = laid(likenessOf(seenFromBeside(5), stored, whole))
    expect(other.box).toBeGreaterThan(0.9)
    expect(other.bare).toBe(false)
    expect(other.around).toBeLessThan(0.6)
  })

  test('a bare crop, and a plate alone in the light, have nothing around them to compare', () => {
    const crop = cut(stored, { x: 240, y: 294, width: 160, height: 72 })
    const box = { x: 10, y: 6, width: 140, height: 60 }
    const hints = { ...near(box), found: [{ box, loose: false }] }
    expect(laid(likenessOf(crop, stored, hints))).toMatchObject({ around: null, bare: true })
    expect(laid(likenessOf(atNight(8), atNight(9), whole))).toMatchObject({
      around: null,
      bare: true,
    })
  })

  test('a found frame is not laid over a stored crop as if there were nothing around its plate', () => {
    const crop = cut(stored, { x: 240, y: 294, width: 160, height: 72 })
    const hints = { ...whole, stored: { x: 10, y: 6, width: 140, height: 60 } }
    const { box, around, bare } = laid(likenessOf(lane(1, 6), crop, hints))
    expect(box).toBeGreaterThan(0.9)
    expect({ around, bare }).toEqual({ around: null, bare: false })
  })
})

test('a copy that does not show the plate is not compared by it', () => {
  const sky = cut(stored, { x: 0, y: 0, width: 640, height: 240 })
  const { box } = laid(likenessOf(sky, stored, byCorners))
  expect(box).toBeNull()
})

test('every orientation that a search names is the one that turns the picture back', () => {
  const pixels = lane(4)
  for (const [orientation, hash] of pdqOrientations(pixels).hashes)
    expect(pdqDistance(pdqOf(turned(pixels, orientation)).hash, hash)).toBeLessThan(24)
})
