/** Scopes: two engines count alike, an outsider reproduces every number, and an edited bundle does not hold. */

import { countScope } from '@sallyport/core/scope/counts'
import type { Grade } from '@sallyport/core/scope/question'
import type { ScopeDocument } from '@sallyport/core/scope/scope'
import { agencySigner } from '@sallyport/hub/incidents/write-bundle'
import { checkScopeBundle } from '@sallyport/proof/scope-bundle'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice, readsOf, type TestDevice } from '../support/device.ts'
import { type Person, startTestHub, type TestHub } from '../support/hub.ts'
import { decide, unsureReads } from '../support/review.ts'
import { resign } from '../support/scope-bundle.ts'

type Scope = ScopeDocument & { readonly log_index: number; readonly counted_ms: number }

let hub: TestHub
let responder: Person
let auditor: Person
const devices: Record<string, TestDevice> = {}
/** Ids of the bodies of each crossing, in the order of arrival. */
const crossings: Record<string, string>[] = []

beforeAll(async () => {
  hub = await startTestHub()
  responder = await hub.signIn(['responder'])
  auditor = await hub.signIn(['auditor'])
  for (const lane of ['in-1', 'in-2']) devices[lane] = await enrolTestDevice(hub, lane)
  await cross('in-1', 'ABC123')
  await cross('in-1', 'ABC123')
  await cross('in-1', 'XYZ789')
  await cross('in-1', null)
  await cross('in-2', 'KLM456')
})
afterAll(() => hub.remove())

async function cross(lane: string, plate: string | null): Promise<void> {
  const reads = plate === null ? unsureReads(['DUN88', 'DVN88']) : readsOf(plate)
  const { bytes, manifest } = (devices[lane] as TestDevice).bundle({
    reads: Buffer.from(JSON.stringify(reads)),
    third: true,
  })
  expect((await deliver(hub, bytes)).status).toBe(201)
  crossings.push({
    crossing: manifest.crossing,
    ...Object.fromEntries(manifest.bodies.map(({ class: name, id }) => [name, id])),
  })
}

async function open(person: Person, capture: string | undefined): Promise<void> {
  const answer = await person.request(`/v1/captures/${capture}/openings`, {
    method: 'POST',
    body: '{"purpose":"audit"}',
  })
  expect(answer.status, await answer.clone().text()).toBe(201)
}

async function ask(suspicions: unknown, change: object = {}): Promise<Response> {
  const [from, to] = [-1, 1].map((days) => new Date(Date.now() + days * 86_400_000).toISOString())
  return responder.request('/v1/scopes', {
    method: 'POST',
    body: JSON.stringify({ suspicions, from, to, why: 'a test', ...change }),
  })
}

async function scopeOf(suspicions: unknown, change: object = {}): Promise<Scope> {
  const answer = await ask(suspicions, change)
  expect(answer.status, await answer.clone().text()).toBe(201)
  return (await answer.json()) as Scope
}

async function bundleOf(scope: string): Promise<readonly string[]> {
  const answer = await responder.request(`/v1/scopes/${scope}/bundle`)
  expect(answer.status).toBe(200)
  return (await answer.text()).trimEnd().split('\n')
}

function check(lines: readonly string[]) {
  const { parts } = hub.hub
  return checkScopeBundle(lines, { vkey: parts.journal.vkey, agency: agencySigner(parts).vkey })
}

/** The numbers that the rows of a bundle make. */
async function reproduced(lines: readonly string[]) {
  const checked = await check(lines)
  if (checked.kind !== 'checked') throw new Error(`${checked.code}: ${checked.detail}`)
  return countScope(
    checked.pictures.map((one) => ({ ...one, grade: one.grade as Grade })),
    (crossing) => checked.crossings.get(crossing) ?? { vehicle: null, identity: null },
  )
}

test('what somebody opened is released in clear, each picture once, and counted by whom it shows', async () => {
  for (const at of [0, 1, 3]) await open(auditor, crossings[at]?.['scene'])
  await open(auditor, crossings[0]?.['scene'])
  await open(auditor, crossings[3]?.['face'])
  const { result, log_index: index } = await scopeOf([{ kind: 'party', party: 'agency' }])
  expect(result.grades.released_in_clear).toMatchObject({
    pictures: 4,
    crossings: 3,
    classes: { scene: 3, face: 1 },
    lanes: ['in-1'],
    ports: ['test-port'],
    days: { count: 1 },
    plates: { low: 1, high: 2, crossings_without: 1 },
    people: { low: 1, high: 2, identified: 0 },
  })
  expect(result.grades.ciphertext_only.pictures).toBe(0)
  const receipt = await hub.hub.parts.journal.receipt(index)
  expect(Buffer.from(receipt?.entry ?? []).toString()).toContain('"kind":"scope_stated"')
})

