/** Travellers who are looked for: found where they pass, shown with reason and issuer, judged by two people. */

import path from 'node:path'

import { parseEntry } from '@sallyport/proof/entry'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { ask, type FaceHub, facesOf, startFaceHub } from '../support/face-hub.ts'
import type { Person, TestHub } from '../support/hub.ts'
import {
  atLane,
  hitFor,
  judgeTraveller,
  openBoth,
  seek,
  type TravellerHit,
  travellerHits,
} from '../support/travellers.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let hub: TestHub
let supervisor: Person
let ada: Person
let ben: Person
let entry: string
let now = new Date('2026-11-22T09:30:00Z')

beforeAll(async () => {
  here = await startFaceHub({ now: () => now })
  hub = here.hub
  supervisor = await hub.signIn(['supervisor'])
  ada = await atLane(hub)
  ben = await atLane(hub)
})
afterAll(() => here.remove())

const soughtBy = (who: number, change: Readonly<Record<string, unknown>> = {}) =>
  seek(supervisor, who, { now, ...change })
const crossingOf = async (...who: readonly number[]) => (await here.sealedCrossing(who))()
const entryAt = async (index: number) => {
  const receipt = await hub.hub.parts.journal.receipt(index)
  const parsed = parseEntry(receipt?.entry ?? new Uint8Array())
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  return parsed.entry
}

test('nobody is looked for by an officer, without a reason or an end, or for ever', async () => {
  expect((await seek(ada, 3, { now })).code).toBe('role_missing')
  for (const missing of ['issuer', 'reason', 'expires_at', 'photograph'])
    expect((await soughtBy(3, { [missing]: undefined })).code).toBe('malformed_request')
  expect((await soughtBy(3, { expires_at: '2028-01-01' })).code).toBe('watch_expiry')
  expect((await soughtBy(3, { born: '2015-02-01' })).result).toBe('too_young')
  const { entries } = await ask<{ entries: unknown[] }>(supervisor, '/v1/watch/travellers')
  expect(entries).toEqual([])
})

test('who is looked for is told with reason and issuer, and a stranger is nobody', async () => {
  const made = await soughtBy(3, { name: 'ROE JANE', document_number: 'L898902C3' })
  expect(made).toMatchObject({ status: 201, state: 'in_force', searched: true })
  entry = made.id
  const logged = await entryAt(made.log_index)
  expect(logged).toMatchObject({ kind: 'traveller_sought', entry })
  expect(JSON.stringify(logged)).not.toMatch(/ROE|L898902C3|police|Missing/)
  const crossing = await crossingOf(3, 2)
  const faces = await facesOf(ada, crossing, hub)
  expect(faces.map(({ outcome }) => outcome.kind).toSorted()).toEqual(['no_gallery', 'too_close'])
  const found = faces.find(({ outcome }) => outcome.kind === 'too_close')
  expect(found?.outcome.candidates).toMatchObject([
    {
      entry_id: entry,
      gallery_id: null,
      gallery: null,
      name: 'ROE JANE',
      document_number_tail: '02C3',
      mark_of_watch: true,
      looked_for: { issuer: 'State police 17/26', reason: 'Missing person' },
    },
  ])
  const { hits, waiting } = await travellerHits(hub, ada)
  expect(hits).toMatchObject([
    { state: 'unconfirmed', capture_id: found?.capture_id, entry: { id: entry } },
  ])
  expect(waiting).toBe(1)
  const judged = hits.map((one) => Object.keys(one).filter((name) => name !== 'crossing'))
  expect(judged.flat().join(' ')).not.toMatch(/distance|score|probab|similar|confidence/)
})

test('events tell every console that there is something to read, and not what', async () => {
  const heard: { name: string; data: string }[] = []
  const unsubscribe = hub.hub.parts.events.subscribe((event) => heard.push(event))
  const hit = await hitFor(here, ada, 3)
  await openBoth(ada, hit)
  const before = heard.length
  await judgeTraveller(ada, hit, 'confirmed')
  expect(heard).toHaveLength(before)
  await judgeTraveller(ben, hit, 'rejected')
  unsubscribe?.()
  const told = (name: string) =>
    heard.filter((one) => one.name === name).map(({ data }) => JSON.parse(data) as unknown)
  expect(told('crossing.matched')).toEqual([{ crossing_id: hit.crossing.id, lane: 'in-1' }])
  expect(told('traveller_hit')).toEqual([{ hit_id: hit.id }, { hit_id: hit.id }])
})

