/** How a lane's camera sees plates: from its heartbeat to whoever aims it. */

import { afterAll, beforeAll, expect, test } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice
beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())

const gauge = {
  frames_per_second: 5,
  plate: {
    seen_at: '2026-11-22T10:00:00.000Z',
    width_px: 62.4,
    sharpness: 0.31,
    tilt_deg: -3.2,
    contrast: 0.62,
    clipped_light: 0.02,
    clipped_dark: 0,
    surely: false,
  },
}

async function shown(): Promise<unknown> {
  const person = await hub.signIn(['integrator'])
  const { lanes } = (await (await person.request('/v1/lanes')).json()) as {
    lanes: { device: { gauge: unknown } | null }[]
  }
  return lanes[0]?.device?.gauge
}

test('an integrator sees the numbers that the lane sent, and a lane of before has none', async () => {
  expect(await shown()).toBeNull()
  expect((await sendHeartbeat(hub, device, { gauge })).status).toBe(204)
  expect(await shown()).toEqual(gauge)
  expect((await sendHeartbeat(hub, device)).status).toBe(204)
  expect(await shown()).toBeNull()
})

test.each([
  ['a plate’s characters', { ...gauge, plate: { ...gauge.plate, text: 'SECRET7' } }],
  ['a text for a number', { ...gauge, frames_per_second: 'SECRET7' }],
])('%s in a gauge go no further, and the lane is heard all the same', async (_what, sent) => {
  expect((await sendHeartbeat(hub, device, { gauge: sent })).status).toBe(204)
  expect(JSON.stringify(await shown())).not.toContain('SECRET7')
})
