import { readFileSync, readdirSync } from 'node:fs'

import { decodePicture } from '@sallyport/vision/picture'
import { expect, test } from 'vitest'

import { drawnSource } from '../sources/drawn.ts'
import type { Frame } from '../sources/source.ts'
import { testClock } from '../testing/time.ts'
import { bodies } from './body-types.ts'
import { conditionNames } from './conditions.ts'
import { textPath, textWidth } from './glyphs.ts'
import { Gradients } from './paint.ts'
import { Painter } from './painter.ts'
import { drawnFrame, drawnLane, planPass, truthOf } from './pass-plan.ts'
import { drawText, plateDesigns } from './plate-designs.ts'
import { drawPlate } from './plate.ts'
import { placePath, project } from './projection.ts'
import { randomFrom } from './random.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const lettering = { height: 10, pen: 1, aspect: 0.5, gap: 0.1 }

test('every character has strokes, and no two have the same', () => {
  const paths = Array.from(alphabet, (one) => textPath(one, [0, 0], lettering))
  expect(paths.every((path) => path.length > 0)).toBe(true)
  expect(new Set(paths).size).toBe(alphabet.length)
})

test('the ink of a text ends where its width says', () => {
  const path = textPath('ABC123', [5, 0], lettering)
  const rights: number[] = []
  placePath(path, (x, y) => (rights.push(x), { x, y }))
  expect(Math.max(...rights)).toBeCloseTo(5 + textWidth('ABC123', lettering), 1)
})

test('plates need no font, stay within themselves, and every design draws', () => {
  const random = randomFrom('plates')
  for (const design of plateDesigns) {
    for (let at = 0; at < 20; at++) {
      const text = drawText(random, design)
      expect(text).toMatch(/^[A-Z0-9 -]{5,10}$/)
      const points: number[] = []
      const place = (x: number, y: number) => (
        points.push(x / design.size[0], y / design.size[1]),
        { x, y }
      )
      const svg = drawPlate(
        design,
        text,
        { light: [1, 1, 1], reflection: 1, dirt: 0.5, frame: true },
        { place, scale: 1, gradients: new Gradients('t') },
      )
      expect(svg).not.toContain('<text')
      expect(svg).not.toContain('NaN')
      expect(Math.min(...points)).toBeGreaterThan(-0.06)
      expect(Math.max(...points)).toBeLessThan(1.07)
    }
  }
})

test('designs are of several jurisdictions', () => {
  expect(new Set(plateDesigns.map(({ jurisdiction }) => jurisdiction))).toEqual(
    new Set(['US', 'CA', 'MX', 'EU', 'BR']),
  )
})

test('a seed draws the same lane, pass and pixels again; another seed does not', async () => {
  const draw = async (seed: string): Promise<Uint8Array> => {
    const lane = drawnLane(seed)
    const plan = planPass(lane, 3)
    return (
      await new Painter(lane).drawPose(
        plan,
        plan.poses[5] ?? { atMs: 0, distance: 6, aside: 0, speed: 0 },
      )
    ).jpeg
  }
  const [first, again, other] = await Promise.all([draw('a'), draw('a'), draw('b')])
  expect(first).toEqual(again)
  expect(first).not.toEqual(other)
})

test('passes differ: over many, all bodies, weathers and flaws appear and plates repeat rarely', () => {
  const plans = ['a', 'b', 'c', 'd'].flatMap((seed) =>
    Array.from({ length: 80 }, (_, at) => planPass(drawnLane(seed), at)),
  )
  expect(new Set(plans.map(({ vehicle }) => vehicle.body.name)).size).toBe(
    Object.keys(bodies).length,
  )
  expect(new Set(plans.map(({ condition }) => condition))).toEqual(new Set(conditionNames))
  expect(new Set(plans.flatMap(({ flaws }) => flaws)).size).toBe(4)
  expect(new Set(plans.map((plan) => truthOf(plan).text)).size).toBeGreaterThan(plans.length - 3)
})

