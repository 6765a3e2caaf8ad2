/** The replay of 2019, small: what was copied opens for nobody, and what was shown names who had it. */

import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { replayFileName, replayResult } from '@sallyport/hub/api/replay-schemas'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'

import { sallyport } from '../support/command.ts'
import { command } from '../support/hub-process.ts'

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

let home: string
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'sallyport-replays-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

test('everything is readable as it was and nothing but what was shown as built, and each copy is found and named', async () => {
  const kept = path.join(home, 'kept')
  const ran = await sallyport(['replay', '2019', '--scale', '200', '--json', '--keep', kept])
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.json.at(-1)).toMatchObject({
    pictures: 920,
    people: 500,
    ports: 1,
    days: 42,
    readable_legacy: 920,
    readable_sealed: 3,
    opened_by_thieves: 0,
    found_planted: 3,
    found: 3,
    attributed: 3,
    false_findings: 0,
    contained: true,
  })
  const file = await readFile(path.join(kept, 'data', replayFileName), 'utf8')
  const result = replayResult.parse(JSON.parse(file))
  expect(result.sealed.tapped).toBe(920)
  expect(result.sealed.on_drive).toBeGreaterThan(0)
  expect(result.passed.templates).toBeGreaterThan(500)
  const { low, high } = result.passed.people_by_records
  expect(low).toBeLessThanOrEqual(500)
  expect(high).toBeGreaterThanOrEqual(500)
  expect(result.scope.grades['released_in_clear']?.pictures).toBe(3)
  // Four lanes, six visits; one crossing of a copied key; one report. Nothing else may cry.
  expect(Object.fromEntries(result.alarms.map(({ kind, raised }) => [kind, raised]))).toEqual({
    enclosure_opened: 24,
    media_inserted: 24,
    sequence_conflict: 1,
    incident_reported: 1,
  })
  expect(result.sealed.refused).toMatchObject({ needs_second_person: 3, quota_used_up: 6 })
  expect(result.notices.rules.some(({ owed }) => owed === 'yes')).toBe(true)
})

test('a replay that is stopped leaves nothing behind', async () => {
  const own = await mkdtemp(path.join(home, 'own-'))
  const child = spawn(process.execPath, [command, 'replay', '2019', '--scale', '200'], {
    env: { ...process.env, TMPDIR: own },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  let stopped = false
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
    if (stopped || !said.includes('Six weeks')) return
    stopped = true
    child.kill('SIGINT')
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  expect(code, said).toBe(4)
  // What runs TypeScript keeps its own cache there, and the database server a folder for its socket.
  expect((await readdir(own)).filter((name) => name.startsWith('sallyport-replay-'))).toEqual([])
})

test.for([
  ['another story', ['replay', '2018']],
  ['a scale of nothing', ['replay', '2019', '--scale', '0']],
  ['a scale at which nobody is left', ['replay', '2019', '--scale', '1001']],
] as const)('%s is wrong use', async ([, parameters]) => {
  const { code, stderr } = await sallyport(parameters)
  expect(code).toBe(2)
  expect(stderr).toMatch(/\S/)
})
