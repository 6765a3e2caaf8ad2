/** Faces of a pass: one picture a person, the best; whom it does not know it does not mix. */

import type { LaneKind } from '@sallyport/core/crossing'
import type { FaceQuality } from '@sallyport/core/face-quality'
import { faceQualityAlgorithm } from '@sallyport/core/face-quality'
import type { Face } from '@sallyport/vision/face/face-reader'
import { expect, test } from 'vitest'

import { FaceWatch, type LaneFaceReader } from './face-watch.ts'
import { limits } from './limits.ts'
import { testPicture } from './testing/pictures.ts'

const picture = testPicture()

function quality(change: Partial<FaceQuality> = {}): FaceQuality {
  return {
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
    ...change,
  }
}

/** A face at `x` whose template says who it is. */
function face(x: number, who: number, change: Partial<FaceQuality> = {}): Face {
  const point = { x, y: 80 }
  return {
    box: { x, y: 60, width: 60, height: 60 },
    confidence: 0.9,
    points: [point, point, point, point, point],
    quality: quality(change),
    template: { name: 'test', model: 'test@1', vector: Float32Array.of(who, 1) },
  }
}

function modelOf(): LaneFaceReader['model'] {
  const identity = { name: 'test', identity: 'test@1', dimensions: 2 }
  return { ...identity, evaluation: true, label: '', licence: '' }
}

function watching(looks: readonly (readonly Face[])[], kind: LaneKind = 'walk') {
  let at = 0
  const reader: LaneFaceReader = {
    model: modelOf(),
    look: () => Promise.resolve(looks[at++] ?? []),
    close: () => Promise.resolve(),
  }
  return new FaceWatch(reader, kind)
}

async function pass(looks: readonly (readonly Face[])[]): Promise<FaceWatch> {
  const faces = watching(looks)
  for (let at = 0; at < looks.length; at++) await faces.take(picture, at * 250)
  return faces
}

const who = ({ found }: ReturnType<FaceWatch['report']>) =>
  found.map(({ template }) => template.vector[0] ?? 0).toSorted((a, b) => a - b)

test('the sharpest look of a walker is the one that is kept, wherever it comes', async () => {
  const faces = await pass([
    [face(100, 1, { sharpness: 20 })],
    [face(120, 2, { sharpness: 90 })],
    [face(140, 3, { sharpness: 40 })],
  ])
  const seen = faces.report()
  expect(who(seen)).toEqual([2])
  expect(seen.found[0]).toMatchObject({ looks: 3, quality: { sharpness: 90 } })
})

test('two people side by side stay two, also where they are found in another order', async () => {
  const faces = await pass([
    [face(100, 1), face(300, 2)],
    [face(310, 2), face(110, 1)],
    [face(120, 1), face(320, 2)],
  ])
  const seen = faces.report()
  expect(who(seen)).toEqual([1, 2])
  expect(seen.found.map(({ looks }) => looks)).toEqual([3, 3])
})

test('one who comes after a gap in the same place is somebody else', async () => {
  const gap = Array.from({ length: 8 }, (): readonly Face[] => [])
  const faces = await pass([[face(100, 1)], ...gap, [face(100, 2)]])
  expect(who(faces.report())).toEqual([1, 2])
})

test('a slow lane that looks every three seconds does not take one person for many', async () => {
  const faces = watching(Array.from({ length: 4 }, () => [face(100, 1)]))
  for (let at = 0; at < 4; at++) await faces.take(picture, at * 3_000)
  const seen = faces.report()
  expect(seen.found.map(({ looks }) => looks)).toEqual([4])
})

test('who was told of is not told of again while they stand there; who joins them is', async () => {
  const faces = watching([
    [face(100, 1)],
    [face(100, 1)],
    [face(100, 1)],
    [face(100, 1)],
    [face(100, 1), face(400, 2)],
  ])
  for (let at = 0; at < 3; at++) await faces.take(picture, at * 400)
  expect(faces.isSettled(800)).toBe(true)
  expect(who(faces.report())).toEqual([1])
  await faces.take(picture, 1200)
  expect(faces.isSettled(1200)).toBe(false)
  await faces.take(picture, 1600)
  expect(who(faces.report())).toEqual([2])
})

test('a face too blurred to compare settles nothing, and is told of at the end all the same', async () => {
  const blurred = face(100, 1, { sharpness: 2 })
  const faces = await pass([[blurred], [blurred], [blurred], [blurred]])
  expect(faces.isSettled(1_000)).toBe(false)
  expect(faces.hasNew).toBe(true)
  expect(faces.report().found).toHaveLength(1)
})

test('a crowd is counted beyond what one crossing has room for', async () => {
  const crowd = Array.from({ length: limits.facesPerCrossingMax + 3 }, (_, at) =>
    face(at * 200, at),
  )
  const faces = await pass([crowd])
  const seen = faces.report()
  expect(seen.found).toHaveLength(limits.facesPerCrossingMax)
  expect(seen.more).toBe(3)
})

test('frames that come faster than faces can be found are left out', async () => {
  const faces = watching(Array.from({ length: 10 }, () => [face(100, 1)]))
  for (let at = 0; at < 10; at++) await faces.take(picture, at * 50)
  expect(faces.report().looks).toBe(3)
})

test('beside a plate faces are looked for less often, and all the same while somebody walks', async () => {
  const looks = Array.from({ length: 10 }, () => [face(100, 1)])
  const count = async (kind: LaneKind): Promise<number> => {
    const faces = watching(looks, kind)
    for (let at = 0; at < 10; at++) await faces.take(picture, at * 200)
    return faces.report().looks
  }
  expect([await count('vehicle'), await count('walk')]).toEqual([5, 10])
})

test('one look at a time: frames that come meanwhile begin none, and a report can wait for it', async () => {
  let answer: (faces: readonly Face[]) => void = () => undefined
  const promise = new Promise<readonly Face[]>((resolve) => (answer = resolve))
  let asked = 0
  const faces = new FaceWatch(
    {
      model: modelOf(),
      look: () => {
        asked += 1
        return promise
      },
      close: () => Promise.resolve(),
    },
    'vehicle',
  )
  const looking = faces.take(picture, 0)
  await faces.take(picture, 5_000)
  expect([asked, faces.hasNew]).toEqual([1, false])
  answer([face(100, 1)])
  await faces.settled()
  expect(who(faces.report())).toEqual([1])
  await looking
})

test('a look that fails is told to whoever began it, and the next one begins', async () => {
  let asked = 0
  const faces = new FaceWatch(
    {
      model: modelOf(),
      look: () => {
        asked += 1
        return asked === 1
          ? Promise.reject(new Error('no memory'))
          : Promise.resolve([face(100, 1)])
      },
      close: () => Promise.resolve(),
    },
    'walk',
  )
  await expect(faces.take(picture, 0)).rejects.toThrow('no memory')
  await faces.settled()
  await faces.take(picture, 1_000)
  expect(who(faces.report())).toEqual([1])
})
