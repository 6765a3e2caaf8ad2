import { expect, test } from 'vitest'

import { decideEpochEnd, type DeviceOfDay } from './epoch-end.ts'

const day = '2026-11-10'
const closed: DeviceOfDay = { device: 'a', lane: 'lane-1', closed: { missing: 0 } }
const silent: DeviceOfDay = { device: 'b', lane: 'lane-1', closed: null }
const holed: DeviceOfDay = { device: 'c', lane: 'lane-1', closed: { missing: 3 } }

test.each<[string, Partial<Parameters<typeof decideEpochEnd>[0]>, string]>([
  ['every device has closed the day and all of it is here', { devices: [closed] }, 'closed'],
  ['there was no device', { devices: [] }, 'closed'],
  ['a device has not said that it is done', { devices: [closed, silent] }, 'keep'],
  ['a device is done, but some of its bundles never came', { devices: [closed, holed] }, 'keep'],
  ['the day is not over, whatever they say', { devices: [closed], today: day }, 'keep'],
  ['the day is still to come by this clock', { devices: [], today: '2026-11-09' }, 'keep'],
  ['one person declares the rest lost', { devices: [silent], declaredLostBy: ['x'] }, 'keep'],
  ['one person declares it twice', { devices: [silent], declaredLostBy: ['x', 'x'] }, 'keep'],
  ['two people do', { devices: [holed], declaredLostBy: ['x', 'y'] }, 'declared_lost'],
  [
    'two people do before the day is over',
    { devices: [silent], declaredLostBy: ['x', 'y'], today: day },
    'keep',
  ],
  ['it is the 14th day after', { devices: [silent], today: '2026-11-24' }, 'keep'],
  ['it is the 15th day after', { devices: [silent], today: '2026-11-25' }, 'expired'],
  ['a year has passed and all closed it', { devices: [closed], today: '2027-11-25' }, 'closed'],
])('%s', (_, more, expected) => {
  const end = decideEpochEnd({ day, today: '2026-11-11', devices: [], declaredLostBy: [], ...more })
  expect(end.kind === 'keep' ? 'keep' : end.how).toBe(expected)
})

test('it names whom it waits for', () => {
  const devices = [closed, silent, holed]
  expect(decideEpochEnd({ day, today: '2026-11-11', devices, declaredLostBy: [] })).toEqual({
    kind: 'keep',
    waitingFor: [silent, holed],
  })
})
