/** Scopes of a day whose epoch keys were replaced: of the day, and of one of its keys. */

import { type EpochDocument, verifyEpochs } from '@sallyport/proof/epoch'
import { loadEngine } from '@sallyport/store/incidents/months/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { post } from '../support/watch.ts'

/** An optional dependency: the lock has it for Linux on x64. */
const duckdb = await loadEngine()
const day = '2026-11-22'
let now = new Date(`${day}T12:00:00.000Z`)
let hub: TestHub
let device: TestDevice
let responder: Person
let before: string
let after: string

beforeAll(async () => {
  hub = await startTestHub({ now: () => now, ownUpkeep: false })
  device = await enrolTestDevice(hub, 'in-1')
  responder = await hub.signIn(['responder'], { unit: 'port' })
  before = await crossed()
  const rotated = await contain(responder, await openIncident(), 'epochs_rotated', 'test-port')
  after = await crossed()
  await crossed()
  expect(after).not.toBe(before)
  const other = await hub.signIn(['auditor'], { unit: 'headquarters' })
  now = new Date(now.getTime() + 60_000)
  for (const person of [responder, other])
    await contain(person, rotated.incident, 'earlier_keys_given_up', rotated.id)
  now = new Date(now.getTime() + 60_000)
})
afterAll(() => hub.remove())

async function said<T>(answer: Promise<Response>, status: number): Promise<T> {
  const got = await answer
  expect(got.status, await got.clone().text()).toBe(status)
  return (await got.json()) as T
}

async function openIncident(): Promise<string> {
  const at = now.toISOString()
  const body = { title: 'The hub was entered', suspected_at: at, known_at: at }
  return (await said<{ id: string }>(responder.request('/v1/incidents', post(body)), 201)).id
}

async function contain(person: Person, incident: string, act: string, target: string) {
  const { steps } = await said<{ steps: { id: string }[] }>(
    person.request(`/v1/incidents/${incident}/containment`, post({ cuts: [{ act, target }] })),
    200,
  )
  return { id: steps[0]?.id ?? '', incident }
}

async function announced(): Promise<EpochDocument> {
  const answer = await hub.request('/v1/ports/test-port/epochs?version=3')
  const { document, signature } = (await answer.json()) as { document: string; signature: string }
  const verified = verifyEpochs(
    hub.hub.parts.keys.agency.publicKey,
    Buffer.from(document, 'base64'),
    Buffer.from(signature, 'hex'),
  )
  if (verified.kind === 'refused') throw new Error(verified.detail)
  return verified.document
}

/** One vehicle, sealed to what is announced now. Answers its recipient. */
async function crossed(): Promise<string> {
  const { recipient = '' } = (await announced()).epochs.find((one) => one.day === day) ?? {}
  const { bytes } = device.bundle({
    recipientOf: () => recipient,
    change: (manifest) => ({ ...manifest, epoch: { day, recipient } }),
  })
  await said(deliver(hub, bytes), 201)
  return recipient
}

type Count = { readonly crossings: number }
type Stated = {
  readonly scope: string
  readonly result: { readonly total: Count; readonly grades: Readonly<Record<string, Count>> }
}

function ask(recipient: string | undefined, since = now): Promise<Response> {
  return responder.request(
    '/v1/scopes',
    post({
      suspicions: [{ kind: 'epoch', day, recipient }],
      from: since.toISOString(),
      to: new Date(now.getTime() + 60_000).toISOString(),
      why: 'a test',
    }),
  )
}

async function crossingsOf(recipient: string | undefined, since = now) {
  const { scope, result } = await said<Stated>(ask(recipient, since), 201)
  const graded = Object.entries(result.grades).flatMap(([grade, { crossings }]) =>
    crossings === 0 ? [] : [[grade, crossings]],
  )
  return { scope, graded }
}

test('one key of the day reaches what was sealed to it, the day all of it', async () => {
  const since = new Date(`${day}T00:00:00.000Z`)
  for (const [recipient, crossings] of [
    [before, 1],
    [after, 2],
    [undefined, 3],
  ] as const)
    expect((await crossingsOf(recipient, since)).graded).toEqual([
      ['reachable_not_read', crossings],
    ])
})

test('a key that was destroyed leaves ciphertext, and the other key of that day does not', async () => {
  expect((await crossingsOf(before)).graded).toEqual([['ciphertext_only', 1]])
  expect((await crossingsOf(after)).graded).toEqual([['reachable_not_read', 2]])
  expect((await crossingsOf(undefined)).graded).toEqual([['reachable_not_read', 3]])
})

test('a recipient that was mistyped is refused, and not counted as one that sealed nothing', async () => {
  expect((await ask(`age1${'q'.repeat(58)}`)).status).toBe(404)
  expect((await ask('age1')).status).toBe(400)
  expect((await ask(before.toUpperCase())).status).toBe(400)
})

test.skipIf(duckdb === null)(
  'a second engine counts the same of each key, and of the day (skipped where DuckDB is not installed)',
  async () => {
    for (const recipient of [before, after, undefined]) {
      const { scope } = await crossingsOf(recipient)
      const where = `/v1/scopes/${scope}/recount`
      const recounted = await said(responder.request(where, { method: 'POST' }), 200)
      expect(recounted).toMatchObject({ agrees: true, difference: null, moved: null })
    }
  },
)
