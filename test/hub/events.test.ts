/** Live events: everybody hears what their role may know, and who was away catches up or is told to. */

import { limits } from '@sallyport/hub/limits'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { madeEntry, post } from '../support/watch.ts'

let hub: TestHub
let device: TestDevice
const open: Stream[] = []

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
})
afterAll(() => hub.remove())
afterEach(async () => {
  for (const stream of open.splice(0)) await stream.end()
})

type Heard = { readonly name: string; readonly id: number; readonly data: unknown }
type Stream = {
  readonly heard: Heard[]
  /** Resolves with the first event of this name that is not heard yet. */
  next(name: string): Promise<Heard>
  end(): Promise<void>
  /** Resolves when the hub has ended it. */
  readonly over: Promise<void>
}

/** Listens over the network as a browser does. */
async function listen(person: Person, lastId?: number): Promise<Stream> {
  const ending = new AbortController()
  const answer = await fetch(`${hub.origin}/v1/events`, {
    headers: {
      cookie: person.cookie,
      ...(lastId === undefined ? {} : { 'last-event-id': String(lastId) }),
    },
    signal: ending.signal,
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/)
  const heard: Heard[] = []
  let taken = 0
  let wake: () => void = () => undefined
  const reading = (async () => {
    let text = ''
    const decoder = new TextDecoder()
    for await (const chunk of answer.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      const parts = text.split('\n\n')
      text = parts.pop() ?? ''
      for (const part of parts) if (!part.startsWith(':')) heard.push(parse(part))
      wake()
    }
  })().catch(() => undefined)
  const stream: Stream = {
    heard,
    async next(name) {
      const deadline = Date.now() + 10_000
      for (;;) {
        const at = heard.findIndex((event, index) => index >= taken && event.name === name)
        const found = heard[at]
        if (found !== undefined) {
          taken = at + 1
          return found
        }
        if (Date.now() > deadline) throw new Error(`no ${name}; heard ${JSON.stringify(heard)}`)
        await new Promise<void>((resolve) => {
          wake = resolve
          setTimeout(resolve, 200)
        })
      }
    },
    async end() {
      ending.abort()
      await reading
    },
    over: reading,
  }
  open.push(stream)
  await stream.next('hello')
  return stream
}

function parse(part: string): Heard {
  const fields = Object.fromEntries(
    part
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  )
  return {
    name: fields['event'] ?? '',
    id: Number(fields['id']),
    data: JSON.parse(fields['data'] ?? 'null'),
  }
}

async function cross(plate: string): Promise<string> {
  const { bytes, manifest } = device.bundle({ plate })
  expect((await deliver(hub, bytes)).status).toBe(201)
  return manifest.crossing
}

test('whoever is cut off in an incident hears nothing of what comes after, though they were listening', async () => {
  const officer = await hub.signIn(['officer'])
  const responder = await hub.signIn(['responder'])
  const [cut, stays] = [await listen(officer), await listen(responder)]
  const { account } = (await (await officer.request('/v1/session')).json()) as {
    account: { id: string }
  }
  const now = new Date().toISOString()
  const made = await responder.request(
    '/v1/incidents',
    post({ title: 'Somebody listens', known_at: now, suspected_at: now }),
  )
  const { id } = (await made.json()) as { id: string }
  const done = await responder.request(
    `/v1/incidents/${id}/containment`,
    post({ cuts: [{ act: 'account_disabled', target: account.id }] }),
  )
  expect(done.status, await done.clone().text()).toBe(200)
  const crossing = await cross('EVENT7')
  expect((await stays.next('crossing')).data).toMatchObject({ id: crossing })
  // Ended by the hub: nobody here ends it.
  await cut.over
  expect(JSON.stringify(cut.heard)).not.toContain('EVENT7')
})

test('without a session there are no events', async () => {
  expect((await fetch(`${hub.origin}/v1/events`)).status).toBe(401)
})

test('a crossing, the state of its lane, an alarm and an opening are told as they happen', async () => {
  const supervisor = await hub.signIn(['supervisor'])
  const stream = await listen(supervisor)
  const crossing = await cross('EVENT1')
  expect((await stream.next('crossing')).data).toMatchObject({
    id: crossing,
    plate: { text: 'EVENT1' },
    log_index: expect.any(Number),
  })
  await sendHeartbeat(hub, device, { camera: 'gone' })
  await stream.next('alarm')
  const { captures } = (await (await supervisor.request(`/v1/crossings/${crossing}`)).json()) as {
    captures: { id: string }[]
  }
  await supervisor.request(`/v1/captures/${captures[0]?.id}/openings`, {
    method: 'POST',
    body: '{"purpose":"investigation"}',
  })
  expect((await stream.next('opening')).data).toMatchObject({
    opening: { crossing, outcome: 'opened' },
  })
  const ids = stream.heard.map(({ id }) => id)
  expect(ids).toEqual(ids.toSorted((a, b) => a - b))
})

test('no role hears what it may not read', async () => {
  const [integrator, officer] = [
    await listen(await hub.signIn(['integrator'])),
    await listen(await hub.signIn(['officer'])),
  ]
  const crossing = await cross('SECRET1')
  const responder = await hub.signIn(['responder'])
  const { captures } = (await (await responder.request(`/v1/crossings/${crossing}`)).json()) as {
    captures: { id: string }[]
  }
  await responder.request(`/v1/captures/${captures[0]?.id}/openings`, {
    method: 'POST',
    body: '{"purpose":"incident"}',
  })
  await officer.next('crossing')
  // An event that both may hear, after those that they may not.
  await sendHeartbeat(hub, device, { alarms: ['the end'] })
  for (const stream of [integrator, officer]) await stream.next('alarm')
  expect(integrator.heard.map(({ name }) => name)).not.toContain('crossing')
  expect(JSON.stringify(integrator.heard)).not.toContain('SECRET1')
  for (const stream of [integrator, officer]) {
    expect(stream.heard.map(({ name }) => name)).not.toContain('opening')
  }
})

test('a possible match and its verdict are told to those at the lanes, not to integrators', async () => {
  const [supervisor, officer] = [await hub.signIn(['supervisor']), await hub.signIn(['officer'])]
  const streams = [await listen(await hub.signIn(['integrator'])), await listen(officer)] as const
  await madeEntry(supervisor, { plate: 'LOOKED4' })
  const crossing = await cross('L00KED4')
  await cross('LO0KED4')
  const told = await streams[1].next('watch_hit')
  expect(told.data).toMatchObject({
    state: 'unconfirmed',
    text: 'LO0KED4',
    entry: { plate: 'LOOKED4' },
  })
  const { id } = told.data as { id: string }
  await officer.request(`/v1/watch/hits/${id}/judgement`, post({ verdict: 'rejected' }))
  expect((await streams[1].next('watch_hit')).data).toMatchObject({ id, state: 'rejected' })
  await sendHeartbeat(hub, device, { alarms: ['the end of hits'] })
  for (const stream of streams) await stream.next('alarm')
  expect(JSON.stringify(streams[0].heard)).not.toContain('LOOKED4')
  expect(JSON.stringify(streams[1].heard.filter(({ name }) => name === 'watch_hit'))).not.toContain(
    crossing,
  )
})

test('who was away for a moment hears what was missed, once and in order', async () => {
  const officer = await hub.signIn(['officer'])
  const first = await listen(officer)
  await cross('MISS00')
  const last = await first.next('crossing')
  await first.end()
  const missed = [await cross('MISS01'), await cross('MISS02')]
  const again = await listen(officer, last.id)
  const crossings = () => again.heard.filter(({ name }) => name === 'crossing')
  await expect.poll(() => crossings().length).toBe(2)
  expect(crossings().map(({ data }) => (data as { id: string }).id)).toEqual(missed)
  expect(again.heard.some(({ name }) => name === 'reset')).toBe(false)
  const next = await cross('MISS03')
  await expect.poll(() => crossings().length).toBe(3)
  expect(crossings().map(({ data }) => (data as { id: string }).id)).toEqual([...missed, next])
})

test('who was away for too long, or comes from before a restart, is told to read anew', async () => {
  const officer = await hub.signIn(['officer'])
  const stream = await listen(officer)
  await cross('AGES00')
  const { id } = await stream.next('crossing')
  await stream.end()
  for (let count = 0; count <= limits.eventsKept; count++)
    hub.hub.parts.events.publish('device', {})
  expect((await listen(officer, id)).heard.map(({ name }) => name)).toContain('reset')
  expect((await listen(officer, 7)).heard.map(({ name }) => name)).toContain('reset')
  await hub.restart()
  expect((await listen(officer, id)).heard.map(({ name }) => name)).toContain('reset')
})

test('a stop of the hub ends the streams instead of waiting for them', async () => {
  const stream = await listen(await hub.signIn(['officer']))
  const started = Date.now()
  await hub.stop()
  expect(Date.now() - started).toBeLessThan(limits.stopMsMax)
  await stream.end()
  await hub.restart()
})
