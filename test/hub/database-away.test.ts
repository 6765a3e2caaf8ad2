/** The database ends while the hub runs: nothing is acknowledged that is not stored, and it goes on by itself. */

import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type EmbeddedServer, startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

let directory: string
let server: EmbeddedServer
let hub: TestHub
let device: TestDevice
let supervisor: Person

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'sp-away-'))
  // So that root's database server, which is another user, may enter.
  await chmod(directory, 0o711)
  server = await start()
  const { user, directory: host, port, database } = server.address
  hub = await startTestHub({
    databaseServer: `postgresql://${user}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`,
  })
  device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
})
afterAll(async () => {
  await hub.remove()
  await server.stop()
  await rm(directory, { recursive: true, force: true })
})

function start(): Promise<EmbeddedServer> {
  return startEmbeddedServer({ directory: path.join(directory, 'db') })
}

async function expectTold(answer: Response): Promise<void> {
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(await answer.json()).toMatchObject({ code: 'not_durable', status: 503 })
}

test('while it is away every request is told to come back, and after its return all of them work', async () => {
  const before = device.bundle()
  expect((await deliver(hub, before.bytes)).status).toBe(201)
  const during = device.bundle()

  await server.stop()
  await expectTold(await deliver(hub, during.bytes))
  await expectTold(await sendHeartbeat(hub, device))
  for (const address of ['/v1/session', '/v1/crossings', '/v1/lanes', '/v1/figures']) {
    await expectTold(await supervisor.request(address))
  }
  // What needs no database goes on: anybody can still check the log.
  expect((await hub.request('/log/checkpoint')).status).toBe(200)
  expect((await hub.request('/healthz')).status).toBe(200)
  const size = hub.hub.parts.journal.size()

  server = await start()
  expect((await supervisor.request('/v1/session')).status).toBe(200)
  const delivered = await deliver(hub, during.bytes)
  expect(delivered.status).toBe(201)
  expect(await delivered.json()).toMatchObject({ log_index: size })
  expect((await deliver(hub, before.bytes)).status).toBe(200)
  expect((await sendHeartbeat(hub, device)).status).toBe(204)
  const { crossings } = (await (await supervisor.request('/v1/crossings')).json()) as {
    crossings: { sequence: number }[]
  }
  expect(crossings.map(({ sequence }) => sequence)).toEqual([2, 1])
  // The trouble was reported, in lines without the names of anybody or anything that crossed.
  expect(hub.reports.some((line) => line.startsWith('database: '))).toBe(true)
  expect(hub.reports.join('\n')).not.toMatch(/TEST123/)
})
