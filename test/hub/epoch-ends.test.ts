/** When the key of a day is destroyed, and what opens after that. */

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

import { upkeep } from '@sallyport/hub/upkeep'
import { parseBundle } from '@sallyport/proof/bundle'
import { encodeDayClosed, signDayClosed } from '@sallyport/proof/day-closed'
import { openSeal } from '@sallyport/proof/node/seal'
import { insertEpochEnd } from '@sallyport/store/epoch-ends'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { findingsOf } from '../support/findings.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const day = '2026-11-22'
const dayMs = 86_400_000
let now: Date
let hub: TestHub
let device: TestDevice

beforeEach(async () => {
  now = new Date(`${day}T12:00:00.000Z`)
  hub = await startTestHub({ now: () => now })
  device = await enrolTestDevice(hub, 'lane-1')
})
afterEach(() => hub.remove())

function later(days: number): void {
  now = new Date(now.getTime() + days * dayMs)
}

/** What fsck finds wrong. */
const findings = () => findingsOf(hub)

async function arrive(bytes: Uint8Array): Promise<[number, string | undefined]> {
  const answer = await deliver(hub, bytes)
  const said = (await answer.json()) as { code?: string }
  return [answer.status, said.code]
}

type Statement = Parameters<typeof encodeDayClosed>[0]

function close(by: TestDevice, lastSequence: number, change: Partial<Statement> = {}) {
  const body = encodeDayClosed({
    version: 1,
    device: by.id,
    port: 'test-port',
    through: day,
    last_sequence: lastSequence,
    signed_at: now.toISOString(),
    ...change,
  })
  return hub.request(`/v1/devices/${by.id}/closed-days`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: {
      'content-type': 'application/json',
      'sallyport-signature': Buffer.from(signDayClosed(by.seed, body)).toString('hex'),
    },
  })
}

function keyFile(of = day): string {
  return path.join(hub.data, 'keys', 'epochs', 'test-port', `${of}.key`)
}

async function kinds(kind: string) {
  const found = []
  for await (const { entry } of hub.hub.parts.journal.entries(0))
    if (entry.kind === kind) found.push(entry)
  return found
}

async function look(): Promise<boolean> {
  await upkeep(hub.hub.parts, new Map())
  return existsSync(keyFile())
}

test('closed and all of it here: the key is gone, a stolen copy stays shut, what is stored opens', async () => {
  const stolen = device.bundle()
  expect(await arrive(stolen.bytes)).toEqual([201, undefined])
  // Whoever copies both today can open it; that is what ends with the day.
  const identity = readFileSync(keyFile(), 'utf8').trim().split(' ')[1] ?? ''
  const parsed = parseBundle(stolen.bytes)
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  expect(openSeal(parsed.bodies[0]!, identity).kind).toBe('opened')
  const unsent = device.bundle()

  expect((await close(device, 1)).status).toBe(204)
  expect(await look()).toBe(true)
  later(1)
  expect(await look()).toBe(false)
  expect(await kinds('epoch_destroyed')).toMatchObject([{ day, how: 'closed', port: 'test-port' }])
  expect(await kinds('day_closed')).toMatchObject([{ device: device.id, last_sequence: 1 }])

  // The lane lost the answer: it is told again. What it never sent opens for nobody.
  expect(await arrive(stolen.bytes)).toEqual([200, undefined])
  expect(await arrive(unsent.bytes)).toEqual([422, 'epoch_destroyed'])
  await hub.restart()
  expect(await arrive(unsent.bytes)).toEqual([422, 'epoch_destroyed'])
  expect(existsSync(keyFile())).toBe(false)

  const person = await hub.signIn(['supervisor'])
  const opened = await person.request(`/v1/captures/${stolen.manifest.bodies[0]!.id}/openings`, {
    method: 'POST',
    body: JSON.stringify({ purpose: 'investigation', note: 'a test' }),
  })
  expect(opened.status).toBe(201)
  expect(await findings()).toEqual([])
})

