/** Receivers that are away, slow or gone: nothing is lost, nobody is held up, and somebody is told. */

import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'

let hub: TestHub
let device: TestDevice
let supervisor: Person
let now = new Date()
const receivers: Receiver[] = []

beforeAll(async () => {
  hub = await startTestHub({ now: () => now, settings: { privateTargets: ['127.0.0.1'] } })
  device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
})
afterAll(async () => {
  for (const receiver of receivers) await receiver.close()
  await hub.remove()
})

/** Time passes; whoever was signed in for longer signs in again. */
async function wait(seconds: number): Promise<void> {
  now = new Date(now.getTime() + seconds * 1000)
  supervisor = await hub.signIn(['supervisor'])
  await hub.hub.parts.deliveries.round()
}

async function subscribe(): Promise<{ readonly id: string; readonly receiver: Receiver }> {
  const receiver = await startReceiver()
  receivers.push(receiver)
  const answer = await supervisor.request('/v1/subscriptions', {
    method: 'POST',
    body: JSON.stringify({ name: 'Display', purpose: 'operations', url: receiver.url }),
  })
  expect(answer.status).toBe(201)
  return { id: ((await answer.json()) as { id: string }).id, receiver }
}

async function end(id: string): Promise<void> {
  await supervisor.request(`/v1/subscriptions/${id}`, { method: 'DELETE' })
}

async function cross(): Promise<string> {
  const { bytes, manifest } = device.bundle()
  expect((await deliver(hub, bytes)).status).toBe(201)
  return manifest.crossing
}

async function stateOf(id: string): Promise<Readonly<Record<string, unknown>>> {
  const answer = await supervisor.request('/v1/subscriptions')
  const { subscriptions } = (await answer.json()) as { subscriptions: { id: string }[] }
  return { ...subscriptions.find((one) => one.id === id) }
}

const subjects = (receiver: Receiver) => receiver.received.map(({ event }) => event['subject'])
const refuseAll: Receiver['answer'] = (_request, response) => response.writeHead(503).end()

test('a receiver that is away gets one request a wait; when it is back it gets everything once', async () => {
  const { id, receiver } = await subscribe()
  receiver.answer = refuseAll
  const crossings = [await cross()]
  await hub.hub.parts.deliveries.round()
  for (let more = 0; more < 6; more++) crossings.push(await cross())
  await hub.hub.parts.deliveries.round()
  expect(receiver.received.length).toBeLessThanOrEqual(2)
  expect(await stateOf(id)).toMatchObject({ state: 'failing', last_failure: 'status_503' })
  const before = receiver.received.length
  await wait(20)
  await wait(1)
  expect(receiver.received.length - before).toBe(1)

  receiver.answer = (_request, response) => response.writeHead(200).end()
  receiver.received.splice(0)
  await wait(3600)
  await wait(3600)
  expect(subjects(receiver)).toHaveLength(crossings.length)
  expect(new Set(subjects(receiver))).toEqual(new Set(crossings))
  expect(await stateOf(id)).toMatchObject({ state: 'active', waiting: 0, last_failure: null })
  await end(id)
})

test('a slow receiver holds up nobody but itself', async () => {
  const [slow, quick] = [await subscribe(), await subscribe()]
  const held: (() => void)[] = []
  slow.receiver.answer = (_request, response) => held.push(() => response.writeHead(200).end())
  const crossings = await Promise.all([cross(), cross()])
  const round = hub.hub.parts.deliveries.round()
  await expect
    .poll(() => new Set(subjects(quick.receiver)), { timeout: 10_000 })
    .toEqual(new Set(crossings))
  await expect.poll(() => held.length).toBe(2)
  expect(await stateOf(slow.id)).toMatchObject({ waiting: 2 })
  for (const answer of held) answer()
  await round
  expect(await stateOf(slow.id)).toMatchObject({ waiting: 0 })
  await end(slow.id)
  await end(quick.id)
})

test('a receiver that says 410 is switched off with an alarm; switched on again it gets what waited', async () => {
  const { id, receiver } = await subscribe()
  receiver.answer = (_request, response) => response.writeHead(410).end()
  const missed = await cross()
  await hub.hub.parts.deliveries.round()
  expect(await stateOf(id)).toMatchObject({ state: 'disabled', disabled: 'gone', waiting: 1 })
  expect(await openAlarms()).toContainEqual(
    expect.objectContaining({ kind: 'delivery_disabled', detail: expect.stringContaining(id) }),
  )
  await cross()
  await wait(7200)
  expect(receiver.received).toHaveLength(1)

  receiver.answer = (_request, response) => response.writeHead(200).end()
  receiver.received.splice(0)
  const on = await supervisor.request(`/v1/subscriptions/${id}/state`, {
    method: 'PUT',
    body: '{"enabled":true}',
  })
  expect(on.status).toBe(204)
  await hub.hub.parts.deliveries.round()
  expect(subjects(receiver)).toEqual([missed])
  await end(id)
})

test('five days without one success switch it off, loudly', async () => {
  const { id, receiver } = await subscribe()
  receiver.answer = refuseAll
  await cross()
  await hub.hub.parts.deliveries.round()
  for (let day = 0; day < 4; day++) await wait(86_400)
  expect(await stateOf(id)).toMatchObject({ state: 'failing', waiting: 1 })
  await wait(86_400)
  await wait(3600)
  expect(await stateOf(id)).toMatchObject({ state: 'disabled', disabled: 'failing', waiting: 1 })
  expect((await openAlarms()).map(({ kind }) => kind)).toContain('delivery_disabled')
  await end(id)
})

test('what an ended subscription still had to get goes nowhere', async () => {
  const { id, receiver } = await subscribe()
  receiver.answer = refuseAll
  await cross()
  await hub.hub.parts.deliveries.round()
  const before = receiver.received.length
  await end(id)
  await wait(7200)
  expect(receiver.received).toHaveLength(before)
  expect(await stateOf(id)).toEqual({})
})

test('an address that leads inside is refused when it is set up', async () => {
  for (const url of ['https://169.254.169.254/', 'http://hooks.example/', 'https://10.0.0.1/']) {
    const answer = await supervisor.request('/v1/subscriptions', {
      method: 'POST',
      body: JSON.stringify({ name: 'x', purpose: 'operations', url }),
    })
    expect([answer.status, ((await answer.json()) as { code: string }).code], url).toEqual([
      422,
      'target_not_allowed',
    ])
  }
})

async function openAlarms(): Promise<readonly { readonly kind: string }[]> {
  const answer = await supervisor.request('/v1/alarms?open=true')
  return ((await answer.json()) as { alarms: { kind: string }[] }).alarms
}
