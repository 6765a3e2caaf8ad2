/** The models that ship, on drawn lanes whose truth is known: easy plates in daylight. */

import type { Corners, Look } from '@sallyport/core/plate'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass, truthOf } from '@sallyport/lane/synth/pass-plan'
import { boxOf, overlap, widthOf } from '@sallyport/vision/geometry'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { openPlateReader, type PlateReader } from '@sallyport/vision/plate-reader'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Daylight passes without dirt, blur or tilt, as lane and number of the pass. */
const easy = ['a', 'b', 'c'].flatMap((seed) =>
  Array.from({ length: 40 }, (_, index) => ({ seed, index }))
    .filter(({ index }) => {
      const { condition, flaws } = planPass(drawnLane(seed), index)
      return condition === 'day' && flaws.length === 0
    })
    .slice(0, 3),
)
const [first = { seed: 'a', index: 0 }] = easy

let reader: PlateReader

beforeAll(async () => {
  reader = await openPlateReader()
})
afterAll(() => reader.close())

async function pictureOf(jpeg: Uint8Array): Promise<Picture> {
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  return decoded.picture
}

/** A vehicle about five metres from the camera, and where its plate really is. */
async function drawn(
  seed: string,
  index: number,
): Promise<{ picture: Picture; text: string; corners: Corners }> {
  const lane = drawnLane(seed)
  const plan = planPass(lane, index)
  const [pose] = plan.poses.toSorted((a, b) => Math.abs(a.distance - 5) - Math.abs(b.distance - 5))
  if (pose === undefined) throw new Error('a pass has poses')
  const frame = await new Painter(lane).drawPose(plan, pose)
  if (frame.corners === null) throw new Error('the vehicle is in the picture')
  return { picture: await pictureOf(frame.jpeg), text: truthOf(plan).text, corners: frame.corners }
}

function nearest(looks: readonly Look[], corners: Corners): Look | undefined {
  const truth = boxOf(corners)
  return looks.toSorted((a, b) => overlap(b.box, truth) - overlap(a.box, truth))[0]
}

/** Length of the longest common subsequence: characters read in the right order. */
function inOrder(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, () => 0)
  for (const character of a) {
    const next = [0]
    for (let at = 1; at <= b.length; at++) {
      next[at] =
        b[at - 1] === character ? (row[at - 1] ?? 0) + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0)
    }
    row = next
  }
  return row.at(-1) ?? 0
}

test.each(easy)(
  'lane $seed, pass $index: the plate is found where it is, and read',
  async ({ seed, index }) => {
    const { picture, text, corners } = await drawn(seed, index)
    const looks = await reader.look(picture)
    const found = nearest(looks, corners)
    expect(found, 'no look').toBeDefined()
    if (found === undefined) return
    const off = corners.map((corner, at) =>
      Math.hypot(corner.x - (found.corners[at]?.x ?? 0), corner.y - (found.corners[at]?.y ?? 0)),
    )
    expect(Math.max(...off) / widthOf(corners)).toBeLessThan(0.12)
    // The surest look is the plate, not a grille or a sign.
    expect(looks[0]).toBe(found)
    expect(inOrder(found.text, text) / text.length, `${found.text} for ${text}`).toBeGreaterThan(
      0.5,
    )
  },
)

test('a look says how it came to its text', async () => {
  const { picture } = await drawn(first.seed, first.index)
  const [look] = await reader.look(picture)
  expect(look?.characters.map(({ character }) => character).join('')).toBe(look?.text)
  expect(look?.text).toMatch(/^[A-Z0-9]{1,12}$/)
  for (const one of [look, ...(look?.alternatives ?? [])]) {
    expect(one?.confidence).toBeGreaterThan(0)
    expect(one?.confidence).toBeLessThanOrEqual(1)
  }
  expect(look?.alternatives.map(({ text }) => text)).not.toContain(look?.text)
})

test('on an empty lane nothing is read as a plate', async () => {
  for (const seed of ['a', 'b', 'c']) {
    const { jpeg } = await new Painter(drawnLane(seed)).drawEmpty('day')
    const looks = await reader.look(await pictureOf(jpeg))
    expect(looks.filter(({ text }) => text !== '')).toEqual([])
  }
})

test('the same picture gives the same looks', async () => {
  const { picture } = await drawn(first.seed, first.index)
  expect(await reader.look(picture)).toEqual(await reader.look(picture))
})
