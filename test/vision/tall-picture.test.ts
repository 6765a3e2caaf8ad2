/** Pictures taller than wide, which the detector sees in strips: a plate lies in one, in two, or across an edge. */

import type { Corners } from '@sallyport/core/plate'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass } from '@sallyport/lane/synth/pass-plan'
import { boxOf, overlap } from '@sallyport/vision/geometry'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { openPlateReader, type PlateReader } from '@sallyport/vision/plate-reader'
import { afterAll, beforeAll, expect, test } from 'vitest'

let reader: PlateReader
let frame: { readonly picture: Picture; readonly corners: Corners }

beforeAll(async () => {
  reader = await openPlateReader()
  const lane = drawnLane('a')
  const pass = Array.from({ length: 40 }, (_, index) => planPass(lane, index)).find(
    ({ condition, flaws }) => condition === 'day' && flaws.length === 0,
  )
  const pose = pass?.poses.toSorted(
    (a, b) => Math.abs(a.distance - 5) - Math.abs(b.distance - 5),
  )[0]
  if (pass === undefined || pose === undefined) throw new Error('an easy pass is drawn')
  const drawn = await new Painter(lane).drawPose(pass, pose)
  const decoded = await decodePicture(drawn.jpeg)
  if (decoded.kind === 'refused' || drawn.corners === null) throw new Error('a frame has a plate')
  frame = { picture: decoded.picture, corners: drawn.corners }
})
afterAll(() => reader.close())

/** The frame at some height of a grey picture of `shape` times its width. */
function lowered(shape: number, share: number): { picture: Picture; down: number } {
  const { width, height, data } = frame.picture
  const high = Math.round(width * shape)
  const down = Math.round((high - height) * share)
  const tall = new Uint8Array(width * high * 3).fill(114)
  tall.set(data, down * width * 3)
  return { picture: { width, height: high, data: tall }, down }
}

test.each([
  [1, 0],
  [1, 0.35],
  [1, 0.7],
  [1, 1],
  [16 / 9, 0.2],
  [16 / 9, 0.5],
  [16 / 9, 0.9],
])(
  'in a picture %f as tall as wide, at %f of its height, the plate is one look, in its place',
  async (shape, share) => {
    const { picture, down } = lowered(shape, share)
    const truth = { ...boxOf(frame.corners), y: boxOf(frame.corners).y + down }
    const looks = await reader.look(picture)
    const there = looks.filter(
      ({ box, plausible }) => plausible !== false && overlap(box, truth) > 0,
    )
    expect(there.map(({ text }) => text)).toHaveLength(1)
    expect(overlap(there[0]?.box ?? truth, truth)).toBeGreaterThan(0.6)
  },
)

test('a picture too tall for strips is looked at as a whole, and refuses nothing', async () => {
  const { picture } = lowered(6, 0.5)
  await expect(reader.look(picture)).resolves.toBeInstanceOf(Array)
})
