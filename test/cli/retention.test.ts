/** Retention and holds from a terminal: what scripts read, and what they end with. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import {
  approveHold,
  liftHold,
  listHolds,
  requestHold,
} from '../../packages/cli/src/commands/hold.ts'
import {
  listShredded,
  policies,
  runNow,
  showPlan,
  showStatus,
} from '../../packages/cli/src/commands/retention.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { hourMs, hours } from '../support/retention.ts'
import { cross } from '../support/watch.ts'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let hub: TestHub
let folder: string
let crossing: string
let aheadMs = 0
const printed: string[] = []

beforeAll(async () => {
  hub = await startTestHub({ now: () => new Date(Date.now() + aheadMs) })
  const device = await enrolTestDevice(hub, 'in-1')
  crossing = await cross(hub, device, 'HELD01')
  await cross(hub, device, 'GONE01')
  aheadMs = 5 * hourMs
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-retention-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  printed.length = 0
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(() => vi.restoreAllMocks())

async function actAs(name: string): Promise<void> {
  const { url } = await inviteAccount(name, ['privacy'], hub.hub.parts)
  const { session, kept } = await signInWith(url, {}, process.env)
  await keepSession(session.hub, kept, process.env)
}

const last = () => JSON.parse(printed.at(-1) ?? '{}') as Record<string, unknown>
const json = { json: true }

test('a policy is chosen with the count of its plan, things are held by two people, and the rest is shredded', async () => {
  await actAs('Ann')
  const file = path.join(folder, 'policy.json')
  await writeFile(file, JSON.stringify(hours({ scene: 2 })))
  await expect(showPlan({ ...json, days: 3 })).rejects.toThrow('no_policy')
  await policies(file, json)
  expect(last()).toEqual({ in_force: false, due_now: 2 })
  await expect(policies(file, { ...json, accepts: 1 })).rejects.toThrow('retention_preview_differs')
  await policies(file, { ...json, accepts: 2 })
  expect(last()).toMatchObject({ in_force: true, pack: null })

  const until = new Date(Date.now() + 48 * hourMs).toISOString()
  await requestHold({ ...json, crossing, reason: 'Case 7', expires: until })
  const { id, state } = last() as { id: string; state: string }
  expect(state).toBe('requested')
  await expect(approveHold(id, json)).rejects.toThrow('hold_own_request')
  await actAs('Bob')
  await approveHold(id, json)
  expect(last()).toMatchObject({ state: 'in_force' })
  await listHolds(json)
  expect(last()).toMatchObject({ id, scope: { kind: 'crossing', crossing } })

  await showPlan({ ...json, days: 3 })
  expect(last()).toMatchObject({ due_now: 1 })
  await runNow(json)
  expect(last()).toEqual({ shreddings: 1 })
  await listShredded(json)
  expect(last()).toMatchObject({ class: 'scene', bodies: 1, state: 'effective' })
  await liftHold(id, { ...json, reason: 'Closed' })
  expect(last()).toMatchObject({ state: 'lifted' })
  await runNow(json)
  expect(last()).toEqual({ shreddings: 1 })
  await showStatus(json)
  expect(last()).toMatchObject({ holds: { in_force: 0, waiting: 0 }, pending: 0 })
})

test.each([
  ['about nothing', {}],
  ['about two things', { port: true, plate: 'ABC123' }],
  ['until no time', { port: true, expires: 'soon' }],
])('a hold %s is wrong use, and asks nobody', async (_hazard, change) => {
  await expect(
    requestHold({ reason: 'Case 7', expires: '2026-12-31', ...change }),
  ).rejects.toMatchObject({ exitCode: 2 })
})
