/** Beside the original small and bad copies are read, and those who mix theirs are all named. */

import { expect, test } from 'vitest'

import { drawnPicture } from './drawn.ts'
import { embed } from './embed.ts'
import { compare, readInformed, suspects } from './informed.ts'
import type { Pixels } from './pixels.ts'
import type { MarkKey } from './secret.ts'
import { averaged, cut, moved, noisy } from './test-attacks.ts'

const key: MarkKey = { epoch: '2026-11', secret: new Uint8Array(32).fill(7) }
const original = drawnPicture(330, 284, 11)
const codes = Array.from({ length: 40 }, (_, at) => (at * 7 + 1).toString(16).padStart(16, '0'))

function markedOf(code: string): Pixels {
  const made = embed(original, code, key)
  if (made.kind === 'refused') throw new Error(made.detail)
  return made.pixels
}

const code = 'c0ffee0123456789'
const marked = markedOf(code)

test.for([
  ['cut to half and noisy', noisy(cut(marked, 60, 40, 233, 201), 16)],
  ['scaled to 60 %', moved(marked, 0.6, 0)],
  ['turned by two degrees and noisy', noisy(moved(marked, 1, 2), 16)],
] as const)('a copy of 284 pixels %s is read', ([, copy]) => {
  const reading = readInformed(copy, original, [key])
  expect(reading).toMatchObject({ code, epoch: key.epoch })
  expect(reading.falsePositiveBound).toBeLessThan(1e-9)
})

test('a copy without a mark has no answer, and neither has another picture', () => {
  expect(readInformed(noisy(original, 16), original, [key]).code).toBeNull()
  expect(readInformed(drawnPicture(330, 284, 12), original, [key])).toMatchObject({
    code: null,
    falsePositiveBound: 1,
  })
})

test('of five whose copies were averaged all are named, and of thirty-five others nobody', () => {
  const mixed = noisy(averaged(codes.slice(0, 5).map(markedOf)), 10)
  const comparison = compare(mixed, original)
  if (comparison.kind === 'unlike') throw new Error('it is a copy')
  const found = suspects(comparison.field, codes, [key])
  expect(
    found
      .filter(({ named }) => named)
      .map(({ code: named }) => named)
      .toSorted(),
  ).toEqual(codes.slice(0, 5))
})

test('a mark that was written over another leaves both releases named', () => {
  const second = embed(marked, codes[0] ?? '', key)
  if (second.kind === 'refused') throw new Error(second.detail)
  const comparison = compare(second.pixels, original)
  if (comparison.kind === 'unlike') throw new Error('it is a copy')
  const found = suspects(comparison.field, [...codes, code], [key])
  const named = found.filter((one) => one.named).map((one) => one.code)
  expect(named.toSorted()).toEqual([codes[0], code])
})
