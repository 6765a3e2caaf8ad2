/** The traffic of the replay: exactly as many pictures and people as are told, whatever the scale. */

import { expect, test } from 'vitest'

import { limits } from './limits.ts'
import { planTraffic, plateOf, webOf } from './plan.ts'

test.for([1, 50, 51, 200, limits.scaleMax])(
  'at one in %i no picture and nobody is lost or made up',
  (scale) => {
    const { crossings } = planTraffic(scale)
    const people = new Set<number>()
    const plates = new Set<string>()
    let pictures = 0
    let full = 0
    for (const { picture, plate } of crossings) {
      if (picture.kind === 'full') {
        pictures += 2
        full += 1
        people.add(picture.driver)
        continue
      }
      expect(picture.people.length).toBeGreaterThan(0)
      pictures += 1 + picture.people.length
      for (const one of picture.people) people.add(one)
      plates.add(plate)
    }
    expect(pictures).toBe(Math.round(limits.pictures / scale))
    expect(people.size).toBe(Math.round(limits.people / scale))
    expect(crossings).toHaveLength(Math.round(limits.crossings / scale))
    expect(full).toBe(webOf(scale))
    expect(plates.size).toBe(Math.round(limits.vehicles / scale) - full)
  },
)

test('crossings come in order, on every one of the days, while the port is open', () => {
  const { crossings } = planTraffic(200)
  expect(new Set(crossings.map(({ day }) => day)).size).toBe(limits.days)
  for (const [at, { at: moment, number }] of crossings.entries()) {
    expect(number).toBe(at)
    expect(moment.getTime()).toBeGreaterThanOrEqual(crossings[at - 1]?.at.getTime() ?? 0)
    const hour = (moment.getUTCHours() + 18) % 24
    expect(hour).toBeGreaterThanOrEqual(limits.opens)
    expect(hour).toBeLessThan(limits.closes)
  }
})

test('every crossing that will be opened is at the lane that the grant names, before the last visit', () => {
  for (const scale of [1, 20, 200]) {
    const { crossings } = planTraffic(scale)
    const full = crossings.filter(({ picture }) => picture.kind === 'full')
    for (const { lane, day } of full) {
      expect(lane).toBe(0)
      expect(day).toBeLessThanOrEqual(limits.visits.at(-1) ?? 0)
    }
  }
})

test('no two vehicles share a plate', () => {
  const plates = new Set(
    Array.from({ length: 2 * limits.vehicles }, (_, vehicle) => plateOf(vehicle)),
  )
  expect(plates.size).toBe(2 * limits.vehicles)
})
