/** A device is put in quarantine in one step, the effect is asked of whoever has to obey, and it is let back in. */

import { afterEach, beforeEach, expect, test } from 'vitest'

import { drivePluggedIn, eventSigner, tell } from '../support/device-events.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

type Person = Awaited<ReturnType<TestHub['signIn']>>
type Step = { readonly id: string; readonly effect: { readonly confirmed: boolean } }
let hub: TestHub
let device: TestDevice
let responder: Person
beforeEach(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'lane-1')
  responder = await hub.signIn(['responder'])
})
afterEach(() => hub.remove())

const quarantine = (by: Person, id = device.id, reason = 'A drive was plugged in') =>
  by.request(`/v1/devices/${id}/quarantine`, { method: 'POST', body: JSON.stringify({ reason }) })
const standing = async (by: Person) =>
  (await (await by.request(`/v1/devices/${device.id}/quarantine`)).json()) as {
    readonly quarantined: boolean
    readonly step: Step | null
  }

test('R25: one step takes a device off, its bundles wait, its events still come, and it is let back in', async () => {
  const cut = await quarantine(responder)
  expect(cut.status).toBe(201)
  const { step } = (await cut.json()) as { step: Step }
  expect(step.effect.confirmed).toBe(true)
  expect(await standing(responder)).toMatchObject({ quarantined: true, step: { id: step.id } })
  const lanes = (await (await responder.request('/v1/lanes')).json()) as {
    lanes: { device: { quarantined_at: string | null } }[]
  }
  expect(lanes.lanes[0]?.device.quarantined_at).not.toBeNull()

  const bundle = device.bundle()
  const refused = await deliver(hub, bundle.bytes)
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    503,
    'device_quarantined',
  ])
  // What happens at the lane meanwhile is what somebody needs to know.
  expect((await tell(hub, device.id, eventSigner(device)(drivePluggedIn))).status).toBe(201)

  const lifted = await responder.request(`/v1/containment/${step.id}/lifting`, { method: 'POST' })
  expect(lifted.status).toBe(200)
  expect(await standing(responder)).toEqual({ quarantined: false, step: null })
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
})

test('a second quarantine opens no second incident', async () => {
  await quarantine(responder)
  expect((await quarantine(responder)).status).toBe(409)
  const { incidents } = (await (await responder.request('/v1/incidents')).json()) as {
    incidents: unknown[]
  }
  expect(incidents).toHaveLength(1)
})

test('whoever is not in the room sees that it is cut off, and not why', async () => {
  await quarantine(responder)
  const other = await hub.signIn(['privacy'])
  expect(await standing(other)).toEqual({ quarantined: true, step: null })
})

test.each([['officer'], ['integrator'], ['supervisor']] as const)(
  'a %s puts no device in quarantine',
  async (role) => {
    expect((await quarantine(await hub.signIn([role]))).status).toBe(403)
    expect(await standing(responder)).toEqual({ quarantined: false, step: null })
  },
)

test('a device that is not there opens no incident', async () => {
  expect((await quarantine(responder, 'e'.repeat(32))).status).toBe(404)
  const { incidents } = (await (await responder.request('/v1/incidents')).json()) as {
    incidents: unknown[]
  }
  expect(incidents).toEqual([])
})
