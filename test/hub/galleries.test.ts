/** Galleries at a hub: who is expected is found there and then, by name, and afterwards no more. */

import { parseEntry } from '@sallyport/proof/entry'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import {
  addPhotographs,
  ask,
  type FaceHub,
  facesOf,
  type GalleryAnswer,
  makeGallery,
  startFaceHub,
} from '../support/face-hub.ts'
import { photographOf } from '../support/faces.ts'
import type { Person, TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let hub: TestHub
let supervisor: Person
let officer: Person
let gallery: string
let now = new Date('2026-11-22T09:30:00Z')
const people = [3, 4, 6].map((who) => ({ who, surname: `PERSON${who}` }))

beforeAll(async () => {
  here = await startFaceHub({ now: () => now })
  hub = here.hub
  supervisor = await hub.signIn(['supervisor'])
  officer = await hub.signIn(['officer'])
})
afterAll(() => here.remove())

const crossingOf = async (...who: readonly number[]) => (await here.sealedCrossing(who))()
const answersOf = (crossing: string) => facesOf(officer, crossing, hub)
const galleryFor = (reference: string) => makeGallery(supervisor, people, { reference, now })
const photographs = (into: string, named: Readonly<Record<string, Uint8Array>>) =>
  addPhotographs(supervisor, into, named)

test('each photograph of a list says what became of it', async () => {
  const made = await galleryFor('DF042')
  expect(made).toMatchObject({ status: 201, state: 'in_force', people: 3, described: 0 })
  gallery = made.id
  const grey = await photographOf(3).then((bytes) => bytes.slice(0, 300))
  const answers = await photographs(gallery, {
    'p-00003-x.jpg': await photographOf(3),
    P00004X: await photographOf(4),
    'P00006X.jpg': await photographOf(6),
    'P99999Z.jpg': await photographOf(2),
    P00003X: await photographOf(3),
  })
  expect(answers.map(({ result }) => result)).toEqual([
    'described',
    'described',
    'described',
    'nobody_of_that_name',
    'given_twice',
  ])
  const [broken] = await photographs(gallery, { P00004X: grey })
  expect(broken?.result).toBe('not_a_picture')
  expect(await ask(supervisor, `/v1/galleries/${gallery}`)).toMatchObject({
    described: 3,
    searchable: 3,
  })
})

test('the photograph of a candidate opens for an officer on shift, marked and logged, and for nobody else’s crossing', async () => {
  await officer.request('/v1/shift', {
    method: 'PUT',
    body: JSON.stringify({ lane: 'in-1' }),
  })
  const crossing = await crossingOf(3)
  const [face] = await answersOf(crossing)
  const entry = face?.outcome.candidates?.[0]?.entry_id ?? ''
  const where = `/v1/crossings/${crossing}/candidates/${entry}/openings`
  const opened = await ask<{ log_index: number }>(officer, where, { purpose: 'inspection' })
  expect(opened).toMatchObject({ status: 201, media_type: 'image/jpeg' })
  const receipt = await hub.hub.parts.journal.receipt(opened.log_index)
  expect(parseEntry(receipt?.entry ?? new Uint8Array())).toMatchObject({
    entry: { kind: 'opening', capture: entry, class: 'face', purpose: 'inspection' },
  })
  // Whoever looks at the crossing later sees that it was opened beside it, and what for.
  const listed = { capture: entry, outcome: 'opened', purpose: 'inspection' }
  for (const list of [`/v1/crossings/${crossing}`, '/v1/openings'])
    expect(await ask(supervisor, list)).toMatchObject({
      openings: expect.arrayContaining([expect.objectContaining(listed)]) as unknown,
    })
  const stranger = await crossingOf(2)
  const elsewhere = `/v1/crossings/${stranger}/candidates/${entry}/openings`
  expect(await ask(officer, elsewhere, { purpose: 'inspection' })).toMatchObject({ status: 404 })
  expect(await ask(supervisor, where, { purpose: 'inspection' })).toMatchObject({ status: 403 })
})

test('one person on two lists is one person; two people who are one face are too close to call', async () => {
  const again = await galleryFor('DF043')
  await photographs(again.id, { P00003X: await photographOf(3) })
  expect((await answersOf(await crossingOf(3)))[0]?.outcome.kind).toBe('match')
  await photographs(again.id, { P00004X: await photographOf(3) })
  expect((await answersOf(await crossingOf(3)))[0]?.outcome.kind).toBe('too_close')
  expect(await ask(supervisor, `/v1/galleries/${again.id}/end`, {})).toMatchObject({
    status: 200,
    state: 'ended',
  })
})

test('whoever is taken out of a gallery is not found from then on', async () => {
  const detail = await ask<GalleryAnswer>(supervisor, `/v1/galleries/${gallery}`)
  const entry = detail.entries.find(({ name }) => name === 'PERSON4 ANNA')
  expect((await answersOf(await crossingOf(4)))[0]?.outcome.kind).toBe('match')
  const where = `/v1/galleries/${gallery}/entries/${entry?.id ?? ''}/removal`
  expect(await ask(supervisor, where, {})).toMatchObject({ status: 200, people: 2, searchable: 2 })
  expect((await answersOf(await crossingOf(4)))[0]?.outcome.kind).toBe('no_match')
})

test('a hub that starts again finds whom it found before; a gallery that is over is gone with its key', async () => {
  await hub.restart()
  expect((await answersOf(await crossingOf(3)))[0]?.outcome.kind).toBe('match')
  now = new Date('2026-11-22T20:00:01Z')
  const { db, keks, galleries } = hub.hub.parts
  const { kek } = await db
    .selectFrom('gallery')
    .select('kek')
    .where('id', '=', gallery)
    .executeTakeFirstOrThrow()
  // A clock that may be wrong ends a gallery for nobody to find, and destroys nothing.
  await galleries.upkeep(false)
  expect((await answersOf(await crossingOf(3)))[0]?.outcome.kind).toBe('no_gallery')
  expect(keks.keystore.stateOf(kek)).toBe('present')
  await galleries.upkeep(true)
  expect(await db.selectFrom('gallery_entry').selectAll().execute()).toEqual([])
  expect(keks.keystore.stateOf(kek)).not.toBe('present')
  expect((await answersOf(await crossingOf(3)))[0]?.outcome.kind).toBe('no_gallery')
})
