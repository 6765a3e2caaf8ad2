/** Webhooks that arrive: signed, once stored for good, and with no more of people than they may have. */

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { isAuthentic, type Receiver, startReceiver } from '../support/receiver.ts'

let hub: TestHub
let device: TestDevice
let supervisor: Person
let receiver: Receiver
const ended: string[] = []

beforeAll(async () => {
  hub = await startTestHub({ settings: { privateTargets: ['127.0.0.1'] } })
  device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
})
afterAll(() => hub.remove())
beforeEach(async () => {
  receiver = await startReceiver()
})
afterEach(async () => {
  for (const id of ended.splice(0))
    await supervisor.request(`/v1/subscriptions/${id}`, { method: 'DELETE' })
  await receiver.close()
})

type Made = { readonly id: string; readonly secret: string; readonly public_key: string }

async function subscribe(change: object = {}, person = supervisor): Promise<Made> {
  const answer = await person.request('/v1/subscriptions', {
    method: 'POST',
    body: JSON.stringify({
      name: 'Display',
      purpose: 'operations',
      url: receiver.url,
      ...change,
    }),
  })
  expect(answer.status, await answer.clone().text()).toBe(201)
  const made = (await answer.json()) as Made
  ended.push(made.id)
  return made
}

async function cross(plate = 'KO0L42'): Promise<string> {
  const { bytes, manifest } = device.bundle({ plate })
  expect((await deliver(hub, bytes)).status).toBe(201)
  await hub.hub.parts.deliveries.round()
  return manifest.crossing
}

async function state(id: string) {
  const answer = await supervisor.request('/v1/subscriptions')
  const { subscriptions } = (await answer.json()) as { subscriptions: { id: string }[] }
  return subscriptions.find((one) => one.id === id) as Record<string, unknown> | undefined
}