test('it takes two people who compared the pictures, and the second is not told of the first', async () => {
  const hit = await hitFor(here, ada, 3)
  expect((await judgeTraveller(ada, hit, 'confirmed')).code).toBe('picture_not_seen')
  expect((await openBoth(ada, hit)).map(({ status }) => status)).toEqual([201, 201])
  const first = await judgeTraveller(ada, hit, 'confirmed')
  expect(first).toMatchObject({ state: 'unconfirmed', own_verdict: { verdict: 'confirmed' } })
  expect((await judgeTraveller(ada, hit, 'confirmed')).code).toBe('hit_already_judged')
  const seen = (await travellerHits(hub, ben)).hits.find(({ id }) => id === hit.id)
  expect(seen).toEqual(hit)
  const { db } = hub.hub.parts
  const own = await db
    .selectFrom('traveller_verdict')
    .selectAll()
    .where('hit', '=', hit.id)
    .executeTakeFirstOrThrow()
  expect(JSON.stringify(await entryAt(own.log_index ?? -1))).not.toMatch(/confirmed/)
  await openBoth(ben, hit)
  expect(await judgeTraveller(ben, hit, 'confirmed')).toMatchObject({
    state: 'confirmed',
    verdicts: [{ verdict: 'confirmed' }, { verdict: 'confirmed' }],
  })
  expect((await travellerHits(hub, ada, 'judged')).hits.map(({ id }) => id)).toContain(hit.id)
})

test('two who confirm at one moment are counted both', async () => {
  const hit = await hitFor(here, ada, 3)
  for (const person of [ada, ben]) await openBoth(person, hit)
  await Promise.all([ada, ben].map((person) => judgeTraveller(person, hit, 'confirmed')))
  const { hits } = await travellerHits(hub, ada, 'judged')
  expect(hits.find(({ id }) => id === hit.id)?.state).toBe('confirmed')
})

test('one person who sees somebody else ends it, unopened', async () => {
  const hit = await hitFor(here, ada, 3)
  expect((await judgeTraveller(ben, hit, 'rejected')).state).toBe('rejected')
  expect((await judgeTraveller(ada, hit, 'confirmed')).code).toBe('hit_already_judged')
})

test('whoever takes over in secondary is not told of it before they have looked', async () => {
  const hit = await hitFor(here, ada, 3)
  const say = (person: Person, body: unknown) =>
    ask<{ code?: string; window?: { seen: number } }>(
      person,
      `/v1/crossings/${hit.crossing.id}/window`,
      body,
    )
  const referred = await say(ada, { says: 'referred', reason: 'watch_hit', seen: 0 })
  expect(referred.status).toBe(201)
  const seenBy = async (person: Person) =>
    (await travellerHits(hub, person)).hits.some(({ id }) => id === hit.id)
  expect(await seenBy(ben)).toBe(false)
  expect((await judgeTraveller(ben, hit, 'confirmed')).code).toBe('not_found')
  const looked = { says: 'looked', finding: 'same_person', seen: referred.window?.seen }
  expect((await say(ben, looked)).status).toBe(201)
  expect(await seenBy(ben)).toBe(true)
})

test('who opts out is suspected of nothing any more', async () => {
  const hit = await hitFor(here, ada, 3)
  await hub.hub.parts.faces.forget(hit.crossing.id)
  expect((await judgeTraveller(ada, hit, 'rejected')).code).toBe('not_found')
})

test('rows that are not what the log says are found, and nothing else is', async () => {
  const { db, vault, journal, retention } = hub.hub.parts
  // What was forgotten before is being shredded.
  await retention.run()
  const log = folderTiles(path.join(hub.data, 'log'))
  const check = () => fsck({ db, vault, log, vkey: journal.vkey })
  expect((await check()).findings).toEqual([])
  const confirmed = await db
    .selectFrom('traveller_hit')
    .selectAll()
    .where('state', '=', 'confirmed')
    .executeTakeFirstOrThrow()
  const reason = (text: string) =>
    db.updateTable('traveller_sought').set({ reason: text }).where('id', '=', entry).execute()
  await reason('Wanted')
  expect((await check()).findings).toMatchObject([{ code: 'watch_differs', subject: entry }])
  await reason('Missing person')
  await db
    .updateTable('traveller_verdict')
    .set({ verdict: 'rejected' })
    .where('hit', '=', confirmed.id)
    .execute()
  const found = (await check()).findings.map(({ code }) => code)
  expect(new Set(found)).toEqual(new Set(['watch_differs']))
  await db
    .updateTable('traveller_verdict')
    .set({ verdict: 'confirmed' })
    .where('hit', '=', confirmed.id)
    .execute()
})