describe('the key stays', () => {
  test('while a bundle that the device named has not come, and goes when it has', async () => {
    const [first, second] = [device.bundle(), device.bundle()]
    await arrive(second.bytes)
    await close(device, 2)
    later(1)
    expect(await look()).toBe(true)
    expect(await arrive(first.bytes)).toEqual([201, undefined])
    expect(await look()).toBe(false)
  })

  test('while another lane has not closed the day, and does not wait for a revoked one', async () => {
    const other = await enrolTestDevice(hub, 'lane-2')
    await close(device, 0)
    later(1)
    expect(await look()).toBe(true)
    const person = await hub.signIn(['supervisor'])
    const waits = (await (await person.request('/v1/epochs')).json()) as { epochs: object[] }
    expect(waits.epochs[0]).toMatchObject({
      day,
      state: 'waits',
      waiting_for: [{ device: other.id, closed: false, missing: 0 }],
    })
    await hub.hub.parts.db
      .updateTable('device')
      .set({ revoked_at: now })
      .where('id', '=', other.id)
      .execute()
    expect(await look()).toBe(false)
  })

  test('when somebody else says that the day is closed', async () => {
    const other = await enrolTestDevice(hub, 'lane-2')
    await close(other, 0)
    const body = encodeDayClosed({
      version: 1,
      device: device.id,
      port: 'test-port',
      through: day,
      last_sequence: 0,
      signed_at: now.toISOString(),
    })
    const send = (signature: Uint8Array, to = device.id) =>
      hub.request(`/v1/devices/${to}/closed-days`, {
        method: 'POST',
        body: new Uint8Array(body),
        headers: {
          'content-type': 'application/json',
          'sallyport-signature': Buffer.from(signature).toString('hex'),
        },
      })
    expect((await send(signDayClosed(other.seed, body))).status).toBe(403)
    expect((await send(signDayClosed(other.seed, body), other.id)).status).toBe(400)
    expect((await close(device, 0, { port: 'elsewhere' })).status).toBe(400)
    later(1)
    expect(await look()).toBe(true)
  })
})

test('an older word of a device that comes late does not open a closed day again', async () => {
  await close(device, 5, { through: '2026-11-23' })
  expect((await close(device, 9, { through: '2026-11-21' })).status).toBe(204)
  const row = await hub.hub.parts.db.selectFrom('day_closed').selectAll().executeTakeFirst()
  expect(row).toMatchObject({ through: '2026-11-23', last_sequence: 5 })
})

test('two people give up what never comes; one alone, however often, does not', async () => {
  later(1)
  const [one, two] = [await hub.signIn(['supervisor']), await hub.signIn(['privacy'])]
  const declare = async (person: typeof one, of = day) => {
    const answer = await person.request(`/v1/epochs/${of}/lost`, { method: 'POST', body: '{}' })
    return [answer.status, (await answer.json()) as Record<string, unknown>] as const
  }
  expect(await declare(one)).toMatchObject([200, { declared_lost_by: 1, destroyed: false }])
  expect(await declare(one)).toMatchObject([200, { declared_lost_by: 1, destroyed: false }])
  expect(existsSync(keyFile())).toBe(true)
  expect(await declare(two, now.toISOString().slice(0, 10))).toMatchObject([
    409,
    { code: 'epoch_not_over' },
  ])
  expect(await declare(two)).toMatchObject([200, { declared_lost_by: 2, destroyed: true }])
  expect(existsSync(keyFile())).toBe(false)
  expect(await kinds('epoch_rest_lost')).toHaveLength(2)
  expect(await kinds('epoch_destroyed')).toMatchObject([{ day, how: 'declared_lost' }])
  expect(await arrive(device.bundle().bytes)).toEqual([422, 'epoch_destroyed'])
  expect(await findings()).toEqual([])
})

test('14 days after its day the key goes in any case, with an alarm; its day is never announced again', async () => {
  later(14)
  expect(await look()).toBe(true)
  later(1)
  expect(await look()).toBe(false)
  const alarms = await hub.hub.parts.db.selectFrom('alarm').select('kind').execute()
  expect(alarms).toContainEqual({ kind: 'epoch_expired' })
  // The clock goes back, and somebody asks for the day's recipient.
  now = new Date(`${day}T13:00:00.000Z`)
  await hub.restart()
  await hub.request('/v1/ports/test-port/epochs')
  expect(existsSync(keyFile())).toBe(false)
})

test('a crash between the row, the log and the file is finished by the next look', async () => {
  await arrive(device.bundle().bytes)
  const { db, epochs } = hub.hub.parts
  const [kept] = await epochs.kept()
  const row = {
    port: 'test-port',
    day,
    recipient: kept!.recipient,
    how: 'closed',
    at: now,
    rotation: null,
  } as const
  await insertEpochEnd(db, row)
  later(1)
  await hub.restart()
  expect(await look()).toBe(false)
  const stored = await hub.hub.parts.db.selectFrom('epoch_end').selectAll().executeTakeFirst()
  expect(stored?.erased_at).not.toBeNull()
  expect(await kinds('epoch_destroyed')).toMatchObject([{ day }])
  expect(await look()).toBe(false)
  expect(await kinds('epoch_destroyed')).toHaveLength(1)
})
