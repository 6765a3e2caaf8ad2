/** A hub moves to another directory and another PostgreSQL by its last backup, as an operator does it. */

import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { startHub } from '@sallyport/hub/hub'
import { hubSettings } from '@sallyport/hub/settings'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { type Ran, sallyport } from '../support/command.ts'
import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { deliver, enrolTestDevice } from '../support/device.ts'
import { freePort, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let place: string
let target: TestDatabase
const inPlace = (name: string): string => path.join(place, name)

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'sallyport-move-'))
  target = await makeDatabase()
  hub = await startTestHub()
  const device = await enrolTestDevice(hub, 'in-1')
  await deliver(hub, device.bundle({ plate: 'MOVED01' }).bytes)
})
afterAll(async () => {
  await hub.remove()
  await target.drop()
  await rm(place, { recursive: true, force: true })
})

function backup(...more: readonly string[]): Promise<Ran> {
  const data = ['--data', hub.data, '--database-url', hub.database.url, '--json']
  return sallyport(['backup', inPlace('backup'), ...data, ...more])
}

function startOn(data: string, databaseUrl: string) {
  return freePort().then((port) =>
    startHub({
      settings: hubSettings.parse({
        data,
        port,
        databaseUrl,
        portOfEntry: { id: 'test-port', name: 'Test port', zone: 'America/Chicago' },
      }),
      consoleDirectory: null,
    }),
  )
}

test('the last backup retires the hub here; restored there, it goes on with the same log', async () => {
  const refused = await backup('--final')
  expect([refused.code, refused.stderr]).toEqual([4, expect.stringMatching(/in use by process/)])
  await hub.stop()
  const last = await backup('--final')
  expect(last.code, last.stderr).toBe(0)
  expect(last.json[0]).toMatchObject({ snapshot: 1, hub: 'final' })
  await writeFile(inPlace('identity'), `# of the agency\n${String(last.json[0]?.['identity'])}\n`)
  await expect(startOn(hub.data, hub.database.url)).rejects.toMatchObject({ code: 'hub_retired' })

  const restored = await sallyport([
    'restore',
    inPlace('backup'),
    ...['--data', inPlace('data'), '--database-url', target.url],
    ...['--identity', inPlace('identity'), '--signer', String(last.json[0]?.['signer'])],
    '--json',
  ])
  expect(restored.code, restored.stderr + restored.stdout).toBe(0)
  expect(restored.json).toMatchObject([
    { sound: true, crossings: 1, lost_in_restore: 0 },
    { snapshot: 1, continues: true },
  ])
  await cp(path.join(hub.data, 'keys/keystore'), inPlace('data/keys/keystore'), { recursive: true })
  const moved = await startOn(inPlace('data'), target.url)
  const size = Number(last.json[0]?.['log_size'])
  const found = await moved.parts.journal.find(({ kind }) => kind === 'restored', size)
  expect(found).toBe(size)
  expect(moved.parts.journal.size()).toBeGreaterThan(size)
  await moved.stop()

  const again = await sallyport([
    'restore',
    inPlace('backup'),
    ...['--data', inPlace('data'), '--database-url', target.url],
    ...['--identity', inPlace('identity')],
  ])
  expect([again.code, again.stderr]).toEqual([4, expect.stringMatching(/Name an empty directory/)])
}, 300_000)

test('what lies in the folder is listed and verified, with and without looking inside', async () => {
  const listed = await sallyport(['backup', 'list', inPlace('backup'), '--json'])
  expect(listed.json).toMatchObject([{ snapshot: 1, hub: 'final' }])
  const sealed = await sallyport(['backup', 'verify', inPlace('backup'), '--json'])
  expect(sealed.json).toMatchObject([{ sound: true, opened: false, findings: [] }])
  const identity = ['--identity', inPlace('identity')]
  const opened = await sallyport(['backup', 'verify', inPlace('backup'), ...identity])
  expect([opened.code, opened.stdout]).toEqual([0, expect.stringMatching(/All of it holds/)])
  expect(opened.stderr).toMatch(/Pin yours with --signer/)
  const [folder = ''] = await readdir(inPlace('backup/objects'))
  await rm(inPlace(`backup/objects/${folder}`), { recursive: true })
  const holed = await sallyport(['backup', 'verify', inPlace('backup')])
  expect([holed.code, holed.stdout]).toEqual([1, expect.stringMatching(/is not there/)])
}, 120_000)
