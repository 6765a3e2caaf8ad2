import type { Corners } from '@sallyport/core/plate'
import { expect, test } from 'vitest'

import type { Picture } from './picture.ts'
import { lightOf, tiltOf } from './plate-measure.ts'

const corners: Corners = [
  { x: 20, y: 20 },
  { x: 120, y: 20 },
  { x: 120, y: 70 },
  { x: 20, y: 70 },
]

/** The corners turned clockwise, as pictures count: y grows downwards. */
function turned(degrees: number): Corners {
  const angle = (degrees * Math.PI) / 180
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  return corners.map(({ x, y }) => ({ x: x * cos - y * sin, y: x * sin + y * cos })) as never
}

test.each([0, 12, -12, 89, -89, 170])('a plate turned by %d° is told so', (by) => {
  expect(tiltOf(turned(by))).toBeCloseTo(by, 6)
})

test('a plate seen from aside is not taken for a turned one', () => {
  const [a, b, c, d] = corners
  expect(tiltOf([a, b, { ...c, x: c.x - 50 }, { ...d, x: d.x - 50 }])).toBeCloseTo(0, 6)
})

test('corners that lie on one point are measured without a number that is none', () => {
  const point = { x: 5, y: 5 }
  expect(tiltOf([point, point, point, point])).toBe(0)
})

/** Every other column dark, the rest light. */
function striped(dark: number, light: number): Picture {
  const data = new Uint8Array(160 * 90 * 3)
  for (let at = 0; at < 160 * 90; at++)
    data.fill(Math.floor((at % 160) / 10) % 2 === 0 ? dark : light, at * 3, at * 3 + 3)
  return { width: 160, height: 90, data }
}

test.each([
  ['a plate in good light', striped(30, 220), { contrast: 190 / 255, light: 0, dark: 0 }],
  ['a washed-out plate', striped(252, 255), { contrast: 3 / 255, light: 1, dark: 0 }],
  ['a plate in the dark', striped(0, 4), { contrast: 4 / 255, light: 0, dark: 1 }],
])('%s is measured as such', (_name, picture, expected) => {
  const { contrast, clippedLight, clippedDark } = lightOf(picture, corners)
  expect(contrast).toBeCloseTo(expected.contrast, 2)
  expect([clippedLight, clippedDark]).toEqual([expected.light, expected.dark])
})

test('a plate that reaches beyond the picture is measured by its edge', () => {
  const beyond = corners.map(({ x, y }) => ({ x: x + 100, y: y + 60 })) as never
  expect(lightOf(striped(30, 220), beyond).contrast).toBeGreaterThan(0)
})
