/** The window and secondary from a terminal: as the officer who signed in, refused in one sentence. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { close, explanation, find, list } from '../../packages/cli/src/commands/secondary.ts'
import {
  handOver,
  say,
  shift,
  standing,
  takeOver,
  times,
} from '../../packages/cli/src/commands/window.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { passBy } from '../support/stays.ts'

let hub: TestHub
let device: TestDevice
let folder: string
const printed: string[] = []

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

beforeAll(async () => {
  hub = await startTestHub({ settings: { contact: 'Redress desk, box 4' } })
  device = await enrolTestDevice(hub, 'in-1')
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-window-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  await become('Ann Ruiz', ['officer'])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await hub.remove()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  printed.length = 0
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  vi.spyOn(console, 'error').mockImplementation((line: string) => printed.push(line))
})
afterEach(() => vi.restoreAllMocks())

async function become(name: string, roles: readonly Role[]): Promise<void> {
  const { url } = await inviteAccount(name, [...roles], hub.hub.parts)
  const { session, kept } = await signInWith(url, {}, process.env)
  await keepSession(session.hub, kept, process.env)
}

const arrive = (plate: string) => passBy(hub, device, plate, new Date())

test('a shift, a verdict, its undoing: each printed with who, when and where in the log', async () => {
  const crossing = await arrive('TERM01')
  await expect(say(crossing, { says: 'admitted' }, {})).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/Start your shift at this lane.*\(no_shift\)/),
  })
  await expect(standing(undefined, {})).rejects.toMatchObject({ exitCode: 2 })
  await shift('in-1', {})
  expect(printed.at(-1)).toMatch(/^Shift at in-1 since /)
  await standing(undefined, {})
  expect(printed.at(-1)).toBe(`${crossing}  waiting`)
  await say(crossing, { says: 'admitted' }, { note: 'By eye' })
  expect(printed.join('\n')).toMatch(/ {2}1 {2}\S+Z {2}admitted by Ann Ruiz, log \d+\n {5}By eye/)
  expect(printed.join('\n')).toMatch(/can be undone until/)
  await say(crossing, { says: 'undone' }, {})
  printed.length = 0
  await standing(crossing, { json: true })
  expect(JSON.parse(printed[0] ?? '')).toMatchObject({ standing: 'waiting', seen: 2 })
})

test('what somebody said meanwhile is not passed over', async () => {
  const crossing = await arrive('TERM02')
  await say(crossing, { says: 'admitted' }, { seen: '0' })
  await expect(
    say(crossing, { says: 'referred', reason: 'document' }, { seen: '0' }),
  ).rejects.toMatchObject({ exitCode: 3, code: 'window_conflict' })
  await expect(say(crossing, { says: 'admitted' }, { seen: 'all' })).rejects.toMatchObject({
    exitCode: 2,
  })
  await expect(standing('f'.repeat(32), {})).rejects.toMatchObject({ exitCode: 1 })
})

test('secondary: own eyes first, then closed; the sheet in three languages names no officer', async () => {
  const crossing = await arrive('TERM03')
  await say(crossing, { says: 'referred', reason: 'document' }, { note: 'Torn page' })
  printed.length = 0
  await list({})
  expect(printed.join('\n')).toMatch(new RegExp(`TERM03  document  in-1  ${crossing}`))
  await expect(close(crossing, 'admitted', {})).rejects.toMatchObject({ code: 'look_first' })
  await expect(close(crossing, 'admitted', { wrong: 'mood' })).rejects.toMatchObject({
    exitCode: 2,
  })
  await find(crossing, 'same_person', {})
  await close(crossing, 'admitted_after_correction', { wrong: 'document, plate' })
  expect(printed.join('\n')).toMatch(/closed: admitted_after_correction; wrong: document, plate/)
  for (const [language, words] of [
    ['en', 'a document had to be looked at more closely.'],
    ['es', 'había que mirar un documento con más detalle.'],
    ['fr', 'un document devait être regardé de plus près.'],
  ] as const) {
    printed.length = 0
    await explanation(crossing, { language })
    const sheet = printed.join('\n')
    expect(sheet).toContain(words)
    expect(sheet).toContain('Redress desk, box 4')
    expect(sheet).not.toMatch(/Ann|Ruiz|Torn/)
  }
  printed.length = 0
  await list({ closed: true, json: true })
  expect(JSON.parse(printed[0] ?? '')).toMatchObject({ window: { standing: 'closed' } })
})

test('opting out and its time, and nothing to explain where nobody was referred', async () => {
  const crossing = await arrive('TERM04')
  await say(crossing, { says: 'opted_out' }, {})
  expect(printed.join('\n')).toMatch(/waiting, opted out/)
  await times({ days: '30' })
  expect(printed.join('\n')).toMatch(/others +\d+ people: too few to say\nToo few to compare/)
  await expect(explanation(crossing, { language: 'en' })).rejects.toMatchObject({ exitCode: 1 })
})

test('handed over and taken over: read first, then taken', async () => {
  await shift('in-1', {})
  await handOver({ note: 'The barrier sticks.' })
  await become('Bob Lee', ['officer'])
  printed.length = 0
  await takeOver('in-1', {})
  expect(printed.join('\n')).toMatch(/handed over by Ann Ruiz.*\n {2}The barrier sticks\./)
  expect(printed.join('\n')).not.toMatch(/taken over by/)
  await takeOver('in-1', { read: true })
  expect(printed.join('\n')).toMatch(/taken over by Bob Lee.*\nYour shift is at in-1\./s)
  await expect(takeOver('in-1', {})).rejects.toMatchObject({ exitCode: 1 })
  await shift(undefined, { end: true })
  expect(printed.at(-1)).toBe('No shift.')
})
