/** A hand-over page stands in the log and is shown; changed, played again or of another it is not taken. */

import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import path from 'node:path'

import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import { attest, type HubAsked } from '@sallyport/lane/attest/attest'
import { systemClock } from '@sallyport/lane/clock'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { FakeMachine } from '@sallyport/lane/testing/fake-machine'
import { signDeviceAttestation } from '@sallyport/proof/device-attestation'
import { insertLane } from '@sallyport/store/lanes'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { findingsOf } from '../support/findings.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let root: string
let computer: FakeMachine
beforeAll(async () => {
  hub = await startTestHub()
  computer = new FakeMachine()
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'attest-'))
})
afterAll(async () => {
  await hub.remove()
  computer.remove()
  fs.rmSync(root, { recursive: true, force: true })
})

/** Each test has a lane of its own. */
let lanes = 0
let lane = ''
beforeEach(async () => {
  lanes += 1
  lane = `lane-${lanes}`
  await enrolled(lane)
})

/** A lane that was enrolled and never ran. */
const noDays = { code: 'no_epochs', weight: 'notice' }
const directoryOf = (lane: string): string => path.join(root, lane)

async function enrolled(at: string): Promise<void> {
  const { db, now, port } = hub.hub.parts
  await insertLane(db, {
    ...{ id: at, name: at, port: port.id, direction: 'in', kind: 'vehicle' },
    created_at: now(),
  })
  const { code } = await makeEnrolmentCode(at, hub.hub.parts)
  const done = await enrol(
    { hub: hub.origin, code, directory: directoryOf(at) },
    { ask, files: durableFiles, clock: systemClock, random: crypto.randomBytes },
  )
  if (done.kind === 'refused') throw new Error(done.detail)
}

async function made(from: HubAsked = { kind: 'enrolled_with' }, at = lane) {
  const page = await attest(
    { directory: directoryOf(at), hub: from },
    {
      ...{ ask, files: durableFiles, clock: systemClock, random: crypto.randomBytes },
      ...{ machine: computer.machine, root: computer.root },
      software: { version: '0.1.0', files: 1, sha256: 'e'.repeat(64) },
    },
  )
  if (page.kind === 'refused') throw new Error(page.detail)
  return page
}

type Made = Awaited<ReturnType<typeof made>>

