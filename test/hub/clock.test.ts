/** A hub whose clock is wrong: what it must not destroy, what it must not announce, who sets it at ease. */

import { existsSync } from 'node:fs'
import path from 'node:path'

import { upkeep } from '@sallyport/hub/upkeep'
import { sign } from '@sallyport/proof/node/ed25519'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const day = '2026-11-22'
const noon = new Date(`${day}T12:00:00.000Z`)
let now: Date
let hub: TestHub
let device: TestDevice
/** What the steady clock says while somebody sets the other; null lets time pass. */
let standing: number | null

beforeEach(async () => {
  now = noon
  standing = null
  hub = await startTestHub({
    now: () => now,
    steady: () => standing ?? now.getTime() - noon.getTime(),
  })
  device = await enrolTestDevice(hub, 'lane-1')
})
afterEach(() => hub.remove())

function later(days: number): Date {
  return new Date(noon.getTime() + days * 86_400_000)
}

async function round(): Promise<boolean> {
  await upkeep(hub.hub.parts, new Map())
  return existsSync(path.join(hub.data, 'keys', 'epochs', 'test-port', `${day}.key`))
}

/** What a lane's clock says, in a heartbeat under its key. */
async function beat(at: Date): Promise<number> {
  const body = JSON.stringify({
    device: device.id,
    sent_at: at.toISOString(),
    boot: 'b'.repeat(32),
    monotonic_ms: 1,
    spool: { bundles: 0, bytes: 0, oldest_at: null },
    camera: 'ok',
    alarms: [],
    software: 'test',
  })
  const signature = sign(device.seed, Buffer.from(`sallyport/heartbeat/v1\n${body}`))
  const answer = await hub.request(`/v1/devices/${device.id}/heartbeat`, {
    method: 'POST',
    body,
    headers: { 'sallyport-signature': Buffer.from(signature).toString('hex') },
  })
  return answer.status
}

async function epochs(): Promise<number> {
  return (await hub.request('/v1/ports/test-port/epochs')).status
}

async function alarmKinds(): Promise<readonly string[]> {
  const rows = await hub.hub.parts.db.selectFrom('alarm').select('kind').execute()
  return rows.map(({ kind }) => kind)
}

test('a hub started with a clock weeks ahead destroys no epoch key and announces none, restarted too', async () => {
  await round()
  for (let starts = 0; starts < 2; starts++) {
    now = later(21 + starts)
    await hub.restart()
    expect(await round()).toBe(true)
    expect(await epochs()).toBe(503)
  }
  expect(await alarmKinds()).toContain('clock_doubted')
  // The lane still has the true time, which is no reason to believe the hub's.
  expect(await beat(later(0.01))).toBe(204)
  expect(await round()).toBe(true)
  // Set right, it goes on as if nothing had been.
  now = later(0.1)
  await hub.restart()
  expect(await round()).toBe(true)
  expect(await epochs()).toBe(200)
})

test('a clock set ahead while the hub runs destroys nothing either, until a lane has the same time', async () => {
  await round()
  standing = 0
  now = later(21)
  expect(await round()).toBe(true)
  expect(await epochs()).toBe(503)
  expect(await beat(later(21))).toBe(204)
  expect(await round()).toBe(false)
})

test('two people cannot give up today because the clock says that it is over', async () => {
  now = later(21)
  await hub.restart()
  for (const role of ['supervisor', 'privacy'] as const) {
    const person = await hub.signIn([role])
    const answer = await person.request(`/v1/epochs/${day}/lost`, { method: 'POST', body: '{}' })
    expect(await answer.json()).toMatchObject({ status: 503, code: 'clock_doubted' })
  }
  expect(await round()).toBe(true)
})

test('after three weeks off, a lane with the same time is enough; what is too old then goes', async () => {
  now = later(21)
  await hub.restart()
  expect(await round()).toBe(true)
  expect(await beat(later(21))).toBe(204)
  expect(await round()).toBe(false)
  expect(await epochs()).toBe(200)
})

test('without lanes a person says what time it is, logged without a name; a wrong time is none', async () => {
  now = later(21)
  await hub.restart()
  const person = await hub.signIn(['privacy'])
  const say = async (time: Date) =>
    person.request('/v1/clock/confirmations', {
      method: 'POST',
      body: JSON.stringify({ time: time.toISOString() }),
    })
  expect((await say(later(0.1))).status).toBe(503)
  expect(await round()).toBe(true)
  expect(await (await say(later(21))).json()).toMatchObject({ doubt: null })
  const { journal } = hub.hub.parts
  const index = await journal.find((entry) => entry.kind === 'clock_confirmed', 0)
  expect(index).not.toBeNull()
  expect(await round()).toBe(false)
  const integrator = await hub.signIn(['integrator'])
  expect(await (await integrator.request('/v1/clock')).json()).toMatchObject({ doubt: null })
})

test('a device that enrolled while the clock was ahead holds up the days that it may have sealed to', async () => {
  now = later(21)
  await hub.restart()
  expect(await beat(now)).toBe(204)
  const late = await enrolTestDevice(hub, 'lane-2')
  now = later(1.5)
  await hub.restart()
  const { ends } = hub.hub.parts
  const open = (await ends.open()).find((one) => one.day === later(1).toISOString().slice(0, 10))
  const waiting = open?.end.kind === 'keep' ? open.end.waitingFor.map((one) => one.device) : []
  expect(waiting).toContain(late.id)
})
