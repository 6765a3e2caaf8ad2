/** Vehicles from Frigate: its broker goes away, its snapshots come late, and it says everything many times. */

import * as http from 'node:http'

import { startTestBroker, type TestBroker } from '@sallyport/mqtt/testing/broker'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { systemClock } from '../clock.ts'
import type { LaneEvent } from '../events.ts'
import { until } from '../testing/time.ts'
import { isPass, openFrigate, parseFrigateEvent } from './frigate.ts'
import type { Frame } from './source.ts'

let broker: TestBroker
let frigate: http.Server
let api: string
let asked: string[]
let snapshot: (path: string, response: http.ServerResponse) => void
const jpeg = Buffer.from('a snapshot')

beforeEach(async () => {
  broker = await startTestBroker()
  asked = []
  snapshot = (_path, response) => response.writeHead(200).end(jpeg)
  frigate = http.createServer((request, response) => {
    asked.push(request.url ?? '')
    snapshot(request.url ?? '', response)
  })
  await new Promise<void>((resolve) => frigate.listen(0, '127.0.0.1', resolve))
  const address = frigate.address()
  api = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
})
afterEach(async () => {
  frigate.closeAllConnections()
  await new Promise((resolve) => frigate.close(resolve))
  await broker.down().catch(() => undefined)
})

/** As Frigate's documentation shows it, with what a test changes. */
function message(type: string, after: object = {}): string {
  return JSON.stringify({
    type,
    before: {},
    after: {
      id: '1607123955.475377-mxklsc',
      camera: 'gate_1',
      frame_time: 1607123962.082975,
      snapshot: { frame_time: 1607123961.837752, box: [424, 500, 536, 712], score: 0.95 },
      label: 'car',
      sub_label: null,
      top_score: 0.958984375,
      false_positive: false,
      start_time: 1607123955.475377,
      end_time: null,
      current_zones: ['yard'],
      entered_zones: ['yard'],
      has_snapshot: true,
      has_clip: false,
      stationary: false,
      recognized_license_plate: 'FOREIGN1',
      ...after,
    },
  })
}

async function film(query = '', wait = true) {
  const reports: LaneEvent[] = []
  const opened = openFrigate(`${broker.url}/frigate/gate_1?api=${api}${query}`, {
    clock: systemClock,
    chance: () => 0.1,
    report: (event) => reports.push(event),
  })
  if (opened.kind !== 'source') throw new Error(opened.detail)
  const stop = new AbortController()
  const frames: Frame[] = []
  const ended = (async () => {
    for await (const frame of opened.source.frames(stop.signal)) frames.push(frame)
  })()
  if (wait) await until(() => broker.subscriptions > 0)
  return {
    frames,
    reports,
    async end() {
      stop.abort()
      await ended
    },
  }
}

test('a vehicle is one pass, with the time of its snapshot, however often it is told of', async () => {
  const filming = await film()
  for (const type of ['new', 'update', 'update', 'end', 'end']) {
    broker.send('frigate/events', message(type))
  }
  await until(() => filming.frames.length > 0)
  broker.send('frigate/events', message('end'))
  broker.send('frigate/events', message('end', { id: 'b.2-x', frame_time: 5, snapshot: null }))
  await until(() => filming.frames.length > 1)
  await filming.end()
  expect(filming.frames.map(({ takenAt, pass }) => [takenAt.toISOString(), pass])).toEqual([
    ['2020-12-04T23:19:21.837Z', 'whole'],
    ['1970-01-01T00:00:05.000Z', 'whole'],
  ])
  expect(Buffer.from(filming.frames[0]?.image as Uint8Array).equals(jpeg)).toBe(true)
  expect(asked[0]).toBe(
    '/api/events/1607123955.475377-mxklsc/snapshot.jpg?bbox=0&timestamp=0&crop=0&quality=95',
  )
  expect(asked).toHaveLength(2)
})

test('at the zone of the window a vehicle is taken while it stands there', async () => {
  const filming = await film('&zone=window')
  broker.send('frigate/events', message('update'))
  broker.send('frigate/events', message('update', { entered_zones: ['yard', 'window'] }))
  await until(() => filming.frames.length === 1)
  broker.send('frigate/events', message('end', { entered_zones: ['yard', 'window'] }))
  await filming.end()
  expect([filming.frames.length, asked.length]).toEqual([1, 1])
})

test('a snapshot that comes late is waited for; one that never comes is a drop with a name', async () => {
  const filming = await film()
  snapshot = (path, response) =>
    path.includes('never') || asked.length < 3
      ? response.writeHead(404).end()
      : response.writeHead(200).end(jpeg)
  broker.send('frigate/events', message('end'))
  await until(() => filming.frames.length === 1)
  broker.send('frigate/events', message('end', { id: 'never' }))
  await until(() => filming.reports.some(({ event }) => event === 'crossing_dropped'))
  await filming.end()
  expect(filming.reports).toContainEqual({
    event: 'crossing_dropped',
    reason: 'frigate_status_404',
  })
})

test('a broker that is away for a while is found again, and said to be gone meanwhile', async () => {
  await broker.down()
  const filming = await film('', false)
  await until(() => filming.reports.length > 0)
  await broker.up()
  await until(() => broker.subscriptions > 0, 15_000)
  broker.send('frigate/events', message('end'))
  await until(() => filming.frames.length === 1)
  await broker.down()
  await until(() => filming.reports.length > 2)
  await filming.end()
  expect(filming.reports.map((one) => (one.event === 'camera' ? one.state : one.event))).toEqual([
    'gone',
    'ok',
    'gone',
  ])
})

describe('what is no pass', () => {
  const wanted = { camera: 'gate_1', zone: null, labels: ['car'] }
  test.each([
    ['another camera', { camera: 'gate_2' }],
    ['a person', { label: 'person' }],
    ['a false positive', { false_positive: true }],
    ['no snapshot', { has_snapshot: false }],
  ])('%s', (_name, after) => {
    const event = parseFrigateEvent(Buffer.from(message('end', after)))
    expect(event === null ? null : isPass(event, wanted)).toBe(false)
  })

  test.each([
    ['an id that leads elsewhere', message('end', { id: '../../config' })],
    ['no JSON', '{"type":"end"'],
    ['a list', '[]'],
    ['nothing', ''],
    ['far too much', `{"x":"${'a'.repeat(300_000)}"}`],
  ])('%s', (_name, text) => expect(parseFrigateEvent(Buffer.from(text))).toBeNull())
})

test.each([
  'mqtt://broker/frigate/gate_1',
  'mqtt://broker/gate_1?api=http://f:5000',
  'http://broker/frigate/gate_1?api=http://f:5000',
  'mqtt://broker/frigate/#?api=http://f:5000',
  'mqtt://broker/frigate/gate_1?api=file:///etc/passwd',
  'gate_1',
])('%s is told what it should be', (address) => {
  const parts = { clock: systemClock, chance: () => 0, report: () => undefined }
  expect(openFrigate(address, parts)).toMatchObject({ kind: 'refused', code: 'malformed_source' })
})