test('an entry is searched again after a restart, and no more once withdrawn: its template is gone', async () => {
  await hub.restart()
  const hit: TravellerHit = await hitFor(here, ada, 3)
  const where = `/v1/watch/travellers/${entry}/withdrawal`
  const said = { method: 'POST', body: JSON.stringify({ reason: 'Found' }) }
  expect((await supervisor.request(where, said)).status).toBe(204)
  expect((await supervisor.request(where, said)).status).toBe(404)
  const [face] = await facesOf(ada, await crossingOf(3), hub)
  expect(face?.outcome.kind).toBe('no_gallery')
  const { db, keks } = hub.hub.parts
  const row = await db
    .selectFrom('traveller_sought')
    .selectAll()
    .where('id', '=', entry)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({ template: null, photo_body: null, photo_header: null, quality: null })
  expect(keks.keystore.stateOf(row.kek)).not.toBe('present')
  expect((await openBoth(ada, hit)).map(({ status }) => status)).toEqual([201, 404])
  expect((await judgeTraveller(ada, hit, 'confirmed')).code).toBe('watch_entry_over')
  expect((await judgeTraveller(ada, hit, 'rejected')).state).toBe('rejected')
})

test('what the log did not take was never looked for, and its template goes with its key', async () => {
  const { db, journal, keks, travellers } = hub.hub.parts
  const append = journal.append.bind(journal)
  const broken = vi.spyOn(journal, 'append').mockImplementation((said) => {
    if (said.kind === 'traveller_sought') return Promise.reject(new Error('the disk is full'))
    return append(said)
  })
  const failed = await soughtBy(6)
  broken.mockRestore()
  expect(failed.status).toBe(500)
  const row = await db
    .selectFrom('traveller_sought')
    .selectAll()
    .where('log_index', 'is', null)
    .executeTakeFirstOrThrow()
  const [face] = await facesOf(ada, await crossingOf(6), hub)
  expect(face?.outcome.kind).toBe('no_gallery')
  now = new Date(now.getTime() + 61_000)
  await travellers.upkeep(true)
  const after = await db
    .selectFrom('traveller_sought')
    .select(['template', 'photo_header', 'photo_body'])
    .where('id', '=', row.id)
    .executeTakeFirstOrThrow()
  expect(after).toEqual({ template: null, photo_header: null, photo_body: null })
  expect(keks.keystore.stateOf(row.kek)).not.toBe('present')
})

test('an entry that expired finds nobody from that instant, and its template goes with the next upkeep', async () => {
  const { id } = await soughtBy(4, {
    expires_at: new Date(now.getTime() + 3_600_000).toISOString(),
  })
  expect((await hitFor(here, ada, 4)).entry.id).toBe(id)
  now = new Date(now.getTime() + 3_600_000)
  const [face] = await facesOf(ada, await crossingOf(4), hub)
  expect(face?.outcome.kind).toBe('no_gallery')
  const { db, travellers } = hub.hub.parts
  // A clock that may be wrong destroys nothing.
  await travellers.upkeep(false)
  const kept = db.selectFrom('traveller_sought').select('template').where('id', '=', id)
  expect((await kept.executeTakeFirstOrThrow()).template).not.toBeNull()
  await travellers.upkeep(true)
  const row = await db
    .selectFrom('traveller_sought')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({ template: null, photo_body: null, ended_by: null })
  expect(await entryAt(row.end_log_index ?? -1)).toEqual({
    v: 1,
    at: now.toISOString(),
    kind: 'traveller_sought_ended',
    entry: id,
    how: 'expired',
  })
  const { entries } = await ask<{ entries: { id: string }[] }>(
    supervisor,
    '/v1/watch/travellers?state=expired',
  )
  expect(entries.map((one) => one.id)).toEqual([id])
})
