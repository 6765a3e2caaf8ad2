import { gaugeLimits } from '@sallyport/core/gauge'
import { expect, test } from 'vitest'

import { gaugeLines } from './lane-gauge.ts'

test('with no plate in view for a minute the gauge says what to do, and not before', () => {
  const figures = { frames_per_second: 5, plate: null }
  expect(gaugeLines(figures, gaugeLimits.noPlateMs - 1).join()).toBe(
    '  no plate in view,✓ frames     5.0 a second               needs 4 a second',
  )
  expect(gaugeLines(figures, gaugeLimits.noPlateMs).join()).toMatch(/Put a vehicle where the plate/)
})

test('a plate that is too small is told with its width, the one that is needed and what to do', () => {
  const plate = {
    ...{ seen_at: '2026-11-22T10:00:00.000Z', width_px: 52, sharpness: 0.5, tilt_deg: 0 },
    ...{ contrast: 0.5, clipped_light: 0, clipped_dark: 0, surely: false },
  }
  const [width] = gaugeLines({ frames_per_second: 5, plate }, 0)
  expect(width).toMatch(/^✗ width +52 px +needs 80 px\n +The camera is too far/)
})
