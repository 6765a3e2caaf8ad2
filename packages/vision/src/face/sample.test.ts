import { expect, test } from 'vitest'

import { randomOf } from './drawn-person.ts'
import { mirrorPlanes, samplePlanes, type Target } from './sample.ts'

const random = randomOf(3)
const [width, height] = [13, 9]
const picture = {
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, () => Math.floor(random() * 256)),
}
const normalisation = { mean: [10, 20, 30], scale: [0.5, 2, 1], order: 'rgb' } as const

function target(side: number, order: 'rgb' | 'bgr' = 'rgb'): Target & { data: Float32Array } {
  const data = new Float32Array(3 * side * side).fill(NaN)
  return {
    width: side,
    height: side,
    data,
    outside: 77,
    normalisation: { ...normalisation, order },
  }
}

test.each([
  [-3, -2, 'rgb'],
  [4, 5, 'bgr'],
  [-40, 0, 'rgb'],
] as const)('moved by %d, %d (%s): the same with and without a change of size', (tx, ty, order) => {
  const [copied, sampled] = [target(16, order), target(16, order)]
  samplePlanes(picture, { a: 1, b: 0, tx, ty }, copied)
  samplePlanes(picture, { a: 1 - 1e-12, b: 0, tx, ty }, sampled)
  for (const [at, value] of copied.data.entries())
    expect(value).toBeCloseTo(sampled.data[at] ?? NaN, 3)
})

test('a pixel lands where the similarity says, with its colours in the order asked for', () => {
  const quarter = target(9, 'bgr')
  // A quarter turn: x' = −y + 9, y' = x.
  samplePlanes(picture, { a: 0, b: 1, tx: 9, ty: 0 }, quarter)
  const [column, row] = [2, 5]
  const [x, y] = [8 - row, column]
  for (const [channel, from] of [2, 1, 0].entries()) {
    const byte = picture.data[(y * width + x) * 3 + from] ?? NaN
    const { mean, scale } = normalisation
    const wanted = (byte - (mean[channel] ?? 0)) * (scale[channel] ?? 0)
    expect(quarter.data[channel * 81 + row * 9 + column]).toBeCloseTo(wanted, 3)
  }
})

test('what is made smaller is averaged: single pixels do not flicker through', () => {
  const stripes = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3) }
  for (let at = 0; at < stripes.data.length; at++) stripes.data[at] = at % 2 === 0 ? 0 : 200
  const small = target(16)
  samplePlanes(stripes, { a: 4, b: 0, tx: 0, ty: 0 }, small)
  for (const value of small.data.subarray(0, 256)) expect(value).toBeCloseTo((100 - 10) * 0.5, 0)
})

test('a mirror swaps left and right, and nothing else', () => {
  const data = Float32Array.from([
    ...[1, 2, 3],
    ...[4, 5, 6],
    ...[7, 8, 9],
    ...Array<number>(9).fill(0),
  ])
  mirrorPlanes(data, 3, 1)
  expect([...data.subarray(9)]).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7])
})
