import fc from 'fast-check'
import { expect, test } from 'vitest'

import { cohortMin, groupCohorts, noise, noiseBound, pooled } from './cohorts.ts'

const sizesOf = (sizes: readonly number[]) =>
  new Map(sizes.map((size, index) => [`cohort-${index}`, size]))

test('no group is small, neither one that is shown nor what is left when those are taken from the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 12 }), (numbers) => {
      const sizes = sizesOf(numbers)
      const groups = groupCohorts(sizes)
      const total = numbers.reduce((sum, size) => sum + size, 0)
      if (groups === null) return total < cohortMin
      const bySize = new Map<string, number>()
      for (const [cohort, size] of sizes) {
        const group = groups.get(cohort) ?? ''
        bySize.set(group, (bySize.get(group) ?? 0) + size)
      }
      return [...bySize.values()].every((size) => size >= cohortMin)
    }),
  )
})

test('a single small cohort is hidden together with another one, or subtraction would show it', () => {
  const groups = groupCohorts(
    new Map([
      ['us-ca', 200],
      ['us-tx', 40],
      ['gb', 1],
    ]),
  )
  expect([...(groups ?? [])]).toEqual([
    ['gb', pooled],
    ['us-tx', pooled],
    ['us-ca', 'us-ca'],
  ])
})

test('large cohorts stand alone, and a set that is too small has none', () => {
  expect(new Set(groupCohorts(sizesOf([20, 21, 300]))?.values())).toEqual(
    new Set(['cohort-0', 'cohort-1', 'cohort-2']),
  )
  expect(groupCohorts(sizesOf([10, 9]))).toBeNull()
})

test('noise is as likely above as below, as wide as its bound says, and never shifts the odds by more than e^epsilon', () => {
  let seed = 7
  const chance = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647
  const epsilon = 0.25
  const draws = Array.from({ length: 60_000 }, () => noise(epsilon, chance))
  const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length
  expect(Math.abs(mean)).toBeLessThan(0.1)
  const beyond = draws.filter((draw) => Math.abs(draw) > noiseBound(epsilon)).length / draws.length
  expect(beyond).toBeGreaterThan(0.02)
  expect(beyond).toBeLessThan(0.055)
  const counted = (value: number): number => draws.filter((draw) => draw === value).length
  for (const value of [-4, -1, 0, 3])
    expect(Math.abs(Math.log(counted(value) / counted(value + 1)))).toBeLessThan(epsilon + 0.1)
})
