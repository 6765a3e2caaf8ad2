/** Releases: nothing leaves without two others, nothing unmarked, nothing to a contractor. */

import { createHash } from 'node:crypto'

import { readInformed } from '@sallyport/marks/informed'
import { openMarkKeys } from '@sallyport/marks/node/key-file'
import { generateIdentity, openSeal } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import { fsck } from '@sallyport/store/fsck'
import { bodyOf, filesOf } from '@sallyport/store/releases/files'
import { decodePicture } from '@sallyport/vision/picture'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { drawnCar } from '../support/reader-client.ts'

let hub: TestHub
let device: TestDevice
let car: Buffer
let offsetMs = 0
let drawn = 0
let requester: Person
let privacy: Person
let auditor: Person

type Body = Record<string, unknown>
const court = generateIdentity()
/** Marking and reading marks is work for a loaded machine. */
const timeout = 180_000

beforeAll(async () => {
  hub = await startTestHub({
    now: () => new Date(Date.now() + offsetMs),
    draw: () => Promise.resolve({ picture: car, plate: `ZZ${1000 + drawn++}` }),
  })
  device = await enrolTestDevice(hub, 'in-1')
  car = await drawnCar()
  requester = await hub.signIn(['supervisor'], { unit: 'operations' })
  privacy = await hub.signIn(['privacy'], { unit: 'privacy office' })
  auditor = await hub.signIn(['auditor'], { unit: 'inspection' })
})
afterAll(() => hub.remove())

function send(person: Person, path: string, body: unknown = {}): Promise<Response> {
  return person.request(path, { method: 'POST', body: JSON.stringify(body) })
}

async function json(answer: Promise<Response> | Response): Promise<Body> {
  return (await (await answer).json()) as Body
}

async function capture(): Promise<string> {
  const { bytes, manifest } = device.bundle({ picture: car })
  expect((await deliver(hub, bytes)).status).toBe(201)
  return manifest.bodies.find(({ class: name }) => name === 'scene')?.id ?? ''
}

async function recipient(key: string, party = 'district-court'): Promise<string> {
  const asked = { party, name: 'District Court', contact: 'clerk', key }
  return String((await json(send(requester, '/v1/recipients', asked)))['id'])
}

async function ask(change: Body = {}): Promise<Body> {
  const expires = new Date(hub.hub.parts.now().getTime() + 30 * 86_400_000)
  return json(
    send(requester, '/v1/releases', {
      purpose: 'court',
      basis: 'Order 7 of 2026',
      expires_at: expires.toISOString(),
      ...change,
    }),
  )
}

function approve(person: Person, release: string, approved = true): Promise<Response> {
  return send(person, `/v1/releases/${release}/answer`, { approved })
}

