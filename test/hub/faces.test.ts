/** Faces at a hub: compared with those expected there and then, sealed, logged, told, and forgotten. */

import path from 'node:path'

import { commit, parseEntry } from '@sallyport/proof/entry'
import { committedComparison } from '@sallyport/proof/face-entry'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver } from '../support/device.ts'
import {
  addPhotographs,
  type FaceHub,
  facesOf,
  makeGallery,
  startFaceHub,
} from '../support/face-hub.ts'
import { headPicture, photographOf, sealedFaces, seenFaces } from '../support/faces.ts'
import type { Person, TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

let here: FaceHub
let hub: TestHub
let officer: Person
const now = new Date('2026-11-22T09:30:00Z')

beforeAll(async () => {
  here = await startFaceHub({ now: () => now })
  hub = here.hub
  officer = await hub.signIn(['officer'])
})
afterAll(() => here.remove())

const crossingOf = async (...who: readonly number[]) => (await here.sealedCrossing(who))()
const answersOf = (crossing: string) => facesOf(officer, crossing, hub)

test('where nobody is expected a face is nobody’s, and that is said', async () => {
  const [face] = await answersOf(await crossingOf(3))
  expect(face?.outcome).toEqual({ kind: 'no_gallery' })
})

test('who is expected is matched by name, a stranger is not, and no answer holds a score', async () => {
  const supervisor = await hub.signIn(['supervisor'])
  const people = [3, 4].map((who) => ({ who, surname: `PERSON${who}` }))
  const gallery = await makeGallery(supervisor, people, { reference: 'DF042', now })
  await addPhotographs(supervisor, gallery.id, {
    P00003X: await photographOf(3),
    P00004X: await photographOf(4),
  })
  const crossing = await crossingOf(3, 2)
  const faces = await answersOf(crossing)
  const kinds = faces.map(({ outcome }) => outcome.kind).toSorted()
  expect(kinds).toEqual(['match', 'no_match'])
  const match = faces.find(({ outcome }) => outcome.kind === 'match')
  expect(match?.outcome.candidates).toMatchObject([
    { name: 'PERSON3 ANNA', document_number_tail: '003X', has_photo: true, mark_of_watch: false },
  ])
  const said = JSON.stringify(faces.map(({ outcome }) => outcome))
  expect(said).not.toMatch(/distance|score|probab|cosine|\d\.\d/)
  const row = await hub.hub.parts.db
    .selectFrom('face')
    .selectAll()
    .where('id', '=', match?.id ?? '')
    .executeTakeFirstOrThrow()
  const receipt = await hub.hub.parts.journal.receipt(row.log_index ?? -1)
  const what = committedComparison({
    crossing,
    capture: row.capture,
    outcome: 'match',
    candidates: (match?.outcome.candidates ?? []).map(({ entry_id: entry }) => entry),
  })
  expect(parseEntry(receipt?.entry ?? new Uint8Array())).toMatchObject({
    entry: {
      kind: 'face_compared',
      face: row.id,
      what: commit(row.salt ?? Buffer.alloc(16), what),
    },
  })
})

test('neither template nor photograph is in the rows in clear, and the reads hold no faces', async () => {
  const { db } = hub.hub.parts
  const photograph = await decodePicture(await photographOf(3))
  if (photograph.kind === 'refused') throw new Error(photograph.detail)
  const seen = await Promise.all(
    [photograph.picture, await headPicture(3, { yaw: 5, light: 0.7 })].map((picture) =>
      here.reader.look(picture),
    ),
  )
  const inClear = [
    ...seen.map(([face]) =>
      Buffer.from(face?.template?.vector.buffer ?? new ArrayBuffer(0)).subarray(0, 16),
    ),
    Buffer.from([0xff, 0xd8, 0xff]),
  ]
  const entries = await db.selectFrom('gallery_entry').selectAll().execute()
  const rows = await db.selectFrom('face').selectAll().execute()
  const kept = [
    ...entries.flatMap((one) => [one.template, one.photo_body]),
    ...rows.map((one) => one.template),
  ].filter((bytes) => bytes !== null)
  expect(kept).toHaveLength(2 * entries.length + rows.length)
  for (const bytes of kept)
    expect(inClear.map((plain) => bytes.includes(plain))).toEqual([false, false, false])
  const crossings = await db.selectFrom('crossing').select('reads').execute()
  expect(crossings.every(({ reads }) => reads === null || !('faces' in reads))).toBe(true)
})

test('a face of another model is not compared, and says so', async () => {
  const faces = await seenFaces(here.reader, [await headPicture(3)])
  const sealed = await sealedFaces({ ...faces, model: 'other@0123456789ab' }, here.device.recipient)
  const bundle = here.device.bundle({ faces: sealed })
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  expect((await answersOf(bundle.manifest.crossing))[0]?.outcome).toEqual({
    kind: 'not_acquired',
    why: 'other_model',
  })
})

test('a template that belongs to another picture does not open, and the crossing is kept', async () => {
  const both = await seenFaces(here.reader, [await headPicture(3), await headPicture(4)])
  const sealed = await sealedFaces(both, here.device.recipient)
  const [one, other] = sealed.part.found
  if (one === undefined || other === undefined) throw new Error('two faces were sealed')
  const found = [{ ...one, template: other.template }, other]
  const bundle = here.device.bundle({ faces: { ...sealed, part: { ...sealed.part, found } } })
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  const faces = await answersOf(bundle.manifest.crossing)
  const swapped = faces.find(({ capture_id: capture }) => capture === one.capture)
  expect(swapped?.outcome).toEqual({ kind: 'not_acquired', why: 'template_not_opened' })
})

test('an opt-out forgets the faces of a crossing, in the rows and for good', async () => {
  const crossing = await crossingOf(3)
  await hub.hub.parts.faces.forget(crossing)
  await hub.hub.parts.retention.run()
  expect((await answersOf(crossing))[0]?.outcome).toEqual({ kind: 'opted_out' })
  const { db, keks } = hub.hub.parts
  const row = await db
    .selectFrom('face')
    .selectAll()
    .where('crossing', '=', crossing)
    .executeTakeFirstOrThrow()
  expect(row).toMatchObject({ template: null, quality: null, salt: null })
  const capture = await db
    .selectFrom('capture')
    .selectAll()
    .where('id', '=', row.capture)
    .executeTakeFirstOrThrow()
  expect(capture.shredded_at).not.toBeNull()
  expect(capture.header).toHaveLength(0)
  expect(keks.keystore.stateOf(capture.kek ?? '')).not.toBe('present')
  // Another picture of that day opens under its new key.
  const other = await db
    .selectFrom('capture')
    .selectAll()
    .where('class', '=', 'face')
    .where('shredding', 'is', null)
    .executeTakeFirstOrThrow()
  expect(keks.keystore.unwrap(other.kek ?? '', other.header)?.kind).toBe('unwrapped')
})

test('a face whose outcome was changed by hand is found by fsck, and nothing else is', async () => {
  const { db, vault, journal } = hub.hub.parts
  const log = folderTiles(path.join(hub.data, 'log'))
  const check = () => fsck({ db, vault, log, vkey: journal.vkey })
  expect((await check()).findings).toEqual([])
  const row = await db
    .selectFrom('face')
    .select(['id', 'outcome'])
    .where('salt', 'is not', null)
    .orderBy('at')
    .executeTakeFirstOrThrow()
  const set = (outcome: unknown) =>
    db
      .updateTable('face')
      .set({ outcome: JSON.stringify(outcome) })
      .where('id', '=', row.id)
      .execute()
  await set({ kind: 'no_match' })
  expect((await check()).findings).toMatchObject([{ code: 'face_differs', subject: row.id }])
  await set(row.outcome)
})
