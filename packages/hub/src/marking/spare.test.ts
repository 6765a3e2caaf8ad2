import { expect, test } from 'vitest'

import { spareOf } from './spare.ts'

const plate = { x: 100, y: 200, width: 80, height: 20 }
const trait = { capture: 'scene', hash: '', quality: 90, width: 640, height: 480, plate }
const reads = {
  copies: { algorithm: 'x', pictures: [{ ...trait, capture: 'face', plate: null }, trait] },
}

function spared(id: string, of: unknown) {
  return spareOf({ id }, { reads: of } as Parameters<typeof spareOf>[1])
}

test('the plate of this picture is spared with one of its heights around it', () => {
  expect(spared('scene', reads)).toEqual([{ x: 80, y: 180, width: 120, height: 60 }])
})

test.each([
  ['another picture of the crossing', 'face', reads],
  ['a picture that the lane said nothing of', 'plate', reads],
  ['a crossing of an older lane', 'scene', { plate: null }],
  ['a crossing whose reads were shredded', 'scene', null],
])('nothing is spared in %s', (_, id, of) => {
  expect(spared(id, of)).toEqual([])
})