async function bring({ bytes, signature, statement }: Made, device = statement.device) {
  const answer = await hub.request(`/v1/devices/${device}/attestations`, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: {
      'content-type': 'application/json',
      'sallyport-signature': Buffer.from(signature).toString('hex'),
    },
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

async function read(where: string): Promise<Record<string, unknown>> {
  const person = await hub.signIn(['integrator'])
  return (await (await person.request(where)).json()) as Record<string, unknown>
}

async function logged({ statement: { device } }: Made): Promise<readonly object[]> {
  const found = []
  for await (const { entry } of hub.hub.parts.journal.entries(0))
    if (entry.kind === 'device_attested' && entry.device === device) found.push(entry)
  return found
}

const listed = ({ statement: { device } }: Made) => read(`/v1/attestations?device=${device}`)

const findings = () => findingsOf(hub)

test('R6: a page is in the log before the answer, is listed, and is the file that was signed', async () => {
  const page = await made()
  expect((await bring(page)).status).toBe(201)
  const id = page.statement.attestation
  expect(await logged(page)).toMatchObject([{ attestation: id, device: page.statement.device }])
  expect(JSON.stringify(await logged(page))).not.toContain(page.statement.networks[0]?.address)
  expect(await listed(page)).toMatchObject({
    attestations: [{ id, lane, was_asked: true, findings: [noDays] }],
  })
  expect(await read(`/v1/attestations/${id}`)).toMatchObject({
    statement: Buffer.from(page.bytes).toString('base64'),
    signature: Buffer.from(page.signature).toString('hex'),
  })
  expect(await read('/v1/device-keys')).toMatchObject({
    keys: expect.arrayContaining([
      expect.objectContaining({
        device: page.statement.device,
        public_key: page.statement.keys.device_public_key,
      }),
    ]),
  })
  expect(await findings()).toEqual([])
})

test('sent again because the answer was lost: the same answer and one entry', async () => {
  const page = await made()
  const first = await bring(page)
  const again = await Promise.all([1, 2, 3].map(() => bring(page)))
  for (const { status, body } of again) {
    expect(status).toBe(200)
    expect(body).toEqual(first.body)
  }
  expect(await logged(page)).toHaveLength(1)
})

test('a page for which the hub did not ask, or asked before a restart, or asked another, is not taken', async () => {
  const page = await made()
  await enrolled(`${lane}-b`)
  const other = await made({ kind: 'none' }, `${lane}-b`)
  expect(await bring(page, other.statement.device)).toMatchObject({
    body: { code: 'bad_signature' },
  })
  await hub.restart()
  expect(await bring(page)).toMatchObject({ status: 409, body: { code: 'challenge_over' } })
  expect(await logged(page)).toEqual([])
})

test('a page that a person carries in is taken once, and none that is older after it', async () => {
  const old = await made({ kind: 'none' })
  const page = await made({ kind: 'none' })
  expect((await bring(page)).status).toBe(201)
  expect(await bring(old)).toMatchObject({ status: 409, body: { code: 'attestation_older' } })
  expect(await listed(page)).toMatchObject({
    attestations: [{ was_asked: false, findings: [noDays, { code: 'clock_alone' }] }],
  })
})

test('a page that was changed, or that another key signed, is not taken', async () => {
  const page = await made()
  const changed = Buffer.from(
    Buffer.from(page.bytes).toString().replace('"strays":0', '"strays":1'),
  )
  expect(await bring({ ...page, bytes: changed })).toMatchObject({
    status: 403,
    body: { code: 'bad_signature' },
  })
  const signature = signDeviceAttestation(new Uint8Array(32).fill(9), page.bytes)
  expect(await bring({ ...page, signature })).toMatchObject({ body: { code: 'bad_signature' } })
  expect(await logged(page)).toEqual([])
})

test('a lane that names a work order which never began is found out', async () => {
  const order = 'ab'.repeat(16)
  fs.writeFileSync(
    path.join(directoryOf(lane), 'duty.json'),
    JSON.stringify({ order, issued_at: new Date().toISOString() }),
  )
  const page = await made()
  await bring(page)
  expect(await listed(page)).toMatchObject({
    attestations: [{ findings: [noDays, { code: 'order_unknown', weight: 'bad' }] }],
  })
})

test('nobody but the agency’s people reads a page', async () => {
  expect((await hub.request('/v1/attestations')).status).toBe(401)
  expect((await hub.request('/v1/device-keys')).status).toBe(401)
})

test('fsck finds a page of which somebody changed time, arrival or statement', async () => {
  const page = await made()
  await bring(page)
  const { db } = hub.hub.parts
  const swap = (from: string, to: string) =>
    sql`statement = convert_to(replace(convert_from(statement, 'utf8'), ${from}, ${to}), 'utf8')`
  const [found, changed] = ['"strays":0', '"strays":1']
  for (const [change, back] of [
    [sql`made_at = made_at - interval '1 day'`, sql`made_at = made_at + interval '1 day'`],
    [
      sql`received_at = received_at - interval '1 day'`,
      sql`received_at = received_at + interval '1 day'`,
    ],
    [swap(found, changed), swap(changed, found)],
  ] as const) {
    const id = page.statement.attestation
    await sql`update device_attestation set ${change} where id = ${id}`.execute(db)
    expect(await findings()).toMatchObject([{ code: 'row_differs' }])
    await sql`update device_attestation set ${back} where id = ${id}`.execute(db)
  }
  expect(await findings()).toEqual([])
})
