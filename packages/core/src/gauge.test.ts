import { describe, expect, test } from 'vitest'

import {
  type GaugeFigures,
  gaugeLimits,
  gaugeVerdict,
  noPlateAdvice,
  type PlateFigures,
  readGauge,
} from './gauge.ts'

const good: PlateFigures = {
  seen_at: '2026-11-22T10:00:00.000Z',
  width_px: 120,
  sharpness: 0.5,
  tilt_deg: 1,
  contrast: 0.6,
  clipped_light: 0.1,
  clipped_dark: 0,
  surely: true,
}

function figures(plate: Partial<PlateFigures>, frames: number | null = 5): GaugeFigures {
  return { frames_per_second: frames, plate: { ...good, ...plate } }
}

test('a camera that sees a plate well has nothing to be told', () => {
  const readings = readGauge(figures({}))
  expect(readings.map(({ name }) => name)).toEqual([
    'width',
    'sharpness',
    'angle',
    'light',
    'frames',
  ])
  expect(readings.every(({ advice }) => advice === null)).toBe(true)
  expect(gaugeVerdict(readings)).toBe('good')
})

const { widthPx, sharpness, tiltDeg, contrast, framesPerSecond } = gaugeLimits

describe('at the edge of each cut-off', () => {
  test.each([
    ['width', { width_px: widthPx.good }, 'good'],
    ['width', { width_px: widthPx.good - 1 }, 'fair'],
    ['width', { width_px: widthPx.poor - 1 }, 'poor'],
    ['sharpness', { sharpness: sharpness.good }, 'good'],
    ['sharpness', { sharpness: sharpness.good - 0.001 }, 'fair'],
    ['sharpness', { sharpness: sharpness.poor - 0.001 }, 'poor'],
    ['angle', { tilt_deg: -tiltDeg.good }, 'good'],
    ['angle', { tilt_deg: tiltDeg.good + 0.1 }, 'fair'],
    ['angle', { tilt_deg: -tiltDeg.poor - 0.1 }, 'poor'],
    ['light', { contrast: contrast.good }, 'good'],
    ['light', { contrast: contrast.good - 0.001 }, 'fair'],
    ['light', { contrast: contrast.poor - 0.001 }, 'poor'],
  ] as const)('%s of %o is %s', (name, plate, verdict) => {
    const readings = readGauge(figures(plate))
    const reading = readings.find((one) => one.name === name)
    expect(reading?.verdict).toBe(verdict)
    expect(reading?.advice === null).toBe(verdict === 'good')
    expect(gaugeVerdict(readings)).toBe(verdict)
  })

  test.each([
    [framesPerSecond.good, 'good'],
    [framesPerSecond.good - 0.1, 'fair'],
    [framesPerSecond.poor - 0.1, 'poor'],
  ])('%d frames a second are %s', (frames, verdict) => {
    expect(gaugeVerdict(readGauge(figures({}, frames)))).toBe(verdict)
  })
})

test('advice names the number that was seen and the one that is needed', () => {
  const [width] = readGauge(figures({ width_px: 62.4 }))
  expect(width).toMatchObject({ seen: '62 px', needed: '80 px' })
  expect(width?.advice).toMatch(/too far: the plate is 62 px wide, from 80 px on/)
})

test.each([
  [{ clipped_light: 0.8 }, /washed out/],
  [{ clipped_dark: 0.8 }, /too dark/],
  [{ clipped_light: 0, clipped_dark: 0 }, /hard to tell apart/],
])('a plate without contrast and with %o is told what to do about its light', (plate, words) => {
  const light = readGauge(figures({ contrast: 0.05, ...plate })).find((one) => one.name === 'light')
  expect(light?.advice).toMatch(words)
})

test('a plate that runs downhill is turned the other way than one that runs uphill', () => {
  const advice = (tilt_deg: number): string =>
    readGauge(figures({ tilt_deg })).find((one) => one.name === 'angle')?.advice ?? ''
  expect(advice(18)).toMatch(/downhill by 18°: turn the camera clockwise/)
  expect(advice(-18)).toMatch(/uphill by 18°: turn the camera counter-clockwise/)
})

test('photographs that come one by one are not blamed for their rate', () => {
  expect(readGauge({ frames_per_second: null, plate: null })).toEqual([])
})

test('without a plate only the frames are judged, and after a minute it is said what to do', () => {
  expect(readGauge({ frames_per_second: 5, plate: null }).map(({ name }) => name)).toEqual([
    'frames',
  ])
  expect(noPlateAdvice(gaugeLimits.noPlateMs - 1)).toBeNull()
  expect(noPlateAdvice(gaugeLimits.noPlateMs)).toMatch(/Put a vehicle/)
})
