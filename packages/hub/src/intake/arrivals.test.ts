import { expect, test } from 'vitest'

import { createArrivals } from './arrivals.ts'

const never = 60_000

test('a bundle that stands alone is not kept waiting for others', async () => {
  await expect(createArrivals().settled(never)).resolves.toBeUndefined()
})

test('a batch begins when the last bundle on its way has arrived', async () => {
  const arrivals = createArrivals()
  const [first, second] = [arrivals.begin(), arrivals.begin()]
  let began = false
  const gathered = arrivals.settled(never).then(() => (began = true))
  first()
  await new Promise(setImmediate)
  expect(began).toBe(false)
  second()
  await gathered
  expect(began).toBe(true)
})

test('a sender that never finishes holds a batch back for the time given and no longer', async () => {
  const arrivals = createArrivals()
  arrivals.begin()
  await expect(arrivals.settled(5)).resolves.toBeUndefined()
})

test('a bundle that is counted off twice does not count another off', async () => {
  const arrivals = createArrivals()
  const [first] = [arrivals.begin(), arrivals.begin()]
  first()
  first()
  let began = false
  void arrivals.settled(never).then(() => (began = true))
  await new Promise(setImmediate)
  expect(began).toBe(false)
})
