/** A mark survives what happens to copies; without one there is no answer. Attacks by plain pixels: no codec. */

import { expect, test } from 'vitest'

import { readBlind } from './blind.ts'
import { drawnPicture } from './drawn.ts'
import { embed } from './embed.ts'
import type { Pixels } from './pixels.ts'
import type { MarkKey } from './secret.ts'
import { cut, moved, noisy } from './test-attacks.ts'

const key: MarkKey = { epoch: '2026-11', secret: new Uint8Array(32).fill(7) }
const other: MarkKey = { epoch: '2026-10', secret: new Uint8Array(32).fill(8) }
const code = '0123456789abcdef'
const original = drawnPicture(640, 512, 1)
const marked = markedOf(original, code)

function markedOf(pixels: Pixels, withCode: string): Pixels {
  const made = embed(pixels, withCode, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  return made.pixels
}

test.for([
  ['not changed at all', marked],
  ['of which half the area is left, from no tile’s edge', cut(marked, 101, 67, 452, 362)],
  ['scaled to 60 %', moved(marked, 0.6, 0)],
  ['enlarged by a third', moved(marked, 1.33, 0)],
  ['turned by two degrees', moved(marked, 1, 2)],
  ['turned back by 1.3 degrees, scaled and noisy', noisy(moved(marked, 0.8, -1.3), 12)],
  ['with noise as strong as its grain', noisy(marked, 20)],
] as const)('the code of a copy %s is read', ([, copy]) => {
  const reading = readBlind(copy, [other, key])
  expect(reading).toMatchObject({ code, epoch: key.epoch })
  expect(reading.falsePositiveBound).toBeLessThan(1e-9)
})

test('a picture without a mark has no answer', () => {
  const reading = readBlind(original, [key])
  expect(reading.code).toBeNull()
  expect(reading.falsePositiveBound).toBe(1)
})

test('a mark is nothing to who has another key', () => {
  expect(readBlind(marked, [other]).code).toBeNull()
})

test('a copy marked twice never names a third release', () => {
  const second = 'fedcba9876543210'
  const { code: named } = readBlind(markedOf(marked, second), [key])
  expect([null, code, second]).toContain(named)
})

test.for([
  [16, 16],
  [40, 700],
  [64, 64],
  [700, 65],
] as const)('pictures of %i by %i are marked, and reading them ends', ([width, height]) => {
  const small = drawnPicture(width, height, 3)
  const made = embed(small, code, key)
  expect(made).toMatchObject({ kind: 'marked', carries: 'informed' })
  expect([null, code]).toContain(readBlind(markedOf(small, code), [key]).code)
})