test('a vehicle comes, stands, and leaves; while it stands its plate is in the picture and large enough', async () => {
  for (const seed of ['a', 'b', 'c', 'd', 'e', 'f']) {
    const lane = drawnLane(seed)
    const plan = planPass(lane, 0)
    const standing = plan.poses.filter((pose, at) => plan.poses[at - 1]?.distance === pose.distance)
    expect(standing.length).toBeGreaterThanOrEqual(3)
    const pose = standing[0]
    if (pose === undefined) throw new Error('the vehicle never stands')
    const { corners } = await new Painter(lane).drawPose(plan, pose)
    if (corners === null) throw new Error('no plate was drawn')
    for (const { x, y } of corners) {
      expect(x).toBeGreaterThan(0)
      expect(x).toBeLessThan(drawnFrame.width)
      expect(y).toBeGreaterThan(0)
      expect(y).toBeLessThan(drawnFrame.height)
    }
    expect(corners[1].x - corners[0].x).toBeGreaterThan(85)
  }
}, 30_000)

test.each(conditionNames)(
  'a frame by %s is a picture of the camera with something in it',
  async (condition) => {
    const lane = drawnLane('light')
    const painter = new Painter(lane)
    const plan = { ...planPass(lane, 1), condition }
    const empty = await decodePicture((await painter.drawEmpty(condition)).jpeg)
    const full = await decodePicture(
      (await painter.drawPose(plan, plan.poses[6] ?? { atMs: 0, distance: 5, aside: 0, speed: 0 }))
        .jpeg,
    )
    if (empty.kind === 'refused' || full.kind === 'refused') throw new Error('not a picture')
    expect([full.picture.width, full.picture.height]).toEqual([1280, 720])
    let different = 0
    for (let at = 0; at < full.picture.data.length; at += 97) {
      if (Math.abs((full.picture.data[at] ?? 0) - (empty.picture.data[at] ?? 0)) > 25)
        different += 97
    }
    expect(different / full.picture.data.length).toBeGreaterThan(0.05)
  },
  30_000,
)

test('a lane can be told which end of the vehicles its camera sees', () => {
  expect(drawnLane('exit:rear').facing).toBe('rear')
  expect(drawnLane('entry:front').facing).toBe('front')
})

test('what is behind the camera lands on finite pixels', () => {
  const { camera } = drawnLane('a')
  const { x, y } = project(camera, [0.3, 0, -40])
  expect(Number.isFinite(x) && Number.isFinite(y)).toBe(true)
})

test('a drawn camera films at camera speed and never tells what it drew', async () => {
  const clock = testClock()
  const frames: Frame[] = []
  const source = drawnSource('a', clock, {
    passEveryMs: 4_000,
    passesPerCondition: 5,
    passesMax: 1,
  })
  for await (const frame of source.frames(new AbortController().signal)) frames.push(frame)
  expect(frames.length).toBeGreaterThan(20)
  expect(Object.keys(frames[0] ?? {}).toSorted()).toEqual([
    'image',
    'monotonicMs',
    'pass',
    'takenAt',
  ])
  const gaps = frames
    .slice(1)
    .map((frame, at) => frame.monotonicMs - (frames[at]?.monotonicMs ?? 0))
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(drawnFrame.intervalMs)
  const text = truthOf(planPass(drawnLane('a'), 0, 5)).text
  expect(
    frames.some(({ image }) => image instanceof Uint8Array && Buffer.from(image).includes(text)),
  ).toBe(false)
}, 60_000)

test('stopping ends the film', async () => {
  const stopping = new AbortController()
  let count = 0
  for await (const _ of drawnSource('a', testClock()).frames(stopping.signal)) {
    count += 1
    if (count === 2) stopping.abort()
    expect(count).toBeLessThan(5)
  }
}, 30_000)

test('drawings use no font and no picture from elsewhere', () => {
  const folder = new URL('.', import.meta.url)
  const code = readdirSync(folder).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  expect(code.length).toBeGreaterThan(10)
  // Heads are pictures that our own code marches; any other would have an address.
  for (const name of code)
    expect(
      readFileSync(new URL(name, folder), 'utf8').replaceAll('<image href="${head}"', ''),
    ).not.toMatch(/<text|<image|font-family/)
})
