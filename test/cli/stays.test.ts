/** Stays from a terminal: what scripts read of them, and what they end with. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import {
  listOverstays,
  listStays,
  recomputeStays,
  showHistory,
  showSummary,
} from '../../packages/cli/src/commands/stays.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { enrolLanes, passBy } from '../support/stays.ts'

let hub: TestHub
let folder: string
const printed: string[] = []
const permit = {
  id: 'day',
  name: 'Day permit',
  subject: 'vehicle',
  kind: 'permit_hours',
  hours: 24,
}
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000)

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  hub = await startTestHub({ settings: { stayRules: [permit] as never } })
  const lanes = await enrolLanes(hub)
  await passBy(hub, lanes.in, 'LATE01', hoursAgo(30))
  await passBy(hub, lanes.in, 'DONE01', hoursAgo(50))
  await passBy(hub, lanes.out, 'DONE01', hoursAgo(20))
  await hub.hub.parts.stays.settled()
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-stays-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  const { url } = await inviteAccount('Test supervisor', ['supervisor'], hub.hub.parts)
  const { session, kept } = await signInWith(url, {}, process.env)
  await keepSession(session.hub, kept, process.env)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  printed.length = 0
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
})
afterEach(() => vi.restoreAllMocks())

const lines = () => printed.map((line) => JSON.parse(line) as Record<string, unknown>)

test('a list for scripts is one stay a line, as the API has it', async () => {
  await listStays({ json: true })
  expect(lines()).toMatchObject([
    { plate: 'LATE01', state: 'open', over: true },
    { plate: 'DONE01', state: 'closed', over: true },
  ])
})

test('overstays come with their computation, for people one step a line', async () => {
  await listOverstays({})
  expect(printed[0]).toContain('LATE01')
  expect(printed.slice(1).map((line) => line.trim().split(' ')[0])).toEqual([
    'rule',
    'zone',
    'entry',
    'end',
    'due',
    'over',
  ])
  printed.length = 0
  await listOverstays({ left: true, json: true })
  expect(lines()).toMatchObject([{ plate: 'DONE01', assessment: { kind: 'over' } }])
})

test('a plate of which nothing is recorded is a no, not a success', async () => {
  await showHistory('late-01', { json: true })
  expect(lines()).toMatchObject([{ plate: 'LATE01', stays: [{ state: 'open' }] }])
  await expect(showHistory('NOBODY1', {})).rejects.toMatchObject({ exitCode: 1 })
})

test('computing everything again ends when it is done', async () => {
  await recomputeStays({ json: true })
  expect(lines()).toEqual([{ computed: 2 }])
  printed.length = 0
  await showSummary({ json: true })
  expect(lines()).toMatchObject([{ over_inside: 1, over_left: 1, waiting: 0 }])
})
