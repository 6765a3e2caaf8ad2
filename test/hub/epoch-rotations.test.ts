/** Keys that replace all of a port's at once in an incident: who follows, what opens, who destroys. */

import { randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import path from 'node:path'

import { upkeep } from '@sallyport/hub/upkeep'
import { type EpochDocument, supersedes, verifyEpochs } from '@sallyport/proof/epoch'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { afterEach, beforeEach, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { sendHeartbeat } from '../support/heartbeat.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'

type Body = Record<string, unknown>
type Step = {
  readonly id: string
  readonly effect: {
    readonly confirmed: boolean
    readonly detail: string
    readonly earlier?: { readonly days: string[]; readonly waiting_for: Body[] }
  }
}

const day = '2026-11-22'
let now: Date
let hub: TestHub
let device: TestDevice
let responder: Person
let incident: string

beforeEach(async () => {
  now = new Date(`${day}T12:00:00.000Z`)
  hub = await startTestHub({ now: () => now })
  device = await enrolTestDevice(hub, 'lane-1')
  responder = await hub.signIn(['responder'], { unit: 'port' })
  now = new Date(now.getTime() + 1_000)
  const made = await send(responder, '/v1/incidents', {
    title: 'The hub was entered',
    suspected_at: now.toISOString(),
    known_at: now.toISOString(),
  })
  incident = String(made.body['id'])
})
afterEach(() => hub.remove())

async function send(person: Person, where: string, body: unknown = {}, method = 'POST') {
  const answer = await person.request(where, { method, body: JSON.stringify(body) })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? {} : (JSON.parse(text) as Body) }
}

async function cut(person: Person, act: string, target: string) {
  const done = await send(person, `/v1/incidents/${incident}/containment`, {
    cuts: [{ act, target }],
  })
  const { steps = [], refused = [] } = done.body as { steps?: Step[]; refused?: Body[] }
  return { status: done.status, step: steps[0], refused: refused[0] }
}

async function rotate(person = responder): Promise<Step> {
  const { step, refused } = await cut(person, 'epochs_rotated', 'test-port')
  if (step === undefined) throw new Error(JSON.stringify(refused))
  return step
}

async function steps(): Promise<readonly Step[]> {
  const room = await responder.request(`/v1/incidents/${incident}`)
  return ((await room.json()) as { steps: Step[] }).steps
}

async function announced(version = 3): Promise<EpochDocument> {
  const answer = await hub.request(`/v1/ports/test-port/epochs?version=${version}`)
  const { document, signature } = (await answer.json()) as { document: string; signature: string }
  const verified = verifyEpochs(
    hub.hub.parts.keys.agency.publicKey,
    Buffer.from(document, 'base64'),
    Buffer.from(signature, 'hex'),
  )
  if (verified.kind === 'refused') throw new Error(verified.detail)
  return verified.document
}

async function arrive(bytes: Uint8Array): Promise<[number, string?]> {
  const answer = await deliver(hub, bytes)
  const { code } = (await answer.json()) as { code?: string }
  return code === undefined ? [answer.status] : [answer.status, code]
}

/** The next bundle, sealed as an announcement says. */
function sealedBy({ epochs }: EpochDocument, of = day): Uint8Array {
  const { recipient = '', hybrid_recipient: hybrid } = epochs.find((one) => one.day === of) ?? {}
  return device.bundle({
    recipientOf: (name) => (name === 'reads' ? (hybrid ?? recipient) : recipient),
    change: (manifest) => ({ ...manifest, epoch: { day: of, recipient } }),
  }).bytes
}

function beat(epochs: Body | null, by = device): Promise<Response> {
  const said = epochs === null ? {} : { epochs }
  return sendHeartbeat(hub, by, { sent_at: now.toISOString(), ...said })
}

function held({ issued_at, rotated_at }: EpochDocument, earlierThrough = 0): Body {
  return {
    issued_at,
    rotated_at: rotated_at ?? null,
    earlier_through: earlierThrough,
    earlier_verdicts: 0,
  }
}

async function kinds(kind: string) {
  const found = []
  for await (const { entry } of hub.hub.parts.journal.entries(0))
    if (entry.kind === kind) found.push(entry)
  return found
}

async function findings(): Promise<readonly object[]> {
  const { db, vault, journal } = hub.hub.parts
  const log = folderTiles(path.join(hub.data, 'log'))
  return (await fsck({ db, vault, log, vkey: journal.vkey })).findings
}

function files(): readonly string[] {
  return readdirSync(path.join(hub.data, 'keys', 'epochs', 'test-port'))
}

test('every day that was announced gets other recipients, hybrid too, and what was sealed before still opens', async () => {
  const before = await announced()
  const waiting = sealedBy(before)
  await rotate()
  const after = await announced()
  expect(after.rotated_at).toBe(now.toISOString())
  expect(after.epochs.map((one) => one.day)).toEqual(before.epochs.map((one) => one.day))
  const all = ({ epochs }: EpochDocument) =>
    epochs.flatMap((one) => [one.recipient, one.hybrid_recipient])
  expect(all(after).filter((one) => all(before).includes(one))).toEqual([])
  // Lanes of before are told the same recipients in the words that they know.
  const older = await announced(1)
  expect(older.epochs.map(({ recipient }) => recipient)).toEqual(
    after.epochs.map(({ recipient }) => recipient),
  )
  expect(await arrive(waiting)).toEqual([201])
  expect(await arrive(sealedBy(after))).toEqual([201])
  await hub.restart()
  expect((await announced()).epochs).toEqual(after.epochs)
  expect(await arrive(sealedBy(before))).toEqual([201])
  expect(await arrive(sealedBy(after))).toEqual([201])
  expect(await kinds('epochs_rotated')).toMatchObject([{ port: 'test-port', from: day }])
  expect(await findings()).toEqual([])
})

test('two rotations on one day: three keys open, and lanes are asked to follow the newest', async () => {
  const zero = await announced()
  await rotate()
  const one = await announced()
  // The clock went back between them: the second is the newer all the same.
  now = new Date(now.getTime() - 500)
  await rotate()
  const two = await announced()
  expect(supersedes(two, one)).toBe(true)
  expect(supersedes(one, two)).toBe(false)
  expect((await beat(held(one))).status).toBe(200)
  expect((await beat(held(two))).status).toBe(204)
  for (const document of [zero, one, two]) expect(await arrive(sealedBy(document))).toEqual([201])
})

test('a lane is confirmed by its own word alone; one of before and one that is away are not', async () => {
  const old = await enrolTestDevice(hub, 'lane-2')
  now = new Date(now.getTime() + 1_000)
  const before = await announced()
  await beat(held(before))
  const step = await rotate()
  expect(step.effect).toMatchObject({
    confirmed: false,
    earlier: {
      waiting_for: [
        { device: device.id, holds: false, missing: 0 },
        { device: old.id, lane: 'lane-2', holds: false, missing: null },
      ],
    },
  })
  expect(await (await beat(held(before))).json()).toEqual({ renew: 'epochs' })
  expect((await beat(null, old)).status).toBe(204)
  const after = await announced()
  expect((await beat(held(after, 2))).status).toBe(204)
  expect((await steps())[0]?.effect).toMatchObject({
    confirmed: false,
    earlier: {
      waiting_for: [
        { device: old.id, holds: false },
        { device: device.id, holds: true, missing: 2 },
      ],
    },
  })
  await arrive(sealedBy(before))
  await arrive(sealedBy(before))
  await beat(held(after), old)
  expect((await steps())[0]?.effect).toMatchObject({
    confirmed: true,
    earlier: { waiting_for: [] },
  })
})

test('a lane that enrols later was never told of what was before, and is not waited for', async () => {
  await rotate()
  now = new Date(now.getTime() + 1_000)
  await enrolTestDevice(hub, 'lane-2')
  expect((await steps())[0]?.effect.earlier?.waiting_for).toHaveLength(1)
})

test('two people of different units destroy what was replaced; after that nothing of it opens', async () => {
  const before = await announced()
  const [arrived, late] = [sealedBy(before), sealedBy(before)]
  await arrive(arrived)
  const { id } = await rotate()
  await beat(held(await announced(), 2))
  const colleague = await hub.signIn(['privacy'], { unit: 'port' })
  const other = await hub.signIn(['auditor'], { unit: 'headquarters' })
  await send(responder, `/v1/incidents/${incident}/members/${await idOf(colleague)}`, {}, 'PUT')

  const first = await cut(responder, 'earlier_keys_given_up', id)
  expect(first.step?.effect).toMatchObject({ confirmed: false })
  expect(first.step?.effect.detail).toContain('lane-1: 1 not delivered')
  // Once more by the same person, and by one of the same unit, changes nothing.
  expect((await cut(responder, 'earlier_keys_given_up', id)).refused).toMatchObject({
    code: 'already_exists',
  })
  expect((await cut(colleague, 'earlier_keys_given_up', id)).refused).toMatchObject({
    code: 'signs_for_same_unit',
  })
  expect(await kinds('epoch_destroyed')).toEqual([])

  expect((await cut(other, 'earlier_keys_given_up', id)).step?.effect).toMatchObject({
    confirmed: true,
  })
  expect(await kinds('epoch_destroyed')).toHaveLength(15)
  expect(files().filter((name) => /^[\d-]{10}\.(hybrid\.)?key$/.test(name))).toEqual([])
  expect(await arrive(late)).toEqual([422, 'epoch_destroyed'])
  // What was here already is acknowledged again, and the new keys go on.
  expect(await arrive(arrived)).toEqual([200])
  await hub.restart()
  expect(await arrive(late)).toEqual([422, 'epoch_destroyed'])
  expect(await arrive(sealedBy(await announced()))).toEqual([201])
  for (const step of await steps())
    expect(await send(responder, `/v1/containment/${step.id}/lifting`)).toMatchObject({
      status: 409,
      body: { code: 'not_reversible' },
    })
  expect(await findings()).toEqual([])
})

test('lifted before it is destroyed: lanes stay with the new keys, both open, and a first word is taken back', async () => {
  const before = await announced()
  const { id } = await rotate()
  const after = await announced()
  const asked = await cut(responder, 'earlier_keys_given_up', id)
  expect((await send(responder, `/v1/containment/${asked.step?.id}/lifting`)).status).toBe(200)
  expect((await send(responder, `/v1/containment/${id}/lifting`)).status).toBe(200)
  expect((await announced()).epochs).toEqual(after.epochs)
  const other = await hub.signIn(['auditor'], { unit: 'headquarters' })
  await cut(other, 'earlier_keys_given_up', id)
  expect(await kinds('epoch_destroyed')).toEqual([])
  expect(await arrive(sealedBy(before))).toEqual([201])
  await hub.restart()
  expect((await announced()).epochs).toEqual(after.epochs)
})

test('whoever the incident is about rotates nothing, and the word that they gave before counts no more', async () => {
  const other = await hub.signIn(['auditor'], { unit: 'headquarters' })
  const { id } = await rotate()
  await cut(responder, 'earlier_keys_given_up', id)
  const about = `/v1/incidents/${incident}/about/${await idOf(responder)}`
  expect((await send(other, about, {}, 'PUT')).status).toBe(204)
  expect((await cut(responder, 'epochs_rotated', 'test-port')).status).toBe(404)
  await cut(other, 'earlier_keys_given_up', id)
  expect(await kinds('epoch_destroyed')).toEqual([])
  const third = await hub.signIn(['auditor'], { unit: 'inspectors' })
  await cut(third, 'earlier_keys_given_up', id)
  expect(await kinds('epoch_destroyed')).toHaveLength(15)
})

test('a hub killed between log entry and key makes the key before it serves, with one entry', async () => {
  const before = await announced()
  const { db, journal } = hub.hub.parts
  const id = randomBytes(16).toString('hex')
  const account = await idOf(responder)
  const salts = { by_salt: randomBytes(16), target_salt: randomBytes(16) }
  const row = { id, incident, act: 'epochs_rotated', target: 'test-port', at: now } as const
  await db
    .insertInto('containment_step')
    .values({ ...row, account, ...salts, log_from: 0, log_index: 0 })
    .execute()
  await db
    .insertInto('epoch_rotation')
    .values({
      ...{ id, port: 'test-port', rotated_at: now, from_day: day, why: 'incident' },
      ...{ log_from: journal.size(), log_index: null },
    })
    .execute()
  await journal.append({
    ...{ v: 1, at: now.toISOString(), kind: 'epochs_rotated', port: 'test-port', rotation: id },
    ...{ rotated_at: now.toISOString(), from: day, why: 'incident' },
  })
  await hub.restart()
  const after = await announced()
  expect(after.rotated_at).toBe(now.toISOString())
  expect(after.epochs[0]?.recipient).not.toBe(before.epochs[0]?.recipient)
  expect(await arrive(sealedBy(before))).toEqual([201])
  expect(await kinds('epochs_rotated')).toHaveLength(1)
})

test('just after midnight the day before is announced and replaced too: what was taken in it is still sealed', async () => {
  now = new Date('2026-11-23T00:05:00.000Z')
  // Their session of noon is over.
  const inspector = await hub.signIn(['auditor'])
  const before = await announced()
  expect(before.epochs[0]?.day).toBe(day)
  await rotate(inspector)
  const after = await announced()
  expect(after.epochs.map((one) => one.day)).toEqual(before.epochs.map((one) => one.day))
  expect(after.epochs[0]?.recipient).not.toBe(before.epochs[0]?.recipient)
  for (const document of [before, after]) {
    expect(await arrive(sealedBy(document))).toEqual([201])
    expect(await arrive(sealedBy(document, '2026-11-23'))).toEqual([201])
  }
  now = new Date('2026-11-23T00:40:00.000Z')
  expect((await announced()).epochs[0]?.day).toBe('2026-11-23')
})

test('at the end of its day every key of it goes, each with its entry', async () => {
  await rotate()
  now = new Date(now.getTime() + 15 * 86_400_000)
  await upkeep(hub.hub.parts, new Map())
  expect(files().filter((name) => name.startsWith(day))).toEqual([])
  const destroyed = (await kinds('epoch_destroyed')).filter(
    (one) => 'day' in one && one.day === day,
  )
  expect(destroyed).toMatchObject([{ how: 'expired' }, { how: 'expired' }])
  expect(await findings()).toEqual([])
})

test('while the hub doubts its clock nothing is replaced, and it says what to do', async () => {
  now = new Date(now.getTime() + 40 * 86_400_000)
  await hub.restart()
  const again = await hub.signIn(['auditor'])
  expect((await cut(again, 'epochs_rotated', 'test-port')).refused).toMatchObject({
    code: 'clock_doubted',
    detail: expect.stringContaining('sallyport keys clock') as string,
  })
  expect(await kinds('epochs_rotated')).toEqual([])
})

test('the rest of a day that is over is given up by the same step of a second person', async () => {
  now = new Date(now.getTime() + 86_400_000)
  const [one, two] = [await hub.signIn(['auditor']), await hub.signIn(['auditor'])]
  expect((await cut(one, 'epoch_declared_lost', day)).step?.effect).toMatchObject({
    confirmed: false,
  })
  expect((await cut(one, 'epoch_declared_lost', day)).refused).toMatchObject({
    code: 'already_exists',
  })
  expect((await cut(two, 'epoch_declared_lost', day)).step?.effect).toMatchObject({
    confirmed: true,
  })
  expect(files().filter((name) => name.startsWith(day))).toEqual([])
})

test('a row of a rotation that somebody changed is found', async () => {
  await rotate()
  await hub.hub.parts.db.updateTable('epoch_rotation').set({ from_day: '2026-11-25' }).execute()
  expect(await findings()).toMatchObject([{ code: 'row_differs' }])
})

async function idOf(person: Person): Promise<string> {
  const session = (await (await person.request('/v1/session')).json()) as {
    account: { id: string }
  }
  return session.account.id
}
