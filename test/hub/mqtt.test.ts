/** Events on a broker that comes and goes. */

import { startTestBroker, type TestBroker } from '@sallyport/mqtt/testing/broker'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let broker: TestBroker
let hub: TestHub
let device: TestDevice
let now = new Date()

beforeAll(async () => {
  broker = await startTestBroker()
  hub = await startTestHub({
    now: () => now,
    settings: { mqttUrl: broker.url.replace('//', '//hub:secret-of-the-broker@') },
  })
  device = await enrolTestDevice(hub, 'in-1')
}, 120_000)
afterAll(async () => {
  await hub.remove()
  await broker.down()
})

async function cross(): Promise<string> {
  const { bytes, manifest } = device.bundle({ plate: 'KO0L42' })
  expect((await deliver(hub, bytes)).status).toBe(201)
  return manifest.crossing
}

async function wait(seconds: number): Promise<void> {
  now = new Date(now.getTime() + seconds * 1000)
  await hub.hub.parts.deliveries.round()
}

const heard = () =>
  broker.published.map(
    ({ payload }) => JSON.parse(payload.toString()) as { subject: string; data: object },
  )

test('a crossing is published as a CloudEvent, without its plate, under the port and the type', async () => {
  const crossing = await cross()
  await wait(0)
  expect(broker.visitors).toEqual([{ username: 'hub', password: 'secret-of-the-broker' }])
  expect(broker.published.map(({ topic }) => topic)).toEqual([
    'sallyport/test-port/crossing.recorded',
  ])
  expect(heard()).toMatchObject([{ subject: crossing, data: { plate: { kind: 'read' } } }])
  expect(broker.published[0]?.payload.toString()).not.toContain('KO0L42')
})

test('while the broker is away or deaf nothing is lost; when it is back everything is published', async () => {
  broker.published.splice(0)
  await broker.down()
  const crossings = [await cross()]
  await wait(1)
  crossings.push(await cross(), await cross())
  await wait(3600)
  await broker.up()
  await wait(3600)
  await wait(3600)
  expect(new Set(heard().map(({ subject }) => subject))).toEqual(new Set(crossings))
}, 120_000)

test('people see that it is there and whether it works, and not its password', async () => {
  const supervisor = await hub.signIn(['supervisor'])
  const text = await (await supervisor.request('/v1/subscriptions')).text()
  expect(text).toContain('MQTT broker')
  expect(text).not.toContain('secret-of-the-broker')
  const { subscriptions } = JSON.parse(text) as { subscriptions: { id: string; state: string }[] }
  expect(subscriptions).toMatchObject([
    { kind: 'mqtt', state: 'active', waiting: 0, plates: false },
  ])
  const gone = await supervisor.request(`/v1/subscriptions/${subscriptions[0]?.id}`, {
    method: 'DELETE',
  })
  expect(gone.status).toBe(404)
})
