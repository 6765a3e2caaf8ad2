/** Plates and faces of one pass: neither is kept waiting by the other, and both are told together. */

import { faceQualityAlgorithm } from '@sallyport/core/face-quality'
import type { Face } from '@sallyport/vision/face/face-reader'
import { expect, test, vi } from 'vitest'

import type { LaneEvent } from './events.ts'
import type { Sighting } from './sealing.ts'
import { testLook, testPicture } from './testing/pictures.ts'
import { Watcher } from './watch.ts'

const point = { x: 300, y: 80 }
const driver: Face = {
  box: { x: 280, y: 60, width: 60, height: 60 },
  confidence: 0.9,
  points: [point, point, point, point, point],
  quality: {
    algorithm: faceQualityAlgorithm,
    inter_eye_distance: 60,
    sharpness: 60,
    head_pose_yaw: 0,
    head_pose_pitch: 0,
    head_pose_roll: 0,
    luminance_mean: 128,
    under_exposure_prevention: 100,
    over_exposure_prevention: 100,
    dynamic_range: 80,
  },
  template: { name: 'test', model: 'test@1', vector: Float32Array.of(1, 1) },
}

/** A lane whose looks at faces are answered by hand. */
function lane() {
  const sightings: Sighting[] = []
  const events: LaneEvent[] = []
  const waiting: ((faces: readonly Face[] | Error) => void)[] = []
  let place = 0
  let looked = 0
  const watcher = new Watcher({
    source: 'camera',
    kind: 'vehicle',
    gauge: null,
    aiming: false,
    reader: {
      models: { detector: 'd', reader: 'r' },
      look() {
        looked += 1
        return Promise.resolve([testLook('ABC123', { x: place + 80, y: 200, width: 100 })])
      },
      origin: () => Promise.resolve(null),
      close: () => Promise.resolve(),
    },
    faces: {
      model: {
        ...{ name: 'test', identity: 'test@1', dimensions: 2 },
        ...{ evaluation: true, label: '', licence: '' },
      },
      look: () =>
        new Promise((resolve, reject) =>
          waiting.push((said) => (said instanceof Error ? reject(said) : resolve(said))),
        ),
      close: () => Promise.resolve(),
    },
    report: (event) => events.push(event),
    sight(sighting) {
      sightings.push(sighting)
      return Promise.resolve({ kind: 'spooled', crossing: 'c', sequence: sightings.length })
    },
  })
  const show = (x: number | null, at: number): Promise<void> => {
    place = x ?? 0
    return watcher.take({
      image: testPicture(x === null ? [] : [{ x, y: 90, width: 260, height: 200, grey: 190 }]),
      takenAt: new Date(at * 200),
      monotonicMs: at * 200,
      pass: 'live',
    })
  }
  const answer = (said: readonly Face[] | Error): void => {
    for (const one of waiting.splice(0)) one(said)
  }
  return { watcher, sightings, events, show, answer, looked: () => looked }
}

test('plates are read on while a look at faces lasts, and the crossing goes with both', async () => {
  const { sightings, show, answer, looked } = lane()
  await show(null, 0)
  await show(0, 1)
  await show(60, 2)
  expect(looked()).toBe(2)
  // It stands: the vote is over with the second look, and waits for the face.
  await show(120, 3)
  const told = show(120, 4)
  await vi.waitFor(() => expect(looked()).toBe(4), { timeout: 20_000 })
  expect(sightings).toEqual([])
  answer([driver])
  await told
  expect(sightings.map(({ faces }) => faces?.found.length)).toEqual([1])
})

test('a look at faces that fails costs no plate', async () => {
  const { sightings, events, show, answer } = lane()
  await show(null, 0)
  await show(0, 1)
  await show(60, 2)
  await show(120, 3)
  const told = show(120, 4)
  answer(new Error('no memory'))
  await told
  expect(sightings.map(({ faces }) => faces?.found.length)).toEqual([0])
  expect(events).toContainEqual({ event: 'faces_failed', reason: 'Error' })
})

test('who stops a lane waits for the look that is under way', async () => {
  const { watcher, show, answer } = lane()
  await show(null, 0)
  await show(0, 1)
  let ended = false
  const ending = watcher.settled().then(() => (ended = true))
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(ended).toBe(false)
  answer([driver])
  await ending
})
