import { expect, test } from 'vitest'

import { spareOf } from './spare.ts'

const plate = { x: 100, y: 200, width: 80, height: 20 }
const trait = { capture: 'scene', hash: '', quality: 90, width: 640, height: 480, plate }
const reads = {
  copies: { algorithm: 'x', pictures: [{ ...trait, capture: 'face', plate: null }, trait] },
}

function spared(id: string, of: unknown, faces: Parameters<typeof spareOf>[2] = []) {
  return spareOf({ id }, { reads: of } as Parameters<typeof spareOf>[1], faces)
}

test('the plate of this picture is spared with one of its heights around it', () => {
  expect(spared('scene', reads)).toEqual([{ x: 80, y: 180, width: 120, height: 60 }])
})

test('a face is spared in the middle of its own picture, with a fifth of its size around it', () => {
  const box = { x: 400, y: 300, width: 100, height: 120 }
  expect(spared('face', reads, [box])).toEqual([{ x: 36, y: 48, width: 148, height: 168 }])
})

test('a face at the edge of the frame is spared where its picture begins at that edge', () => {
  const box = { x: 10, y: -5, width: 100, height: 100 }
  expect(spared('face', reads, [box])).toEqual([{ x: -10, y: -25, width: 140, height: 140 }])
})

test.each([
  ['another picture of the crossing', 'face', reads],
  ['a picture that the lane said nothing of', 'plate', reads],
  ['a crossing of an older lane', 'scene', { plate: null }],
  ['a crossing whose reads were shredded', 'scene', null],
])('nothing is spared in %s', (_, id, of) => {
  expect(spared(id, of)).toEqual([])
})
