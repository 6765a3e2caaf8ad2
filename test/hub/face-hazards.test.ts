/** Photographs and galleries that go wrong: a clear answer, nothing lost, nothing half. */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
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
import { nobody, onShirt, tenPeople } from '../support/face-pictures.ts'
import { photographOf } from '../support/faces.ts'
import type { Person, TestHub } from '../support/hub.ts'
import { seek } from '../support/travellers.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let hub: TestHub
let supervisor: Person
const now = new Date('2026-11-22T09:30:00Z')

beforeAll(async () => {
  here = await startFaceHub({ now: () => now })
  hub = here.hub
  supervisor = await hub.signIn(['supervisor'])
})
afterAll(() => here.remove())

const crossingOf = async (...who: readonly number[]) => (await here.sealedCrossing(who))()
const kindsOf = async (crossing: string) =>
  (await facesOf(supervisor, crossing, hub)).map(({ outcome }) => outcome.kind)
const galleryOf = (reference: string, ...who: readonly number[]) => {
  const people = who.map((one) => ({ who: one, surname: `PERSON${one}` }))
  return makeGallery(supervisor, people, { reference, now })
}
const end = (gallery: string) => ask(supervisor, `/v1/galleries/${gallery}/end`, {})

test('a photograph of nobody, of ten, or cut off is refused with the reason, for a list and for a search', async () => {
  const gallery = await galleryOf('DF100', 3)
  const whole = await photographOf(3)
  const wrong = [
    ['no_face', await nobody()],
    ['several_faces', await tenPeople()],
    ['not_a_picture', whole.slice(0, whole.length / 3)],
  ] as const
  for (const [result, bytes] of wrong) {
    const [answer] = await addPhotographs(supervisor, gallery.id, { P00003X: bytes })
    expect(answer?.result).toBe(result)
    const photograph = Buffer.from(bytes).toString('base64')
    expect(await seek(supervisor, 3, { now, photograph })).toMatchObject({
      status: 422,
      code: 'photograph_not_taken',
      result,
    })
  }
  const left = await ask<GalleryAnswer>(supervisor, `/v1/galleries/${gallery.id}`)
  expect(left).toMatchObject({ described: 0, searchable: 0 })
  const { entries } = await ask<{ entries: unknown[] }>(supervisor, '/v1/watch/travellers')
  expect(entries).toEqual([])
  await end(gallery.id)
})

test('a face on a shirt is not the person who wears it', async () => {
  const gallery = await galleryOf('DF101', 3)
  const [answer] = await addPhotographs(supervisor, gallery.id, { P00003X: await onShirt(3, 6) })
  expect(answer?.result).toBe('described')
  expect(await kindsOf(await crossingOf(3))).toEqual(['match'])
  expect(await kindsOf(await crossingOf(6))).toEqual(['no_match'])
  await end(gallery.id)
})

test('a child on a list stays expected and is compared with nobody, and that is said', async () => {
  const file = [
    'surname,given_names,document_number,booking,born',
    'KIND,EVA,P00003X,DF102,2015-06-01',
    'KIND,ULLA,P00004X,DF102,1985-06-01',
    // Fourteen today.
    'KIND,ADA,P00006X,DF102,2012-11-22',
    '',
  ].join('\n')
  const { lists } = await ask<{ lists?: readonly { id: string }[] }>(
    supervisor,
    '/v1/passenger-lists',
    {
      format: 'csv',
      file: Buffer.from(file).toString('base64'),
      head: { transport: 'sailing', reference: 'DF102', arrivesAt: '2026-11-22T11:30' },
      accepts: 3,
    },
  )
  const made = await ask<GalleryAnswer>(supervisor, '/v1/galleries', {
    kind: 'list',
    list: lists?.[0]?.id,
    name: 'DF102',
    opens_at: '2026-11-22T08:00:00Z',
    expires_at: '2026-11-22T20:00:00Z',
  })
  expect(made).toMatchObject({ status: 201, people: 3 })
  const photographs = await addPhotographs(supervisor, made.id, {
    P00003X: await photographOf(3),
    P00004X: await photographOf(4),
    P00006X: await photographOf(6),
  })
  expect(photographs.map(({ result }) => result)).toEqual(['too_young', 'described', 'described'])
  const detail = await ask<GalleryAnswer>(supervisor, `/v1/galleries/${made.id}`)
  expect(detail).toMatchObject({ people: 3, described: 2, searchable: 2 })
  const child = detail.entries.find(({ name }) => name === 'KIND EVA')
  expect(child).toMatchObject({ has_photo: false, described: false, quality: null })
  expect(await kindsOf(await crossingOf(3))).toEqual(['no_match'])
  expect(await kindsOf(await crossingOf(4))).toEqual(['match'])
  expect(await kindsOf(await crossingOf(6))).toEqual(['match'])
  const rows = await hub.hub.parts.db
    .selectFrom('gallery_entry')
    .select(['template', 'photo_body'])
    .where('id', '=', child?.id ?? '')
    .executeTakeFirstOrThrow()
  expect(rows).toEqual({ template: null, photo_body: null })
  await end(made.id)
})

test('galleries that change, end and begin while faces are searched: each answer is of one state', async () => {
  const first = await galleryOf('DF103', 3, 4)
  const named = { P00003X: await photographOf(3), P00004X: await photographOf(4) }
  await addPhotographs(supervisor, first.id, named)
  const arrivals = await Promise.all(
    Array.from({ length: 6 }, (_, at) => here.sealedCrossing([at % 2 === 0 ? 3 : 4])),
  )
  async function change(): Promise<void> {
    await addPhotographs(supervisor, first.id, { P00003X: await photographOf(3, { yaw: 4 }) })
    const detail = await ask<GalleryAnswer>(supervisor, `/v1/galleries/${first.id}`)
    const entry = detail.entries.find(({ name }) => name.startsWith('PERSON4'))
    await ask(supervisor, `/v1/galleries/${first.id}/entries/${entry?.id}/removal`, {})
    const second = await galleryOf('DF104', 4)
    await Promise.all([end(first.id), addPhotographs(supervisor, second.id, named)])
  }
  const [crossings] = await Promise.all([Promise.all(arrivals.map((arrive) => arrive())), change()])
  for (const crossing of crossings) {
    const [kind, ...others] = await kindsOf(crossing)
    expect(others).toEqual([])
    // One gallery, the other, both with one person in them, or none.
    expect(['match', 'no_match', 'no_gallery', 'too_close']).toContain(kind)
  }
  expect(await kindsOf(await crossingOf(4))).toEqual(['match'])
  expect(await kindsOf(await crossingOf(3))).toEqual(['no_match'])
  const { db, vault, journal } = hub.hub.parts
  const log = folderTiles(path.join(hub.data, 'log'))
  expect((await fsck({ db, vault, log, vkey: journal.vkey })).findings).toEqual([])
})
