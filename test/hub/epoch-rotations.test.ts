/** Keys that replace all of a port's at once in an incident: who follows, and what opens. */

import { randomBytes } from 'node:crypto'

import { type EpochDocument, supersedes } from '@sallyport/proof/epoch'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { enrolTestDevice } from '../support/device.ts'
import { type EpochRoom, held, idOf, startEpochRoom } from '../support/epoch-room.ts'

const day = '2026-11-22'
let room: EpochRoom

beforeEach(async () => {
  room = await startEpochRoom(day)
})
afterEach(() => room.hub.remove())

test('every day that was announced gets other recipients, hybrid too, and what was sealed before still opens', async () => {
  const before = await room.announced()
  const waiting = room.sealedBy(before)
  await room.rotate()
  const after = await room.announced()
  expect(after.rotated_at).toBe(room.clock.now.toISOString())
  expect(after.epochs.map((one) => one.day)).toEqual(before.epochs.map((one) => one.day))
  const all = ({ epochs }: EpochDocument) =>
    epochs.flatMap((one) => [one.recipient, one.hybrid_recipient])
  expect(all(after).filter((one) => all(before).includes(one))).toEqual([])
  // Lanes of before are told the same recipients in the words that they know.
  const older = await room.announced(1)
  expect(older.epochs.map(({ recipient }) => recipient)).toEqual(
    after.epochs.map(({ recipient }) => recipient),
  )
  expect(await room.arrive(waiting)).toEqual([201])
  expect(await room.arrive(room.sealedBy(after))).toEqual([201])
  await room.hub.restart()
  expect((await room.announced()).epochs).toEqual(after.epochs)
  expect(await room.arrive(room.sealedBy(before))).toEqual([201])
  expect(await room.arrive(room.sealedBy(after))).toEqual([201])
  expect(await room.entries('epochs_rotated')).toMatchObject([{ port: 'test-port', from: day }])
  expect(await room.findings()).toEqual([])
})

test('two rotations on one day: three keys open, and lanes are asked to follow the newest', async () => {
  const zero = await room.announced()
  await room.rotate()
  const one = await room.announced()
  // The clock went back between them: the second is the newer all the same.
  room.clock.now = new Date(room.clock.now.getTime() - 500)
  await room.rotate()
  const two = await room.announced()
  expect(supersedes(two, one)).toBe(true)
  expect(supersedes(one, two)).toBe(false)
  expect((await room.beat(held(one))).status).toBe(200)
  expect((await room.beat(held(two))).status).toBe(204)
  for (const document of [zero, one, two])
    expect(await room.arrive(room.sealedBy(document))).toEqual([201])
})

test('a lane is confirmed by its own word alone; one of before and one that is away are not', async () => {
  const old = await enrolTestDevice(room.hub, 'lane-2')
  room.clock.now = new Date(room.clock.now.getTime() + 1_000)
  const before = await room.announced()
  await room.beat(held(before))
  const step = await room.rotate()
  expect(step.effect).toMatchObject({
    confirmed: false,
    earlier: {
      waiting_for: [
        { device: room.device.id, holds: false, missing: 0 },
        { device: old.id, lane: 'lane-2', holds: false, missing: null },
      ],
    },
  })
  expect(await (await room.beat(held(before))).json()).toEqual({ renew: 'epochs' })
  expect((await room.beat(null, old)).status).toBe(204)
  const after = await room.announced()
  expect((await room.beat(held(after, 2))).status).toBe(204)
  expect((await room.steps())[0]?.effect).toMatchObject({
    confirmed: false,
    earlier: {
      waiting_for: [
        { device: old.id, holds: false },
        { device: room.device.id, holds: true, missing: 2 },
      ],
    },
  })
  await room.arrive(room.sealedBy(before))
  await room.arrive(room.sealedBy(before))
  await room.beat(held(after), old)
  expect((await room.steps())[0]?.effect).toMatchObject({
    confirmed: true,
    earlier: { waiting_for: [] },
  })
})

test('a lane that enrols later was never told of what was before, and is not waited for', async () => {
  await room.rotate()
  room.clock.now = new Date(room.clock.now.getTime() + 1_000)
  await enrolTestDevice(room.hub, 'lane-2')
  expect((await room.steps())[0]?.effect.earlier?.waiting_for).toHaveLength(1)
})

test('a hub killed between log entry and key makes the key before it serves, with one entry', async () => {
  const before = await room.announced()
  const { db, journal } = room.hub.hub.parts
  const id = randomBytes(16).toString('hex')
  const account = await idOf(room.responder)
  const salts = { by_salt: randomBytes(16), target_salt: randomBytes(16) }
  const row = {
    id,
    incident: room.incident,
    act: 'epochs_rotated',
    target: 'test-port',
    at: room.clock.now,
  } as const
  await db
    .insertInto('containment_step')
    .values({ ...row, account, ...salts, log_from: 0, log_index: 0 })
    .execute()
  await db
    .insertInto('epoch_rotation')
    .values({
      ...{ id, port: 'test-port', rotated_at: room.clock.now, from_day: day, why: 'incident' },
      ...{ log_from: journal.size(), log_index: null },
    })
    .execute()
  await journal.append({
    ...{
      v: 1,
      at: room.clock.now.toISOString(),
      kind: 'epochs_rotated',
      port: 'test-port',
      rotation: id,
    },
    ...{ rotated_at: room.clock.now.toISOString(), from: day, why: 'incident' },
  })
  await room.hub.restart()
  const after = await room.announced()
  expect(after.rotated_at).toBe(room.clock.now.toISOString())
  expect(after.epochs[0]?.recipient).not.toBe(before.epochs[0]?.recipient)
  expect(await room.arrive(room.sealedBy(before))).toEqual([201])
  expect(await room.entries('epochs_rotated')).toHaveLength(1)
})

test('just after midnight the day before is announced and replaced too: what was taken in it is still sealed', async () => {
  room.clock.now = new Date('2026-11-23T00:05:00.000Z')
  // Their session of noon is over.
  const inspector = await room.hub.signIn(['auditor'])
  const before = await room.announced()
  expect(before.epochs[0]?.day).toBe(day)
  await room.rotate(inspector)
  const after = await room.announced()
  expect(after.epochs.map((one) => one.day)).toEqual(before.epochs.map((one) => one.day))
  expect(after.epochs[0]?.recipient).not.toBe(before.epochs[0]?.recipient)
  for (const document of [before, after]) {
    expect(await room.arrive(room.sealedBy(document))).toEqual([201])
    expect(await room.arrive(room.sealedBy(document, '2026-11-23'))).toEqual([201])
  }
  room.clock.now = new Date('2026-11-23T00:40:00.000Z')
  expect((await room.announced()).epochs[0]?.day).toBe('2026-11-23')
})

test('while the hub doubts its clock nothing is replaced, and it says what to do', async () => {
  room.clock.now = new Date(room.clock.now.getTime() + 40 * 86_400_000)
  await room.hub.restart()
  const again = await room.hub.signIn(['auditor'])
  expect((await room.cut(again, 'epochs_rotated', 'test-port')).refused).toMatchObject({
    code: 'clock_doubted',
    detail: expect.stringContaining('sallyport keys clock') as string,
  })
  expect(await room.entries('epochs_rotated')).toEqual([])
})

test('a row of a rotation that somebody changed is found', async () => {
  await room.rotate()
  await room.hub.hub.parts.db
    .updateTable('epoch_rotation')
    .set({ from_day: '2026-11-25' })
    .execute()
  expect(await room.findings()).toMatchObject([{ code: 'row_differs' }])
})