async function made(release: string): Promise<Body> {
  for (;;) {
    const view = await json(requester.request(`/v1/releases/${release}`))
    if (view['state'] !== 'making') return view
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function release(change: Body = {}): Promise<string> {
  const id = String((await ask(change))['id'])
  expect((await approve(privacy, id)).status).toBe(204)
  expect((await approve(auditor, id)).status).toBe(204)
  return id
}

async function entries(id: string): Promise<Body[]> {
  const found: Body[] = []
  for await (const { entry } of hub.hub.parts.journal.entries(0))
    if ('release' in entry && entry.release === id) found.push(entry as unknown as Body)
  return found
}

test(
  'R11, R28: copies leave marked, sealed to the recipient alone, two others agreed, and the log names nobody',
  { timeout },
  async () => {
    const to = await recipient(court.recipient)
    const pictures = [await capture(), await capture()]
    const id = await release({ recipient: to, captures: pictures, canaries: 1 })
    expect((await send(requester, `/v1/releases/${id}/making`)).status).toBe(202)
    const view = await made(id)
    expect(view).toMatchObject({ state: 'made', copies: 'out', pictures: 2, canaries: 1 })

    const { db } = hub.hub.parts
    const files = await filesOf(db, id)
    expect(files.map(({ kind }) => kind).toSorted()).toEqual([
      'canary',
      'capture',
      'capture',
      'records',
    ])
    const keys = await openMarkKeys(`${hub.data}/keys/marks`, hub.hub.parts.now())
    const original = await decodePicture(car)
    if (original.kind === 'refused') throw new Error(original.detail)
    for (const file of files.filter(({ kind }) => kind === 'capture')) {
      const body = await bodyOf(db, id, file.number)
      const split = splitSeal(body ?? Buffer.alloc(0))
      if (split === null) throw new Error('a sealed file is an age file')
      expect(openSeal(split, generateIdentity().identity).kind).toBe('refused')
      const opened = openSeal(split, court.identity)
      if (opened.kind === 'refused') throw new Error(opened.detail)
      const copy = await decodePicture(opened.plaintext)
      if (copy.kind === 'refused') throw new Error(copy.detail)
      const read = readInformed(
        { ...copy.picture, channels: 3 },
        { ...original.picture, channels: 3 },
        keys.all,
      )
      expect(read.code).toBe(file.mark)
    }
    const logged = await entries(id)
    expect(logged.map(({ kind }) => kind)).toEqual([
      'release_requested',
      'release_approved',
      'release_approved',
      'release_making',
      'release_made',
    ])
    expect(logged.at(-1)).toMatchObject({ files: 4, manifest_sha256: view['manifest_sha256'] })
    const text = JSON.stringify(logged)
    for (const secret of ['District', 'district', 'Order', court.recipient, ...pictures])
      expect(text).not.toContain(secret)
    expect(logged[0]).toMatchObject({ policies: ['release-request'] })
    expect(logged[3]).toMatchObject({ policies: ['release-make'] })
    // Every picture that was unsealed for it has an opening of its own, before it was made.
    const openings = []
    for await (const { index, entry } of hub.hub.parts.journal.entries(0))
      if (entry.kind === 'opening' && pictures.includes(entry.capture)) openings.push(index)
    expect(openings).toHaveLength(2)
    expect(Math.max(...openings)).toBeLessThan(Number(view['made_log_index']))
  },
)

test(
  'whoever asked cannot approve, nor can somebody of a unit that spoke, and one approval makes nothing',
  { timeout },
  async () => {
    const [to] = [await recipient(generateIdentity().recipient)]
    const id = String((await ask({ recipient: to, captures: [await capture()] }))['id'])
    const same = await hub.signIn(['privacy'], { unit: 'operations' })
    const again = await hub.signIn(['privacy'], { unit: 'privacy office' })
    expect(await json(approve(requester, id))).toMatchObject({ code: 'signs_own_proposal' })
    expect(await json(approve(same, id))).toMatchObject({ code: 'signs_for_same_unit' })
    expect((await approve(privacy, id)).status).toBe(204)
    expect(await json(approve(again, id))).toMatchObject({ code: 'signs_for_same_unit' })
    const early = await json(send(requester, `/v1/releases/${id}/making`))
    expect(early).toMatchObject({ code: 'needs_second_person' })
    expect((await requester.request(`/v1/releases/${id}/package`)).status).toBe(409)
    const refusals = (await entries(id)).filter(({ kind }) => kind === 'release_refused')
    expect(refusals.map(({ policies }) => policies)).toEqual([
      ['approvers-of-different-units', 'requester-never-approves'],
      ['approvers-of-different-units'],
      ['approvers-of-different-units'],
      ['release-needs-two-approvers'],
    ])
  },
)

test('two of one unit that approve at the same moment count as one', { timeout }, async () => {
  const to = await recipient(generateIdentity().recipient)
  const id = String((await ask({ recipient: to, captures: [await capture()] }))['id'])
  const again = await hub.signIn(['privacy'], { unit: 'privacy office' })
  await Promise.all([approve(privacy, id), approve(again, id)])
  expect(await json(send(requester, `/v1/releases/${id}/making`))).toMatchObject({
    code: 'needs_second_person',
  })
})

test.each([
  ['a secret key', generateIdentity().identity, 'recipient_not_valid'],
  ['a key with a letter changed', `${court.recipient.slice(0, -1)}q`, 'recipient_not_valid'],
  ['a point of low order', `age1${'q'.repeat(52)}`, 'recipient_not_valid'],
  ['a passphrase', 'correct horse battery staple', 'recipient_not_valid'],
  ['a key that is known already', court.recipient, 'already_exists'],
])('copies are never sealed to %s', { timeout }, async (_, key, code) => {
  await recipient(court.recipient)
  const asked = { party: 'other-court', name: 'Other Court', contact: 'clerk', key }
  expect(await json(send(requester, '/v1/recipients', asked))).toMatchObject({ code })
})

test(
  'a key that was revoked is sealed to no more, although two approved, and is never taken again',
  { timeout },
  async () => {
    const { recipient: key } = generateIdentity()
    const to = await recipient(key)
    const id = await release({ recipient: to, captures: [await capture()] })
    expect((await send(privacy, `/v1/recipients/${to}/revocation`)).status).toBe(204)
    expect(await json(send(requester, `/v1/releases/${id}/making`))).toMatchObject({
      code: 'recipient_not_valid',
    })
    const asked = { party: 'district-court', name: 'District Court', contact: 'clerk', key }
    expect(await json(send(requester, '/v1/recipients', asked))).toMatchObject({
      code: 'already_exists',
    })
  },
)

test('R7, R10: no copy goes to a contractor, nor by one', { timeout }, async () => {
  const party = { id: 'gate-works', kind: 'prime', parent: 'agency', name: 'G', contact: 'desk' }
  expect((await send(requester, '/v1/parties', party)).status).toBe(201)
  const key = generateIdentity().recipient
  const asked = { party: 'gate-works', name: 'Gate Works', contact: 'desk', key }
  expect(await json(send(requester, '/v1/recipients', asked))).toMatchObject({
    code: 'never_for_contractors',
  })
  const technician = await hub.signIn(['supervisor'], { party: 'gate-works', unit: 'x' })
  const to = await recipient(generateIdentity().recipient)
  const refused = await json(
    send(technician, '/v1/releases', {
      recipient: to,
      purpose: 'court',
      basis: 'work order',
      expires_at: new Date(Date.now() + 86_400_000).toISOString(),
      captures: [await capture()],
    }),
  )
  expect(refused).toMatchObject({ code: 'never_for_contractors' })
})

test(
  'a picture that cannot be marked fails the whole release, and nothing of it can be fetched',
  { timeout },
  async () => {
    const to = await recipient(generateIdentity().recipient)
    const { bytes, manifest } = device.bundle({
      picture: createHash('sha512').update('x').digest(),
    })
    expect((await deliver(hub, bytes)).status).toBe(201)
    const broken = manifest.bodies[0]?.id ?? ''
    const id = await release({ recipient: to, captures: [await capture(), broken], canaries: 0 })
    await send(requester, `/v1/releases/${id}/making`)
    expect(await made(id)).toMatchObject({ state: 'failed', code: 'picture_not_markable' })
    expect(await filesOf(hub.hub.parts.db, id)).toEqual([])
    expect((await entries(id)).at(-1)).toMatchObject({ kind: 'release_failed' })
  },
)

test(
  'R14: a planted record is known again by bytes and by plate, and a stranger is not',
  { timeout },
  async () => {
    const to = await recipient(generateIdentity().recipient)
    const id = await release({ recipient: to, captures: [await capture()], canaries: 1 })
    await send(requester, `/v1/releases/${id}/making`)
    expect(await made(id)).toMatchObject({ state: 'made' })
    const planted = (await filesOf(hub.hub.parts.db, id)).find(({ kind }) => kind === 'canary')
    const sha256 = planted?.copy_sha256.toString('hex')
    const match = (found: Body) => json(send(privacy, '/v1/canaries/matches', found))
    expect(await match({ sha256: [sha256] })).toMatchObject({
      matches: [{ release: id, by: 'bytes' }],
    })
    expect(await match({ plates: [`zz ${1000 + drawn - 1}`] })).toMatchObject({
      matches: [{ release: id, by: 'plate' }],
    })
    expect(await match({ plates: ['AB123'], sha256: ['00'.repeat(32)] })).toEqual({ matches: [] })
  },
)

test(
  'copies that expired are chased once a day, and attested ones are not; sealed bytes are forgotten',
  { timeout },
  async () => {
    const to = await recipient(generateIdentity().recipient)
    const id = await release({ recipient: to, captures: [await capture()], canaries: 0 })
    await send(requester, `/v1/releases/${id}/making`)
    expect(await made(id)).toMatchObject({ state: 'made' })
    const fetched = await requester.request(`/v1/releases/${id}/package`)
    expect(fetched.headers.get('content-type')).toBe('application/zip')
    expect((await fetched.arrayBuffer()).byteLength).toBeGreaterThan(1_000)
    offsetMs = 31 * 86_400_000
    const { releases, now } = hub.hub.parts
    await releases.upkeep(now())
    await releases.upkeep(now())
    // Sessions end long before.
    const clerk = await hub.signIn(['supervisor'], { unit: 'operations' })
    const { alarms } = (await json(clerk.request('/v1/alarms'))) as { alarms: Body[] }
    const overdue = alarms.filter(({ kind }) => kind === 'release_overdue')
    expect(overdue).toMatchObject([{ count: 1 }])
    expect((await clerk.request(`/v1/releases/${id}/package`)).status).toBe(410)
    const said = {
      how: 'destroyed',
      said_by: 'Clerk of the court',
      statement_sha256: 'ab'.repeat(32),
    }
    expect((await send(clerk, `/v1/releases/${id}/attestations`, said)).status).toBe(204)
    expect(await json(clerk.request(`/v1/releases/${id}`))).toMatchObject({
      state: 'destroyed',
      copies: 'accounted_for',
    })
    expect((await send(clerk, `/v1/releases/${id}/attestations`, said)).status).toBe(409)
    offsetMs = 0
  },
)

test('rows and log say the same of releases', { timeout }, async () => {
  const { db, vault, journal } = hub.hub.parts
  const report = await fsck({ db, vault, log: journal.tiles, vkey: journal.vkey })
  expect(report.findings).toEqual([])
})
