/** Epochs with a post-quantum recipient: who announces what, what the hub takes, what ends with a day. */

import { existsSync } from 'node:fs'
import path from 'node:path'

import { longKept } from '@sallyport/core/long-kept'
import { packs } from '@sallyport/core/retention-packs'
import { upkeep } from '@sallyport/hub/upkeep'
import { epochFor, recipientFor } from '@sallyport/proof/epoch'
import type { BodyClass } from '@sallyport/proof/manifest'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { announcedBy, arriveAt } from '../support/epoch-room.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const day = '2026-11-22'
let now: Date
let hub: TestHub
let device: TestDevice

beforeEach(async () => {
  now = new Date(`${day}T12:00:00.000Z`)
  hub = await startTestHub({ now: () => now })
  device = await enrolTestDevice(hub, 'lane-1')
})
afterEach(() => hub.remove())

const announced = (version: 1 | 2) => announcedBy(hub, version)

function arrive(recipientOf?: (name: BodyClass) => string): Promise<[number, string?]> {
  return arriveAt(hub, device.bundle(recipientOf === undefined ? {} : { recipientOf }).bytes)
}

test('older lanes are given what they know, newer ones hybrid recipients of the same days', async () => {
  const one = await announced(1)
  const two = await announced(2)
  expect(one).toMatchObject({ version: 1 })
  expect(one.epochs[0]).not.toHaveProperty('hybrid_recipient')
  expect(two.epochs.map(({ recipient }) => recipient)).toEqual(
    one.epochs.map(({ recipient }) => recipient),
  )
  // The same after a restart, or what lanes sealed meanwhile would open for nobody.
  await hub.restart()
  expect((await announced(2)).epochs).toEqual(two.epochs)
})

test('without a policy everything is kept for ever, so all of it is announced; a short one takes that back', async () => {
  expect((await announced(2)).hybrid_classes).toEqual(longKept(null))
  const person = await hub.signIn(['supervisor'])
  const chosen = await person.request('/v1/retention/policies', {
    method: 'POST',
    body: JSON.stringify({ policy: packs[0]!.id, accepts_due: 0 }),
  })
  expect(chosen.status, await chosen.clone().text()).toBeLessThan(300)
  expect((await announced(2)).hybrid_classes).toEqual([])
})

test('a bundle of both recipients is taken and stored under symmetric keys alone', async () => {
  const epoch = epochFor(await announced(2), day)!
  const mixed = { ...epoch, hybrid: { ...epoch.hybrid!, classes: ['reads', 'plate'] as const } }
  expect(await arrive((name) => recipientFor(mixed, name))).toEqual([201])
  // A lane that knows version 1 alone goes on.
  expect(await arrive()).toEqual([201])
  const { db } = hub.hub.parts
  const captures = await db.selectFrom('capture').select(['header', 'kek']).execute()
  expect(captures.length).toBeGreaterThan(3)
  for (const { header, kek } of captures) {
    expect(kek).not.toBeNull()
    expect(header.toString('latin1')).not.toMatch(/X25519|mlkem/)
  }
  // The reads were opened for search.
  const rows = await db.selectFrom('crossing').select('plate_text').execute()
  expect(rows).toEqual([{ plate_text: 'TEST123' }, { plate_text: 'TEST123' }])
})

test('a hybrid recipient that was never announced is refused, because nobody could open it', async () => {
  const { recipient } = generateHybridIdentity()
  const refused = await arrive((name) => (name === 'reads' ? recipient : device.recipient))
  expect(refused).toEqual([422, 'seal_not_for_epoch'])
})

test('both keys of a day go together', async () => {
  const files = ['key', 'hybrid.key'].map((kind) =>
    path.join(hub.data, 'keys', 'epochs', 'test-port', `${day}.${kind}`),
  )
  await announced(2)
  expect(files.map((file) => existsSync(file))).toEqual([true, true])
  await hub.hub.parts.db.updateTable('device').set({ revoked_at: now }).execute()
  now = new Date(now.getTime() + 86_400_000)
  await upkeep(hub.hub.parts, new Map())
  expect(files.map((file) => existsSync(file))).toEqual([false, false])
})
