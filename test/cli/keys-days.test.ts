/** Epoch keys that wait, and a clock that is doubted, from the terminal. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { Role } from '@sallyport/core/opening'
import { inviteAccount } from '@sallyport/hub/accounts'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'

import { clock, declareLost, showDays } from '../../packages/cli/src/commands/keys-days.ts'
import { keepSession, signInWith } from '../../packages/cli/src/session/session.ts'
import { enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const dayMs = 86_400_000
const before = new Date(Date.now() - 2 * dayMs).toISOString().slice(0, 10)
let hub: TestHub
let folder: string
const printed: string[] = []

beforeAll(async () => {
  let offsetMs = -2 * dayMs
  hub = await startTestHub({ now: () => new Date(Date.now() + offsetMs) })
  await enrolTestDevice(hub, 'in-1')
  // Two days pass while it is off.
  offsetMs = 0
  await hub.restart()
})
afterAll(() => hub.remove())
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sallyport-days-'))
  vi.stubEnv('SALLYPORT_SESSION_FILE', path.join(folder, 'sessions.json'))
  vi.spyOn(console, 'log').mockImplementation((line: string) => printed.push(line))
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  await rm(folder, { recursive: true, force: true })
})

async function become(...roles: readonly Role[]): Promise<void> {
  const { url } = await inviteAccount(`Test ${roles.join(' ')}`, roles, hub.hub.parts)
  const { session, kept } = await signInWith(url, {})
  await keepSession(session.hub, kept)
}

async function lines(command: () => Promise<void>): Promise<readonly string[]> {
  printed.length = 0
  await command()
  return [...printed]
}

test('a day that waits is given up by two people, and not before the clock is confirmed', async () => {
  await become('supervisor')
  const waits = await lines(() => showDays({}))
  expect(waits).toContain(`${before} waits for 1 devices`)
  expect(waits.join('\n')).toMatch(/in-1 \([0-9a-f]{8}\): has not closed the day/)
  expect(waits.some((line) => line.endsWith('in use'))).toBe(true)

  await expect(declareLost(before, {})).rejects.toThrow('opens for nobody, ever')
  await expect(declareLost(before, { accept: true })).rejects.toMatchObject({
    code: 'clock_doubted',
  })
  expect(await lines(() => clock({}))).toEqual([expect.stringContaining('does not believe it')])
  expect(process.exitCode).toBe(1)
  process.exitCode = undefined
  await expect(clock({ is: 'noon' })).rejects.toThrow('is no time')
  const said = await lines(() => clock({ is: new Date().toISOString() }))
  expect(said).toEqual([expect.stringContaining('and believes it')])

  const first = await lines(() => declareLost(before, { accept: true }))
  expect(first).toEqual([expect.stringContaining('1 of 2 have given up')])
  await become('privacy')
  const second = await lines(() => declareLost(before, { accept: true, json: true }))
  expect(JSON.parse(second[0] ?? '')).toMatchObject({ day: before, destroyed: true })
  expect((await lines(() => showDays({ json: true }))).join()).not.toContain(before)
})
