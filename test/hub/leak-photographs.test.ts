/** Photographs of lists outside: led back to the list while it is open, to whoever opened them, and to nobody afterwards. */

import type { Finding } from '@sallyport/core/leaks/finding'
import { parseEntry } from '@sallyport/proof/entry'
import { cropBox, encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { mainFace } from '@sallyport/vision/face/face-reader'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import {
  addPhotographs,
  ask,
  type FaceHub,
  facesOf,
  makeGallery,
  startFaceHub,
} from '../support/face-hub.ts'
import { headPicture, photographOf } from '../support/faces.ts'
import type { Person } from '../support/hub.ts'

vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

type Answer = Finding & { readonly opening: string | null; readonly crossing: string | null }

let here: FaceHub
let supervisor: Person
let officer: Person
let responder: Person
let gallery: string
let entry: string
let search: string

beforeAll(async () => {
  here = await startFaceHub()
  ;[supervisor, officer, responder] = await Promise.all([
    here.hub.signIn(['supervisor']),
    here.hub.signIn(['officer']),
    here.hub.signIn(['responder']),
  ])
  const made = await makeGallery(supervisor, [{ who: 3, surname: 'PERSON3' }], {
    reference: 'DF042',
    now: new Date(),
  })
  gallery = made.id
  const [added] = await addPhotographs(supervisor, gallery, { P00003X: await photographOf(3) })
  entry = added?.entry ?? ''
  const begun = await ask<{ id: string }>(responder, '/v1/leak-searches', {
    reference: 'photographs',
    sources: ['a folder'],
  })
  search = begun.id
})
afterAll(() => here.remove())

function look(name: string, bytes: Uint8Array): Promise<Answer> {
  const content = Buffer.from(bytes).toString('base64')
  return ask(responder, `/v1/leak-searches/${search}/files`, { name, content })
}

const comparisons = async () => {
  const { journal } = here.hub.hub.parts
  const found = []
  for (let index = 0; index < journal.size(); index++) {
    const receipt = await journal.receipt(index)
    const parsed = parseEntry(receipt?.entry ?? new Uint8Array())
    if (parsed.kind === 'entry' && parsed.entry.kind === 'leak_comparison') found.push(parsed.entry)
  }
  return found
}

async function pixels(bytes: Uint8Array): Promise<Picture> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  return decoded.picture
}

test('a photograph of an open list is known again, smaller and compressed again, with the list that it stands in', async () => {
  const small = await rawImage(await pixels(await photographOf(3)))
    .resize({ width: 480 })
    .jpeg({ quality: 70 })
    .toBuffer()
  const found = await look('passport.jpg', small)
  expect(found).toMatchObject({ verdict: 'ours', level: 'this_picture', capture: entry })
  expect(found.crossing).toBeNull()
  expect(found.evidence).toContainEqual({
    kind: 'photograph',
    capture: entry,
    of: { kind: 'gallery', gallery, name: 'DF042' },
  })
  // Before it was opened in memory the log named it, as it names stored pictures.
  expect(await comparisons()).toContainEqual(expect.objectContaining({ captures: [entry] }))
})

test('the face alone, cut at its edge', async () => {
  const picture = await pixels(await photographOf(3))
  const face = mainFace(await here.reader.look(picture, { describe: 'none' }), picture)
  if (face === null) throw new Error('a drawn head was not found')
  const found = await look('tight.jpg', await encodeJpeg(cropBox(picture, face.box, 0.05), 75))
  expect(found).toMatchObject({ verdict: 'ours', capture: entry })
})

test('somebody else, and another photograph of the same person, are not that photograph', async () => {
  expect((await look('other.jpg', await photographOf(4))).verdict).toBe('not_ours')
  const turned = await encodeJpeg(await headPicture(3, { yaw: 9, light: 0.6 }), 90)
  expect((await look('turned.jpg', turned)).verdict).not.toBe('ours')
})

test('a copy that an officer opened is led back to that opening', async () => {
  await officer.request('/v1/shift', { method: 'PUT', body: JSON.stringify({ lane: 'in-1' }) })
  const crossing = await (await here.sealedCrossing([3]))()
  await facesOf(officer, crossing, here.hub)
  const opened = await ask<{ status: number; picture: string; id: string }>(
    officer,
    `/v1/crossings/${crossing}/candidates/${entry}/openings`,
    { purpose: 'inspection' },
  )
  expect(opened.status).toBe(201)
  const copy = Buffer.from(opened.picture, 'base64')
  expect(await look('copy.jpg', copy)).toMatchObject({ verdict: 'ours', capture: entry })
  const again = await encodeJpeg(await pixels(copy), 75)
  const found = await look('again.jpg', again)
  expect(found).toMatchObject({ verdict: 'ours', capture: entry })
  expect(found.opening).not.toBeNull()
})

test('when the list is over, nobody is led back to it, though its templates were in memory', async () => {
  const ended = await supervisor.request(`/v1/galleries/${gallery}/end`, { method: 'POST' })
  expect(ended.ok).toBe(true)
  const found = await look('after.jpg', await encodeJpeg(await headPicture(3), 60))
  expect(found.evidence.filter(({ kind }) => kind === 'photograph')).toEqual([])
  expect(found.capture).not.toBe(entry)
})
