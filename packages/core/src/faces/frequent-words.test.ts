/** What two people agree to is read by them: hours over midnight and days apart say so. */

import { expect, test } from 'vitest'

import { frequentWords, windowWords } from './frequent-words.ts'

test.for([
  [[1, 2, 3, 4, 5], 6, 9, 'Mon to Fri 06:00 to 09:00'],
  [[5, 1], 6, 9, 'Mon, Fri 06:00 to 09:00'],
  [[6, 7], 22, 2, 'Sat, Sun 22:00 to 02:00 of the day after'],
  [[1, 2, 3, 4, 5, 6, 7], 0, 6, 'every day 00:00 to 06:00'],
  [[7], 20, 0, 'Sun 20:00 to 00:00 of the day after'],
] as const)('%j', ([weekdays, fromHour, toHour, words]) => {
  expect(windowWords({ weekdays, fromHour, toHour })).toBe(words)
})

test('the sentence names every number that is agreed to', () => {
  const said = frequentWords({
    ...{ weekdays: [1], fromHour: 6, toHour: 7, daysBack: 30, crossings: 4, people: 250 },
  })
  for (const part of ['an hour', 'Mon 06:00 to 07:00', '30 days', '4 crossings', '250 people'])
    expect(said).toContain(part)
})
