/** People of a scope told apart: by those whom people confirmed, by faces, and by nothing but a plate. */

import { createHash } from 'node:crypto'
import path from 'node:path'

import { countScope } from '@sallyport/core/scope/counts'
import { withPeople } from '@sallyport/core/scope/people'
import type { Grade } from '@sallyport/core/scope/question'
import type { ScopeDocument } from '@sallyport/core/scope/scope'
import { agencySigner } from '@sallyport/hub/incidents/write-bundle'
import { parseEntry } from '@sallyport/proof/entry'
import { checkScopeBundle } from '@sallyport/proof/scope-bundle'
import { fsck } from '@sallyport/store/fsck'
import { loadEngine } from '@sallyport/store/incidents/months/engine'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { vaultReader } from '@sallyport/store/vault/segments'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { deliver } from '../support/device.ts'
import {
  addPhotographs,
  ask,
  type FaceHub,
  facesOf,
  makeGallery,
  startFaceHub,
} from '../support/face-hub.ts'
import { headPicture, photographOf, sealedFaces, seenFaces } from '../support/faces.ts'
import type { Person } from '../support/hub.ts'
import { resign } from '../support/scope-bundle.ts'

vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

type Scope = ScopeDocument & { readonly log_index: number }
const duckdb = await loadEngine()
const now = new Date('2026-11-22T09:30:00Z')
let here: FaceHub
let responder: Person
/** Crossings by who sits in them. */
const crossings: Record<string, string> = {}

beforeAll(async () => {
  here = await startFaceHub({ now: () => now })
  const { hub } = here
  responder = await hub.signIn(['responder'])
  const supervisor = await hub.signIn(['supervisor'])
  // The same traveller is expected on two lists, by one document.
  for (const reference of ['DF042', 'DF043']) {
    const gallery = await makeGallery(supervisor, [{ who: 3, surname: 'PERSON3' }], {
      reference,
      now,
    })
    await addPhotographs(supervisor, gallery.id, { P00003X: await photographOf(3) })
  }
  for (const [name, who] of Object.entries({ expected: 3, again: 3, stranger: 5, third: 6 }))
    crossings[name] = await (
      await here.sealedCrossing([who], `CAR${name.slice(0, 3).toUpperCase()}`)
    )()
  crossings['strangerAgain'] = await (await here.sealedCrossing([5], 'CARTWO'))()
  for (const name of ['expected', 'again']) {
    const crossing = crossings[name] ?? ''
    await facesOf(supervisor, crossing, hub)
    const said = await ask(supervisor, `/v1/crossings/${crossing}/window`, {
      says: 'admitted',
      seen: 0,
    })
    expect(said.status, JSON.stringify(said)).toBe(201)
  }
  const seen = await seenFaces(here.reader, [await headPicture(7)])
  const other = await sealedFaces({ ...seen, model: 'other@0123456789ab' }, here.device.recipient)
  const bundle = here.device.bundle({ faces: other, plate: 'CAROTH' })
  expect((await deliver(hub, bundle.bytes)).status).toBe(201)
  const bare = here.device.bundle({ plate: 'CARBARE' })
  expect((await deliver(hub, bare.bytes)).status).toBe(201)
  await hub.hub.parts.faces.drain()
  await hub.hub.parts.stays.settled()
})
afterAll(() => here.remove())

async function state(change: object = {}): Promise<Scope> {
  const dayMs = 86_400_000
  const [from, to] = [-1, 1].map((days) => new Date(now.getTime() + days * dayMs).toISOString())
  const suspicions = [{ kind: 'device', device: here.device.id }]
  const stated = await ask<Scope>(responder, '/v1/scopes', {
    ...{ suspicions, from, to, why: 'a test', by_face: true },
    ...change,
  })
  expect(stated.status, JSON.stringify(stated)).toBe(201)
  return stated
}

async function bundleOf(scope: string): Promise<readonly string[]> {
  const answer = await responder.request(`/v1/scopes/${scope}/bundle`)
  expect(answer.status).toBe(200)
  return (await answer.text()).trimEnd().split('\n')
}

function check(lines: readonly string[]) {
  const { parts } = here.hub.hub
  return checkScopeBundle(lines, { vkey: parts.journal.vkey, agency: agencySigner(parts).vkey })
}

