/** Faces at a hub: compared with those expected there and then, sealed, logged, told, and forgotten. */

import { writeFile } from 'node:fs/promises'
import path from 'node:path'

import { commit, parseEntry } from '@sallyport/proof/entry'
import { committedComparison } from '@sallyport/proof/face-entry'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { type FaceReader, openEvaluationReader } from '@sallyport/vision/face/face-reader'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import {
  drawnCalibration,
  headPicture,
  photographOf,
  sealedFaces,
  seenFaces,
} from '../support/faces.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

type Outcome = {
  readonly kind: string
  readonly why?: string
  readonly reason?: string
  readonly candidates?: readonly { readonly name: string | null; readonly entry_id: string }[]
}
type FaceAnswer = { readonly id: string; readonly capture_id: string; readonly outcome: Outcome }

let hub: TestHub
let device: TestDevice
let supervisor: Person
let officer: Person
let reader: FaceReader
let gallery: string
let now = new Date('2026-11-22T09:30:00Z')
const people = [3, 4, 6]

beforeAll(async () => {
  reader = await openEvaluationReader()
  hub = await startTestHub({ now: () => now })
  await hub.stop()
  const file = path.join(hub.data, 'drawn.calibration')
  await writeFile(file, drawnCalibration(reader.model.identity))
  hub = await startTestHub({
    now: () => now,
    data: hub.data,
    database: hub.database,
    settings: { faces: 'evaluation', faceCalibrations: [file] },
  })
  device = await enrolTestDevice(hub, 'in-1')
  supervisor = await hub.signIn(['supervisor'])
  officer = await hub.signIn(['officer'])
})
afterAll(async () => {
  await hub.remove()
  await reader.close()
})

async function ask(person: Person, where: string, body?: unknown) {
  const answer = await person.request(where, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  })
  const said = (await answer.json()) as Record<string, unknown>
  return { ...said, status: answer.status } as Record<string, unknown>
}

/** A table of passengers P3, P4, P6 as a list, and a gallery of it. */
async function makeGallery(reference: string, more: Readonly<Record<string, unknown>> = {}) {
  const rows = people.map((who) => `PERSON${who},ANNA,P0000${who}X,${reference}`)
  const file = ['surname,given_names,document_number,booking', ...rows].join('\n')
  const head = { transport: 'sailing', reference, arrivesAt: '2026-11-22T11:30' }
  const brought = await ask(supervisor, '/v1/passenger-lists', {
    format: 'csv',
    file: Buffer.from(`${file}\n`).toString('base64'),
    head,
    accepts: people.length,
  })
  const [list] = brought['lists'] as readonly { id: string }[]
  return ask(supervisor, '/v1/galleries', {
    kind: 'list',
    list: list?.id,
    name: reference,
    opens_at: '2026-11-22T08:00:00Z',
    expires_at: '2026-11-22T20:00:00Z',
    ...more,
  })
}

async function photographs(into: string, named: Readonly<Record<string, Uint8Array>>) {
  const photos = Object.entries(named).map(([name, bytes]) => ({
    name,
    picture: Buffer.from(bytes).toString('base64'),
  }))
  const answer = await ask(supervisor, `/v1/galleries/${into}/photos`, { photos })
  return answer['photos'] as readonly { name: string; result: string; entry: string | null }[]
}

/** A crossing whose occupants are these; answers its id when its faces are told. */
async function crossingOf(...who: readonly number[]): Promise<string> {
  const pictures = await Promise.all(who.map((one) => headPicture(one, { yaw: 5, light: 0.7 })))
  const faces = await sealedFaces(await seenFaces(reader, pictures), device.recipient)
  const bundle = device.bundle({ faces })
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  await hub.hub.parts.faces.drain()
  return bundle.manifest.crossing
}

async function facesOf(crossing: string): Promise<readonly FaceAnswer[]> {
  const answer = await ask(officer, `/v1/crossings/${crossing}/faces`)
  expect(answer['status']).toBe(200)
  return answer['faces'] as readonly FaceAnswer[]
}

test('where nobody is expected a face is nobody’s, and that is said', async () => {
  const [face] = await facesOf(await crossingOf(3))
  expect(face?.outcome).toEqual({ kind: 'no_gallery' })
})

