/** Those who cross often at an hour: found there and then, by a rule of two people, and afterwards no more. */

import path from 'node:path'

import { parseEntry } from '@sallyport/proof/entry'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { enrolTestDevice } from '../support/device.ts'
import { addPhotographs, ask, facesOf, makeGallery } from '../support/face-hub.ts'
import { photographOf } from '../support/faces.ts'
import {
  type FrequentHub,
  hour,
  minutes,
  ruleTerms,
  startFrequentHub,
} from '../support/frequent-hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let at: FrequentHub
let rule: string

beforeAll(async () => {
  at = await startFrequentHub()
  // Monday, in the same hours.
  at.clock.now = minutes(-1440)
  await enrolTestDevice(at.here.hub, 'in-2')
})
afterAll(() => at.remove())

const crossingOf = async (who: number) => (await at.here.sealedCrossing([who]))()
const faceOf = async (crossing: string) =>
  (await facesOf(at.supervisor, crossing, at.here.hub))[0]?.outcome
const act = (who: 'supervisor' | 'privacy', id: string, what: 'agreement' | 'end') =>
  ask<{ code?: string; state?: string }>(at[who], `/v1/frequent-rules/${id}/${what}`, {})

test('a rule holds when somebody of another unit agreed, and the log has no word of it', async () => {
  const proposed = await ask<{ id: string; proposed: { log_index: number } }>(
    at.supervisor,
    '/v1/frequent-rules',
    ruleTerms,
  )
  expect(proposed).toMatchObject({ status: 201, state: 'proposed', agreed: null, gallery: null })
  const { parts } = at.here.hub.hub
  const entry = (await parts.journal.receipt(proposed.proposed.log_index))?.entry
  expect(parseEntry(entry ?? new Uint8Array())).toMatchObject({
    entry: { kind: 'frequent_rule', rule: proposed.id, says: 'proposed' },
  })
  expect(new TextDecoder().decode(entry)).not.toMatch(/Commuters|days_back/)
  rule = proposed.id
  expect(await act('supervisor', rule, 'agreement')).toMatchObject({
    status: 403,
    code: 'signs_own_proposal',
  })
  const colleague = await at.here.hub.signIn(['supervisor'], { unit: 'Operations' })
  expect(await ask(colleague, `/v1/frequent-rules/${rule}/agreement`, {})).toMatchObject({
    status: 403,
    code: 'signs_for_same_unit',
  })
  expect(await ask(at.supervisor, '/v1/signs')).toMatchObject({ frequent_rules: 0 })
  expect(await act('privacy', rule, 'agreement')).toMatchObject({ status: 201, state: 'in_force' })
  expect(await ask(at.supervisor, '/v1/signs')).toMatchObject({ frequent_rules: 1 })
  expect(await act('privacy', rule, 'agreement')).toMatchObject({ code: 'frequent_rule_over' })
})

test('only those who answer for it touch rules; officers do not even read them', async () => {
  const [officer, auditor] = [
    await at.here.hub.signIn(['officer']),
    await at.here.hub.signIn(['auditor']),
  ]
  expect(await ask(auditor, '/v1/frequent-rules')).toMatchObject({
    status: 200,
    zone: 'America/Chicago',
    rules: [{ id: rule }],
  })
  expect(await ask(auditor, '/v1/frequent-rules', ruleTerms)).toMatchObject({ status: 403 })
  expect(await ask(auditor, `/v1/frequent-rules/${rule}/agreement`, {})).toMatchObject({
    status: 403,
  })
  expect(await ask(auditor, `/v1/frequent-rules/${rule}/end`, {})).toMatchObject({ status: 403 })
  expect(await ask(officer, '/v1/frequent-rules')).toMatchObject({ status: 403 })
})