test('a crossing arrives as a CloudEvent, signed both ways, without its plate', async () => {
  const { secret, public_key } = await subscribe()
  const crossing = await cross()
  expect(receiver.received).toHaveLength(1)
  const [one] = receiver.received
  if (one === undefined) throw new Error('it came')
  expect(one.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
  expect(one.event).toMatchObject({
    specversion: '1.0',
    id: one.headers['webhook-id'],
    source: '//sallyport.invalid/log/ports/test-port',
    type: 'sallyport.crossing.recorded.v1',
    subject: crossing,
    datacontenttype: 'application/json',
    data: { crossing, lane: 'in-1', direction: 'in', plate: { kind: 'read' } },
  })
  expect(one.body.toString()).not.toContain('KO0L42')
  const now = new Date()
  expect([isAuthentic(one, secret, now), isAuthentic(one, public_key, now)]).toEqual([true, true])
})

describe('what a receiver must not believe', () => {
  test('a changed body, another id, an old message sent again, another subscription’s secret', async () => {
    const { secret, public_key } = await subscribe()
    const other = await subscribe({ name: 'Other' })
    await cross()
    const [one] = receiver.received.filter((got) => isAuthentic(got, secret, new Date()))
    if (one === undefined) throw new Error('it came')
    const changed = { ...one, body: Buffer.from(one.body.toString().replace('"in"', '"out"')) }
    const renamed = { ...one, headers: { ...one.headers, 'webhook-id': 'crossing_recorded_1' } }
    const later = new Date(Date.now() + 301_000)
    for (const key of [secret, public_key]) {
      expect(isAuthentic(changed, key, new Date())).toBe(false)
      expect(isAuthentic(renamed, key, new Date())).toBe(false)
      expect(isAuthentic(one, key, later)).toBe(false)
    }
    expect(isAuthentic(one, other.secret, new Date())).toBe(false)
  })

  test('after a rotation both secrets sign for a day, and another one never did', async () => {
    const first = await subscribe()
    const answer = await supervisor.request(`/v1/subscriptions/${first.id}/secret`, {
      method: 'POST',
    })
    const second = (await answer.json()) as Made & { previous_until: string }
    expect(second.secret).not.toBe(first.secret)
    expect(Date.parse(second.previous_until)).toBeGreaterThan(Date.now() + 23 * 3_600_000)
    await cross()
    const [one] = receiver.received
    if (one === undefined) throw new Error('it came')
    for (const key of [first.secret, second.secret, first.public_key, second.public_key])
      expect(isAuthentic(one, key, new Date())).toBe(true)
    expect(isAuthentic(one, `whsec_${'A'.repeat(44)}`, new Date())).toBe(false)
  })
})

describe('plates', () => {
  test('leave for a purpose that allows it, and the log says so before the receiver knows', async () => {
    const { id } = await subscribe({ purpose: 'gate_control', plates: true })
    let sizeAtArrival = 0
    receiver.answer = (_request, response) => {
      sizeAtArrival = hub.hub.parts.journal.size()
      response.writeHead(500).end()
    }
    const before = hub.hub.parts.journal.size()
    const crossing = await cross('KO0L42')
    expect(receiver.received[0]?.event.data).toMatchObject({
      plate: { kind: 'read', text: 'KO0L42', jurisdiction: 'US' },
    })
    const entries = await entriesFrom(before)
    expect(entries).toContainEqual(
      expect.objectContaining({ kind: 'plate_sent', subscription: id, crossing }),
    )
    // The crossing's own entry and this one: both durable when it arrived.
    expect(sizeAtArrival).toBeGreaterThanOrEqual(before + 2)
    expect(JSON.stringify(entries)).not.toContain('KO0L42')
  })

  test('do not leave while the log is away: the receiver waits', async () => {
    await subscribe({ purpose: 'case_system', plates: true })
    const { bytes } = device.bundle({ plate: 'KO0L42' })
    const { journal } = hub.hub.parts
    const append = journal.append.bind(journal)
    Object.assign(journal, {
      append: (entry: { kind: string }) =>
        entry.kind === 'plate_sent'
          ? Promise.reject(new Error('the disk is full'))
          : append(entry as never),
    })
    try {
      expect((await deliver(hub, bytes)).status).toBe(201)
      await hub.hub.parts.deliveries.round()
      expect(receiver.received).toHaveLength(0)
    } finally {
      Object.assign(journal, { append })
    }
  })

  test('do not leave for another purpose, nor by somebody who may not decide it', async () => {
    const ask = async (person: Person, purpose: string) => {
      const answer = await person.request('/v1/subscriptions', {
        method: 'POST',
        body: JSON.stringify({ name: 'x', purpose, url: receiver.url, plates: true }),
      })
      return [answer.status, ((await answer.json()) as { code: string }).code]
    }
    expect(await ask(supervisor, 'statistics')).toEqual([403, 'plates_not_for_purpose'])
    const integrator = await hub.signIn(['integrator'])
    expect(await ask(integrator, 'gate_control')).toEqual([403, 'plates_not_for_role'])
    const officer = await hub.signIn(['officer'])
    expect(await ask(officer, 'gate_control')).toEqual([403, 'role_missing'])
    await subscribe({ name: 'without' }, integrator)
  })
})

test('an alarm arrives without its detail', async () => {
  await subscribe({ event_types: ['alarm.raised'] })
  await hub.hub.parts.alarms.raise('lane_alarm', { lane: 'in-1' }, 'said by the lane: KO0L42')
  await hub.hub.parts.deliveries.round()
  expect(receiver.received.map(({ event }) => event.data)).toMatchObject([
    { kind: 'lane_alarm', lane: 'in-1', device: null },
  ])
  expect(receiver.received[0]?.body.toString()).not.toContain('KO0L42')
})

test('nobody is told of events that he did not ask for, or before he asked', async () => {
  const early = await cross()
  await subscribe({ event_types: ['alarm.raised'] })
  await subscribe({ name: 'two' })
  const late = await cross()
  expect(receiver.received.map(({ event }) => event['subject'])).toEqual([late])
  expect(early).not.toBe(late)
})

test('a test event says nothing of anybody and tells whether it arrived', async () => {
  const { id } = await subscribe()
  const ask = async () =>
    (await supervisor.request(`/v1/subscriptions/${id}/test`, { method: 'POST' })).json()
  expect(await ask()).toEqual({ delivered: true, reason: null })
  expect(receiver.received[0]?.event.type).toBe('sallyport.delivery.tested.v1')
  receiver.answer = (_request, response) => response.writeHead(401).end('no')
  expect(await ask()).toEqual({ delivered: false, reason: 'status_401' })
  expect(await state(id)).toMatchObject({ state: 'active', waiting: 0 })
})

async function entriesFrom(index: number): Promise<readonly unknown[]> {
  const { journal } = hub.hub.parts
  const entries: unknown[] = []
  for (let at = index; at < journal.size(); at++) {
    const receipt = await journal.receipt(at)
    entries.push(JSON.parse(Buffer.from(receipt?.entry ?? []).toString('utf8')))
  }
  return entries
}