test('each photograph of a list says what became of it', async () => {
  const made = await makeGallery('DF042')
  expect(made).toMatchObject({ status: 201, state: 'in_force', people: 3, described: 0 })
  gallery = made['id'] as string
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

test('who is expected is matched by name, a stranger is not, and no answer holds a score', async () => {
  const crossing = await crossingOf(3, 2)
  const faces = await facesOf(crossing)
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

test('the photograph of a candidate opens for an officer on shift, marked and logged, and for nobody else’s crossing', async () => {
  await officer.request('/v1/shift', {
    method: 'PUT',
    body: JSON.stringify({ lane: 'in-1' }),
  })
  const crossing = await crossingOf(3)
  const [face] = await facesOf(crossing)
  const entry = face?.outcome.candidates?.[0]?.entry_id ?? ''
  const where = `/v1/crossings/${crossing}/candidates/${entry}/openings`
  const opened = await ask(officer, where, { purpose: 'inspection' })
  expect(opened).toMatchObject({ status: 201, media_type: 'image/jpeg' })
  const receipt = await hub.hub.parts.journal.receipt(opened['log_index'] as number)
  expect(parseEntry(receipt?.entry ?? new Uint8Array())).toMatchObject({
    entry: { kind: 'opening', capture: entry, class: 'face', purpose: 'inspection' },
  })
  const stranger = await crossingOf(2)
  const elsewhere = `/v1/crossings/${stranger}/candidates/${entry}/openings`
  expect(await ask(officer, elsewhere, { purpose: 'inspection' })).toMatchObject({ status: 404 })
  expect(await ask(supervisor, where, { purpose: 'inspection' })).toMatchObject({ status: 403 })
})

test('neither template nor photograph is in the rows in clear, and the reads hold no faces', async () => {
  const { db } = hub.hub.parts
  const [face] = await reader.look(await headPicture(3, { yaw: 5, light: 0.7 }))
  const numbers = Buffer.from(face?.template?.vector.buffer ?? new ArrayBuffer(0))
  const entries = await db.selectFrom('gallery_entry').selectAll().execute()
  const rows = await db.selectFrom('face').selectAll().execute()
  const kept = [
    ...entries.flatMap((one) => [one.template, one.photo_body]),
    ...rows.map((one) => one.template),
  ]
  for (const bytes of kept) {
    expect(bytes?.includes(numbers.subarray(0, 16)) ?? false).toBe(false)
    expect(bytes?.includes(Buffer.from([0xff, 0xd8, 0xff])) ?? false).toBe(false)
  }
  const crossings = await db.selectFrom('crossing').select('reads').execute()
  expect(crossings.every(({ reads }) => reads === null || !('faces' in reads))).toBe(true)
})

test('one person on two lists is one person; two people who are one face are too close to call', async () => {
  const again = await makeGallery('DF043')
  await photographs(again['id'] as string, { P00003X: await photographOf(3) })
  expect((await facesOf(await crossingOf(3)))[0]?.outcome.kind).toBe('match')
  await photographs(again['id'] as string, { P00004X: await photographOf(3) })
  expect((await facesOf(await crossingOf(3)))[0]?.outcome.kind).toBe('too_close')
  expect(await ask(supervisor, `/v1/galleries/${again['id'] as string}/end`, {})).toMatchObject({
    status: 200,
    state: 'ended',
  })
})

test('whoever is taken out of a gallery is not found from then on', async () => {
  const detail = await ask(supervisor, `/v1/galleries/${gallery}`)
  const entry = (detail['entries'] as readonly { id: string; name: string }[]).find(
    ({ name }) => name === 'PERSON4 ANNA',
  )
  expect((await facesOf(await crossingOf(4)))[0]?.outcome.kind).toBe('match')
  const where = `/v1/galleries/${gallery}/entries/${entry?.id ?? ''}/removal`
  expect(await ask(supervisor, where, {})).toMatchObject({ status: 200, people: 2, searchable: 2 })
  expect((await facesOf(await crossingOf(4)))[0]?.outcome.kind).toBe('no_match')
})

test('a face of another model is not compared, and says so', async () => {
  const faces = await seenFaces(reader, [await headPicture(3)])
  const sealed = await sealedFaces({ ...faces, model: 'other@0123456789ab' }, device.recipient)
  const bundle = device.bundle({ faces: sealed })
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  await hub.hub.parts.faces.drain()
  expect((await facesOf(bundle.manifest.crossing))[0]?.outcome).toEqual({
    kind: 'not_acquired',
    why: 'other_model',
  })
})

test('a template that belongs to another picture does not open, and the crossing is kept', async () => {
  const both = await seenFaces(reader, [await headPicture(3), await headPicture(4)])
  const sealed = await sealedFaces(both, device.recipient)
  const [one, other] = sealed.part.found
  if (one === undefined || other === undefined) throw new Error('two faces were sealed')
  const found = [{ ...one, template: other.template }, other]
  const bundle = device.bundle({ faces: { ...sealed, part: { ...sealed.part, found } } })
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  await hub.hub.parts.faces.drain()
  const faces = await facesOf(bundle.manifest.crossing)
  const swapped = faces.find(({ capture_id: capture }) => capture === one.capture)
  expect(swapped?.outcome).toEqual({ kind: 'not_acquired', why: 'template_not_opened' })
})

test('an opt-out forgets the faces of a crossing, in the rows and for good', async () => {
  const crossing = await crossingOf(3)
  await hub.hub.parts.faces.forget(crossing)
  await hub.hub.parts.retention.run()
  expect((await facesOf(crossing))[0]?.outcome).toEqual({ kind: 'opted_out' })
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

test('a hub that starts again finds whom it found before; a gallery that is over is gone with its key', async () => {
  await hub.restart()
  expect((await facesOf(await crossingOf(3)))[0]?.outcome.kind).toBe('match')
  now = new Date('2026-11-22T20:00:01Z')
  const { db, keks, galleries } = hub.hub.parts
  const { kek } = await db
    .selectFrom('gallery')
    .select('kek')
    .where('id', '=', gallery)
    .executeTakeFirstOrThrow()
  await galleries.upkeep()
  expect(await db.selectFrom('gallery_entry').selectAll().execute()).toEqual([])
  expect(keks.keystore.stateOf(kek)).not.toBe('present')
  expect((await facesOf(await crossingOf(3)))[0]?.outcome.kind).toBe('no_gallery')
})