test('who was confirmed counts once, other faces once each, and who is only a plate apart', async () => {
  const plain = await state({ by_face: false })
  expect(plain.faces).toBeUndefined()
  const { result, faces } = await state({ revises: plain.scope })
  // One traveller twice, two strangers of whom one came twice, one face of another model, one bare car.
  expect(result.total.people).toEqual({
    low: 4,
    high: 5,
    identified: 1,
    by_face: { low: 2, high: 3, not_compared: 1 },
    plate_only: { low: 1, high: 1 },
  })
  expect(result.grades.handled_by_untrusted_device.people).toEqual(result.total.people)
  expect(plain.result.total.people.high).toBeGreaterThan(result.total.people.high)
  expect(faces).toMatchObject({ sure: true, model: here.reader.model.identity })
  expect(result.changes.map(({ figure }) => figure)).toContain('total.people.high')
  expect(result.assumes.join(' ')).toContain('1 pictures of faces could not be compared')
})

test('templates are opened under an entry that stands before the scope does', async () => {
  const { scope, faces, log_index: index } = await state()
  const { db, journal } = here.hub.hub.parts
  const receipt = await journal.receipt(faces?.entry ?? -1)
  const rows = await db
    .selectFrom('face')
    .select('capture')
    .where('template', 'is not', null)
    .where('model', '=', here.reader.model.identity)
    .orderBy('capture')
    .execute()
  // Three people at five crossings; the sixth face was described by another model.
  expect(rows).toHaveLength(5)
  const ids = rows.map(({ capture }) => `${capture}\n`).join('')
  expect(parseEntry(receipt?.entry ?? new Uint8Array())).toMatchObject({
    entry: {
      kind: 'scope_faces_opened',
      scope,
      faces: rows.length,
      captures: createHash('sha256').update(ids).digest('hex'),
    },
  })
  expect(faces?.entry).toBeLessThan(index)
})

test('the bundle reproduces who is the same without a template, and an edited row does not hold', async () => {
  const { scope, result } = await state()
  const lines = await bundleOf(scope)
  const checked = await check(lines)
  if (checked.kind !== 'checked') throw new Error(`${checked.code}: ${checked.detail}`)
  const { people } = checked
  if (people === null) throw new Error('the bundle has no people')
  const pictures = checked.pictures.map((one) => ({ ...one, grade: one.grade as Grade }))
  const of = (crossing: string) =>
    checked.crossings.get(crossing) ?? { vehicle: null, identity: null }
  const counted = withPeople(
    countScope(pictures, of),
    pictures,
    (crossing) => of(crossing).vehicle,
    people,
  )
  expect(counted).toEqual({ total: result.total, grades: result.grades })

  const signer = agencySigner(here.hub.hub.parts)
  const at = lines.findIndex((line) => line.includes('"kind":"face"'))
  const edited = [...lines]
  edited[at] = (lines[at] ?? '').replace(/"same":\d+/, '"same":99')
  expect(edited[at]).not.toBe(lines[at])
  expect(await check(resign(edited, scope, signer))).toMatchObject({ code: 'row_differs' })
  const without = lines.filter((_, index) => index !== at)
  expect(await check(resign(without, scope, signer))).toMatchObject({ code: 'row_differs' })
})

test.skipIf(duckdb === null)('a second engine comes to the same people', async () => {
  const { scope } = await state()
  const counted = await ask(responder, `/v1/scopes/${scope}/recount`, {})
  expect(counted).toMatchObject({ status: 200, agrees: true, difference: null, moved: null })
})

test('fsck finds rows of people that were changed or taken away', async () => {
  const { scope } = await state()
  const { db } = here.hub.hub.parts
  const { journal } = here.hub.hub.parts
  const vault = vaultReader(path.join(here.hub.data, 'vault'))
  const log = folderTiles(path.join(here.hub.data, 'log'))
  const found = async () => {
    const { findings } = await fsck({ db, vault, log, vkey: journal.vkey })
    return JSON.stringify(findings)
  }
  expect(await found()).toBe('[]')
  const row = () => db.selectFrom('scope_faces').selectAll().where('scope', '=', scope)
  const kept = await row().executeTakeFirstOrThrow()
  await sql`update scope_faces set rows = replace(rows, ' 1 ', ' 2 ') where scope = ${scope}`.execute(
    db,
  )
  expect(await found()).toContain('scope_faces')
  await db.deleteFrom('scope_faces').where('scope', '=', scope).execute()
  expect(await found()).toContain('scope_faces')
  await db.insertInto('scope_faces').values(kept).execute()
  expect(await found()).toBe('[]')
})

test('a face that is forgotten is not opened again, and counts as a stranger at the most', async () => {
  await here.hub.hub.parts.faces.forget(crossings['third'] ?? '')
  const { result } = await state()
  expect(result.total.people).toMatchObject({
    identified: 1,
    by_face: { low: 1, high: 3, not_compared: 2 },
  })
})
