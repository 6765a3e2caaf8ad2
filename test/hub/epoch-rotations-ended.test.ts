/** Keys that were replaced in an incident: who destroys them, who takes that back, and what ends with the day. */

import { upkeep } from '@sallyport/hub/upkeep'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { type EpochRoom, held, idOf, send, startEpochRoom } from '../support/epoch-room.ts'

const day = '2026-11-22'
let room: EpochRoom

beforeEach(async () => {
  room = await startEpochRoom(day)
})
afterEach(() => room.hub.remove())

test('two people of different units destroy what was replaced; after that nothing of it opens', async () => {
  const before = await room.announced()
  const [arrived, late] = [room.sealedBy(before), room.sealedBy(before)]
  await room.arrive(arrived)
  const { id } = await room.rotate()
  await room.beat(held(await room.announced(), 2))
  const colleague = await room.hub.signIn(['privacy'], { unit: 'port' })
  const other = await room.hub.signIn(['auditor'], { unit: 'headquarters' })
  await send(
    room.responder,
    `/v1/incidents/${room.incident}/members/${await idOf(colleague)}`,
    {},
    'PUT',
  )

  const first = await room.cut(room.responder, 'earlier_keys_given_up', id)
  expect(first.step?.effect).toMatchObject({ confirmed: false })
  expect(first.step?.effect.detail).toContain('lane-1: 1 not delivered')
  // Once more by the same person, and by one of the same unit, changes nothing.
  expect((await room.cut(room.responder, 'earlier_keys_given_up', id)).refused).toMatchObject({
    code: 'already_exists',
  })
  expect((await room.cut(colleague, 'earlier_keys_given_up', id)).refused).toMatchObject({
    code: 'signs_for_same_unit',
  })
  expect(await room.entries('epoch_destroyed')).toEqual([])

  expect((await room.cut(other, 'earlier_keys_given_up', id)).step?.effect).toMatchObject({
    confirmed: true,
  })
  expect(await room.entries('epoch_destroyed')).toHaveLength(15)
  expect(room.keyFiles().filter((name) => /^[\d-]{10}\.(hybrid\.)?key$/.test(name))).toEqual([])
  expect(await room.arrive(late)).toEqual([422, 'epoch_destroyed'])
  // What was here already is acknowledged again, and the new keys go on.
  expect(await room.arrive(arrived)).toEqual([200])
  await room.hub.restart()
  expect(await room.arrive(late)).toEqual([422, 'epoch_destroyed'])
  expect(await room.arrive(room.sealedBy(await room.announced()))).toEqual([201])
  for (const step of await room.steps())
    expect(await send(room.responder, `/v1/containment/${step.id}/lifting`)).toMatchObject({
      status: 409,
      body: { code: 'not_reversible' },
    })
  expect(await room.findings()).toEqual([])
})

test('lifted before it is destroyed: lanes stay with the new keys, both open, and a first word is taken back', async () => {
  const before = await room.announced()
  const { id } = await room.rotate()
  const after = await room.announced()
  const asked = await room.cut(room.responder, 'earlier_keys_given_up', id)
  expect((await send(room.responder, `/v1/containment/${asked.step?.id}/lifting`)).status).toBe(200)
  expect((await send(room.responder, `/v1/containment/${id}/lifting`)).status).toBe(200)
  expect((await room.announced()).epochs).toEqual(after.epochs)
  const other = await room.hub.signIn(['auditor'], { unit: 'headquarters' })
  await room.cut(other, 'earlier_keys_given_up', id)
  expect(await room.entries('epoch_destroyed')).toEqual([])
  expect(await room.arrive(room.sealedBy(before))).toEqual([201])
  await room.hub.restart()
  expect((await room.announced()).epochs).toEqual(after.epochs)
})

test('whoever the incident is about rotates nothing, and the word that they gave before counts no more', async () => {
  const other = await room.hub.signIn(['auditor'], { unit: 'headquarters' })
  const { id } = await room.rotate()
  await room.cut(room.responder, 'earlier_keys_given_up', id)
  const about = `/v1/incidents/${room.incident}/about/${await idOf(room.responder)}`
  expect((await send(other, about, {}, 'PUT')).status).toBe(204)
  expect((await room.cut(room.responder, 'epochs_rotated', 'test-port')).status).toBe(404)
  await room.cut(other, 'earlier_keys_given_up', id)
  expect(await room.entries('epoch_destroyed')).toEqual([])
  const third = await room.hub.signIn(['auditor'], { unit: 'inspectors' })
  await room.cut(third, 'earlier_keys_given_up', id)
  expect(await room.entries('epoch_destroyed')).toHaveLength(15)
})

test('at the end of its day every key of it goes, each with its entry', async () => {
  await room.rotate()
  room.clock.now = new Date(room.clock.now.getTime() + 15 * 86_400_000)
  await upkeep(room.hub.hub.parts, new Map())
  expect(room.keyFiles().filter((name) => name.startsWith(day))).toEqual([])
  const destroyed = (await room.entries('epoch_destroyed')).filter(
    (one) => 'day' in one && one.day === day,
  )
  expect(destroyed).toMatchObject([{ how: 'expired' }, { how: 'expired' }])
  expect(await room.findings()).toEqual([])
})

test('the rest of a day that is over is given up by the same step of a second person', async () => {
  room.clock.now = new Date(room.clock.now.getTime() + 86_400_000)
  const [one, two] = [await room.hub.signIn(['auditor']), await room.hub.signIn(['auditor'])]
  expect((await room.cut(one, 'epoch_declared_lost', day)).step?.effect).toMatchObject({
    confirmed: false,
  })
  expect((await room.cut(one, 'epoch_declared_lost', day)).refused).toMatchObject({
    code: 'already_exists',
  })
  expect((await room.cut(two, 'epoch_declared_lost', day)).step?.effect).toMatchObject({
    confirmed: true,
  })
  expect(room.keyFiles().filter((name) => name.startsWith(day))).toEqual([])
})
