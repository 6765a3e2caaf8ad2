import { readGauge } from '@sallyport/core/gauge'
import type { Look } from '@sallyport/core/plate'
import { expect, test } from 'vitest'

import { Gauge } from './gauge.ts'
import { limits } from './limits.ts'
import { testLook, testPicture } from './testing/pictures.ts'

const picture = testPicture([{ x: 200, y: 200, width: 50, height: 33, grey: 220 }])
const frame = (monotonicMs: number) => ({ monotonicMs, takenAt: new Date(monotonicMs) })

function lookedAt(...looks: readonly Look[]): Gauge {
  const gauge = new Gauge()
  looks.forEach((look, at) => gauge.looked(picture, [look], frame(1_000 * at)))
  return gauge
}

test('frames are counted as they came lately, and not for ever', () => {
  const gauge = new Gauge()
  for (let at = 0; at < 20_000; at += 250) gauge.saw({ monotonicMs: at, pass: 'live' })
  expect(gauge.figures(20_000).frames_per_second).toBeCloseTo(4, 0)
  expect(gauge.figures(60_000).frames_per_second).toBe(0)
})

test('photographs have no rate', () => {
  const gauge = new Gauge()
  gauge.saw({ monotonicMs: 0, pass: 'whole' })
  expect(gauge.figures(0).frames_per_second).toBeNull()
})

test('figures say how the plate stands, and nothing of what it says', () => {
  const figures = lookedAt(testLook('SECRET7'), testLook('SECRET7')).figures(1_000)
  expect(figures.plate).toMatchObject({ width_px: 100, tilt_deg: 0, surely: true })
  expect(JSON.stringify([figures, readGauge(figures)])).not.toContain('SECRET7')
})

test('one look is not sure, nor are looks that disagree', () => {
  expect(lookedAt(testLook('SECRET7')).figures(0).plate?.surely).toBe(false)
  const wavering = lookedAt(testLook('SECRET7'), testLook('SEGRET1', { confidence: 0.96 }))
  expect(wavering.figures(1_000).plate?.surely).toBe(false)
})

test('two vehicles that read surely do not lend each other their looks', () => {
  const gauge = lookedAt(testLook('SECRET7', { x: 0 }), testLook('SECRET7', { x: 400 }))
  expect(gauge.figures(1_000).plate?.surely).toBe(false)
})

test('a plate of long ago is forgotten', () => {
  const gauge = lookedAt(testLook('SECRET7'))
  expect(gauge.figures(limits.gaugePlateMs).plate).not.toBeNull()
  expect(gauge.figures(limits.gaugePlateMs + 1).plate).toBeNull()
})

test('what is no plate moves no needle', () => {
  const gauge = new Gauge()
  gauge.looked(picture, [testLook('', { detection: 0.1 })], frame(0))
  gauge.looked(picture, [], frame(0))
  expect(gauge.figures(0).plate).toBeNull()
})

test('a slow reader is asked one frame at a time, and one that is closed breaks nothing', async () => {
  const gauge = new Gauge()
  const answers: ((looks: readonly Look[]) => void)[] = []
  const reader = { look: () => new Promise<readonly Look[]>((answer) => answers.push(answer)) }
  const first = gauge.look(frame(0), picture, reader)
  await gauge.look(frame(1), picture, reader)
  expect(answers).toHaveLength(1)
  answers[0]?.([testLook('SECRET7')])
  await first
  expect(gauge.figures(0).plate?.width_px).toBe(100)
  const closed = { look: () => Promise.reject(new Error('closed')) }
  await expect(gauge.look(frame(2), picture, closed)).resolves.toBeUndefined()
})