test('several suspicions are joined, and a picture that two of them name counts once under the worst', async () => {
  const { result } = await scopeOf([
    { kind: 'lane', lane: 'in-1' },
    { kind: 'device', device: devices['in-2']?.id },
    { kind: 'window' },
  ])
  // Five crossings of three pictures each.
  expect(result.total).toMatchObject({ pictures: 15, crossings: 5, lanes: ['in-1', 'in-2'] })
  expect(result.grades.released_in_clear.pictures).toBe(4)
  expect(result.grades.handled_by_untrusted_device.pictures).toBe(3)
  expect(result.grades.ciphertext_only.pictures).toBe(8)
  expect(result.total.plates).toEqual({ low: 3, high: 4, crossings_without: 1 })
})

test('every number of a bundle is reproduced offline by the other engine', async () => {
  const asked = [
    [{ kind: 'window' }],
    [{ kind: 'device', device: devices['in-1']?.id }],
    [{ kind: 'lane', lane: 'in-1' }, { kind: 'window' }],
    [
      { kind: 'party', party: 'agency' },
      { kind: 'device', device: devices['in-2']?.id },
    ],
  ]
  for (const suspicions of asked) {
    const { scope, result } = await scopeOf(suspicions)
    const counted = await reproduced(await bundleOf(scope))
    expect(counted).toEqual({ total: result.total, grades: result.grades })
  }
})

test('a bundle that is cut or edited at any line does not hold', async () => {
  const { scope } = await scopeOf([{ kind: 'lane', lane: 'in-1' }, { kind: 'window' }])
  const lines = await bundleOf(scope)
  expect(await check(lines)).toMatchObject({ kind: 'checked' })
  expect(await check(lines.slice(0, -1))).toMatchObject({ code: 'malformed_bundle' })
  expect(await check([...lines, ...lines.slice(-1)])).toMatchObject({ code: 'malformed_bundle' })
  for (const at of lines.keys())
    expect(await check(lines.filter((_, index) => index !== at))).toMatchObject({ kind: 'refused' })
  const edited = lines.map((line) => line.replace('ciphertext_only', 'reachable_not_read'))
  expect(await check(edited)).toMatchObject({ code: 'bad_signature' })
})

test('the agency itself cannot sign rows that the log does not have', async () => {
  const { scope } = await scopeOf([{ kind: 'window' }])
  const lines = await bundleOf(scope)
  const kindOf = (line: string) => (JSON.parse(line) as { kind: string }).kind
  const sign = (some: readonly string[]) => resign(some, scope, agencySigner(hub.hub.parts))
  const opening = lines.findIndex((line) => kindOf(line) === 'opening')
  expect(await check(sign(lines))).toMatchObject({ kind: 'checked' })
  expect(await check(sign(lines.toSpliced(opening, 1)))).toMatchObject({ code: 'row_differs' })
  const entry = lines.findIndex((line) => kindOf(line) === 'entry')
  expect(await check(sign(lines.toSpliced(entry, 1)))).toMatchObject({ code: 'not_included' })
  const renamed = lines.map((line) => line.replace('"account":"', '"account":"0'))
  expect(await check(sign(renamed))).toMatchObject({ code: 'row_differs' })
  const numbers = lines.map((line) => line.replace('\\"pictures\\":4', '\\"pictures\\":5'))
  expect(await check(sign(numbers))).toMatchObject({ code: 'row_differs' })
})

test('a later version says what changed when a person has corrected a plate, and forks of it are refused', async () => {
  const first = await scopeOf([{ kind: 'window' }])
  const reviewer = await hub.signIn(['supervisor'])
  const { crossing = '', scene = '', plate = '' } = crossings[3] ?? {}
  const verdict = await decide(reviewer, { crossing, scene, plate }, 'NEW001')
  expect(verdict.status, await verdict.clone().text()).toBe(201)
  const second = await scopeOf([{ kind: 'window' }], { revises: first.scope })
  expect(second.version).toBe(2)
  expect(second.result.changes).toContainEqual({
    figure: 'total.plates.low',
    before: 1,
    after: 2,
  })
  expect(second.result.total.plates).toEqual({ low: 2, high: 2, crossings_without: 0 })
  const fork = await ask([{ kind: 'window' }], { revises: first.scope })
  expect(await fork.json()).toMatchObject({ code: 'scope_revised' })
})

test('a suspicion of something that never was, or a window that ends before it begins, is refused', async () => {
  const codeOf = async (answer: Promise<Response>) =>
    ((await (await answer).json()) as { code: string }).code
  expect(await codeOf(ask([{ kind: 'party', party: 'nobody' }]))).toBe('not_found')
  expect(await codeOf(ask([{ kind: 'device', device: '0'.repeat(32) }]))).toBe('not_found')
  expect(
    await codeOf(
      ask([{ kind: 'window' }], { from: new Date().toISOString(), to: '2020-01-01T00:00:00Z' }),
    ),
  ).toBe('scope_window')
  expect(await codeOf(ask([]))).toBe('malformed_request')
  const officer = await hub.signIn(['officer'])
  expect((await officer.request('/v1/scopes')).status).toBe(403)
})

test('where faces are off no template is opened, and the answer says why', async () => {
  const before = hub.hub.parts.journal.size()
  const answer = await ask([{ kind: 'window' }], { by_face: true })
  expect(answer.status).toBe(409)
  expect(await answer.json()).toMatchObject({ code: 'faces_off' })
  expect(hub.hub.parts.journal.size()).toBe(before)
})
