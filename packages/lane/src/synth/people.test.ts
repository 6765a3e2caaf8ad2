import { acquisitionFault } from '@sallyport/core/faces/acquisition'
import { type FaceReader, openEvaluationReader } from '@sallyport/vision/face/face-reader'
import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { documentPhotograph } from './known-people.ts'
import { Painter } from './painter.ts'
import { drawnLane } from './pass-plan.ts'
import { populationSize } from './people.ts'
import { planNext, planSlot } from './traffic.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let reader: FaceReader
beforeAll(async () => {
  reader = await openEvaluationReader()
})
afterAll(() => reader.close())

function peopleIn(seed: string, index: number): readonly number[] {
  const plan = planNext(drawnLane(seed), index, 5)
  return (plan.kind === 'walk' ? plan.walkers : plan.vehicle.people).map(({ who }) => who)
}

test.each(['1:people', '4:walk'])(
  'everybody who stops before %s is found, and large enough to be compared',
  async (seed) => {
    const lane = drawnLane(seed)
    for (const index of [3, 9]) {
      const plan = planNext(lane, index, 5)
      const stop = plan.poses.find(({ speed }) => speed === 0)
      if (stop === undefined) throw new Error('nobody stops')
      const decoded = await decodePicture((await new Painter(lane).drawPose(plan, stop)).jpeg)
      if (decoded.kind === 'refused') throw new Error(decoded.detail)
      const found = await reader.look(decoded.picture, { describe: 'none' })
      const usable = found.filter(({ quality }) => acquisitionFault(quality) === null)
      expect(usable).toHaveLength(peopleIn(seed, index).length)
    }
  },
)

test('a document’s photograph is good enough for a gallery, and another one is another picture', async () => {
  const [first, second] = await Promise.all([documentPhotograph(5), documentPhotograph(5, 1)])
  expect(first).not.toEqual(second)
  const decoded = await decodePicture(first)
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  const [face, ...others] = await reader.look(decoded.picture, { describe: 'none' })
  expect(others).toEqual([])
  expect(face?.quality.inter_eye_distance).toBeGreaterThan(60)
})

test('passes show many people, the same ones for a seed, and nobody beside themselves', () => {
  for (const seed of ['1:people', '4:walk']) {
    const passes = Array.from({ length: 300 }, (_, index) => peopleIn(seed, index))
    expect(passes).toEqual(Array.from({ length: 300 }, (_, index) => peopleIn(seed, index)))
    expect(new Set(passes.flat()).size).toBe(populationSize)
    expect(passes.every((who) => new Set(who).size === who.length)).toBe(true)
    expect(passes.filter((who) => who.length === 2).length).toBeGreaterThan(50)
  }
})

test('who drove in drives out in the same vehicle', () => {
  const came = planSlot(drawnLane('1:people'), 94, [], 5)
  const leaves = planSlot(drawnLane('3'), 100, ['1:people', '2'], 5)
  expect(leaves.vehicle.plate.text).toBe(came.vehicle.plate.text)
  expect(leaves.vehicle.people).toEqual(came.vehicle.people)
  expect(came.vehicle.people.length).toBeGreaterThan(0)
})