test('whom people let go on three times at this hour is found at it the next day, from photographs of a list', async () => {
  const people = [{ who: 3, surname: 'PERSON3' }]
  const list = await makeGallery(at.supervisor, people, {
    reference: 'DF042',
    now: at.clock.now,
  })
  await addPhotographs(at.supervisor, list.id, { P00003X: await photographOf(3) })
  for (const minute of [10, 20, 30]) {
    at.clock.now = minutes(minute - 1440)
    const crossing = await crossingOf(3)
    const said = { says: 'admitted', seen: 0 }
    const told = await ask(at.supervisor, `/v1/crossings/${crossing}/window`, said)
    expect([(await faceOf(crossing))?.kind, told.status]).toEqual(['match', 201])
  }
  await at.here.hub.hub.parts.stays.settled()
  await at.source([3, 4])
  at.clock.now = minutes(-6)
  await at.round()
  expect(await at.made(rule)).toBeNull()
  at.clock.now = minutes(-4)
  await at.round()
  const gallery = await at.made(rule)
  expect(gallery).toMatchObject({ people: 1, described: 1, searchable: 1, state: 'to_come' })
  at.clock.now = minutes(1)
  expect(await faceOf(await crossingOf(3))).toMatchObject({
    kind: 'match',
    candidates: [{ name: 'PERSON3 ANNA', gallery_id: gallery?.id, gallery: { kind: 'frequent' } }],
  })
  expect(await faceOf(await crossingOf(4))).toEqual({ kind: 'no_match' })
  const photos = { photos: [{ name: 'P00003X', picture: 'AAAA' }] }
  expect(await ask(at.supervisor, `/v1/galleries/${gallery?.id}/photos`, photos)).toMatchObject({
    status: 422,
    code: 'gallery_not_taken',
  })
  expect(await ask(at.supervisor, '/v1/galleries', { kind: 'frequent', name: 'x' })).toMatchObject({
    status: 400,
  })
})

test('one who is on a list here, too, is one person, and the nearer photograph answers', async () => {
  const people = [{ who: 3, surname: 'PERSON3' }]
  const list = await makeGallery(at.supervisor, people, { reference: 'DF043', now: at.clock.now })
  await addPhotographs(at.supervisor, list.id, {
    P00003X: await photographOf(3, { yaw: 5, light: 0.7 }),
  })
  expect(await faceOf(await crossingOf(3))).toMatchObject({
    kind: 'match',
    candidates: [{ gallery_id: list.id, gallery: { kind: 'list', name: 'DF043' } }],
  })
  await ask(at.supervisor, `/v1/galleries/${list.id}/end`, {})
})

test('a hub that starts again finds them as before, and makes no second gallery of the hour', async () => {
  const before = await at.made(rule)
  await at.here.hub.restart()
  await at.round()
  expect((await at.made(rule))?.id).toBe(before?.id)
  expect((await faceOf(await crossingOf(3)))?.kind).toBe('match')
})

test('the rows are what the log says, and a changed one is found', async () => {
  const { db, vault, journal } = at.here.hub.hub.parts
  const log = folderTiles(path.join(at.here.hub.data, 'log'))
  const check = async () =>
    (await fsck({ db, vault, log, vkey: journal.vkey })).findings.map(({ code }) => code)
  expect(await check()).toEqual([])
  await db.updateTable('frequent_rule').set({ crossings: 1 }).where('id', '=', rule).execute()
  expect(await check()).toEqual(['row_differs', 'row_differs'])
  await db.updateTable('frequent_rule').set({ crossings: 3 }).where('id', '=', rule).execute()
  const longer = { expires_at: minutes(60 * 24 * 9) }
  await db.updateTable('gallery').set(longer).where('rule', '=', rule).execute()
  expect(await check()).toEqual(['gallery_differs'])
  await db
    .updateTable('gallery')
    .set({ expires_at: minutes(180) })
    .where('rule', '=', rule)
    .execute()
})

test('when the hour is over nobody is in it any more, and its key is gone', async () => {
  const gallery = await at.made(rule)
  const { db, keks } = at.here.hub.hub.parts
  const { kek, expires_at: ends } = await db
    .selectFrom('gallery')
    .select(['kek', 'expires_at'])
    .where('id', '=', gallery?.id ?? '')
    .executeTakeFirstOrThrow()
  expect(ends).toEqual(minutes(180, hour))
  at.clock.now = minutes(180)
  expect((await faceOf(await crossingOf(3)))?.kind).toBe('no_gallery')
  await at.round()
  expect(await at.made(rule)).toBeNull()
  expect(keks.keystore.stateOf(kek)).not.toBe('present')
  const left = db.selectFrom('gallery_entry').select('id').where('source', 'is not', null)
  expect(await left.execute()).toEqual([])
})
