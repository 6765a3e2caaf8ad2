/** `sallyport grant`: from a document to a grant in force, and why an opening would be refused. */

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import {
  checkGrant,
  explainDecision,
  listGrants,
  proposeGrant,
  revokeGrant,
  signGrant,
} from '../../packages/cli/src/commands/grant.ts'
import { answer, listWaiting, supervise } from '../../packages/cli/src/commands/supervision.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice
let folder: string
const printed: string[] = []
const noted: string[] = []

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  const keeper = await hub.signIn(['supervisor'])
  const party = {
    id: 'gate-works',
    kind: 'prime',
    parent: 'agency',
    name: 'Gate Works',
    contact: 'duty desk',
  }
  await keeper.request('/v1/parties', { method: 'POST', body: JSON.stringify(party) })
})
afterAll(() => hub.remove())
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-grant-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => noted.push(line))
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  printed.length = 0
  noted.length = 0
  process.exitCode = undefined
  await rm(folder, { recursive: true, force: true })
})

async function become(roles: readonly Role[], unit: string): Promise<void> {
  const { url } = await inviteAccount(`Test ${roles.join(' ')}`, roles, hub.hub.parts, { unit })
  const { session, kept } = await signInWith(url, {})
  await keepSession(session.hub, kept)
}

/** A grant's document in a file, in YAML with `change` over it. */
async function written(change: Record<string, unknown> = {}, name = 'grant.yaml'): Promise<string> {
  const terms = {
    party: 'gate-works',
    basis: 'Work order 7',
    purpose: 'fault_analysis',
    ports: ['test-port'],
    lanes: ['in-1'],
    views: ['plate_crop'],
    pictures_per_day: 5,
    bytes_per_day: 1_000_000,
    from: '2026-01-01T00:00:00Z',
    until: new Date(Date.now() + 86_400_000).toISOString(),
    incident_hours: 24,
    ...change,
  }
  const file = path.join(folder, name)
  const lines = Object.entries(terms).map(([key, value]) =>
    name.endsWith('.toml')
      ? `${key} = ${JSON.stringify(value)}`
      : `${key}: ${JSON.stringify(value)}`,
  )
  await writeFile(file, lines.join('\n'))
  return file
}

test.each(['grant.yaml', 'grant.toml'])(
  '%s is checked, proposed, signed, listed and revoked',
  async (name) => {
    await become(['supervisor'], 'operations')
    const from = new Date(Date.now() - 86_400_000).toISOString()
    const file = await written({ from }, name)
    await checkGrant(file, {})
    expect(process.exitCode).toBeUndefined()
    expect(printed.join('\n')).toContain('Work order 7')
    printed.length = 0
    await proposeGrant(file, { json: true })
    const { grant, version } = JSON.parse(printed[0] ?? '') as { grant: string; version: number }
    await expect(signGrant(grant, version, {})).rejects.toThrow('signs_own_proposal')
    await become(['privacy'], 'privacy office')
    await signGrant(grant, version, {})
    printed.length = 0
    await listGrants({ json: true })
    const listed = printed.map((line) => JSON.parse(line) as { id: string; status: string })
    expect(listed.find(({ id }) => id === grant)).toMatchObject({ status: 'signed', version: 1 })
    await revokeGrant(grant, { reason: 'The contract ended.' })
    printed.length = 0
    await listGrants({})
    expect(printed.find((line) => line.startsWith(grant))).toContain('revoked')
  },
)

test('a document that cannot be signed says every reason and ends with 1', async () => {
  await become(['supervisor'], 'operations')
  await checkGrant(await written({ lanes: ['in-9'], party: 'nobody' }), {})
  expect(process.exitCode).toBe(1)
  expect(noted.join('\n')).toMatch(/party: .*nobody[\s\S]*lanes: .*in-9/)
})

test.each([
  ['a key that is not one', { images_per_day: 3 }, 'images_per_day'],
  ['a purpose that no grant can have', { purpose: 'training' }, 'purpose'],
  ['a time that is none', { from: 'tomorrow' }, 'from'],
])('a document with %s is refused with the key', async (_, change, key) => {
  await become(['supervisor'], 'operations')
  await expect(checkGrant(await written(change), {})).rejects.toThrow(key)
})

test('a document whose aliases would fill the memory is refused', async () => {
  await become(['supervisor'], 'operations')
  const file = path.join(folder, 'bomb.yaml')
  await writeFile(file, 'a: &a [x, x]\nb: &b [*a, *a]\nparty: *b\n')
  await expect(checkGrant(file, {})).rejects.toThrow(/bomb\.yaml/)
})

test('an explanation says what would be decided and by what, and opens nothing', async () => {
  const { bytes, manifest } = device.bundle({ picture: randomBytes(3000) })
  expect((await deliver(hub, bytes)).status).toBe(201)
  const scene = manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
  await become(['supervisor'], 'operations')
  const size = hub.hub.parts.journal.size()
  await explainDecision(scene, { purpose: 'investigation' })
  expect(printed.join('\n')).toMatch(/Allowed: scene\.[\s\S]*investigation/)
  await explainDecision(scene, { purpose: 'incident' })
  expect(process.exitCode).toBe(3)
  expect(hub.hub.parts.journal.size()).toBe(size)
})

test('what somebody under supervision waits to do is listed and answered from a terminal', async () => {
  await become(['supervisor'], 'operations')
  await expect(supervise('gate-works', {})).rejects.toThrow('--reason')
  await supervise('gate-works', { reason: 'Came back' })
  await listWaiting({})
  expect(noted.join('\n')).toContain('Nothing waits.')
  const technician = await hub.signIn([], { party: 'gate-works' })
  const ask = () => technician.request('/v1/session/links', { method: 'POST', body: '{}' })
  const waiting = async (): Promise<string> => {
    for (;;) {
      printed.length = 0
      await listWaiting({ json: true })
      const [line] = printed
      if (line !== undefined) return (JSON.parse(line) as { id: string }).id
    }
  }
  const first = ask()
  await answer(await waiting(), { reason: 'I sit beside them' })
  expect((await first).status).toBe(201)
  const second = ask()
  const id = await waiting()
  printed.length = 0
  await listWaiting({})
  expect(printed).toEqual([
    expect.stringMatching(/ of gate-works {2}now: POST \/v1\/session\/links$/),
  ])
  await answer(id, { decline: true })
  expect((await second).status).toBe(403)
  await expect(answer(id, {})).rejects.toThrow('already_answered')
  await supervise('gate-works', { end: true })
  expect(noted.at(-1)).toContain('another unit')
  await become(['privacy'], 'privacy office')
  await supervise('gate-works', { end: true })
  expect(noted.at(-1)).toContain('Ended')
})
