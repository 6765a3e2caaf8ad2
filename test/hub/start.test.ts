/** What keeps a hub from starting, or interrupts it: each says what is wrong and what to do next. */

import { cp, mkdtemp, readFile, rm, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { startHub } from '@sallyport/hub/hub'
import { type HubSettings, hubSettings } from '@sallyport/hub/settings'
import { openDatabase } from '@sallyport/store/postgres/database'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'

import { readHubSettings } from '../../packages/cli/src/settings.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { freePort, startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
let device: TestDevice

beforeAll(async () => {
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  expect((await deliver(hub, device.bundle().bytes)).status).toBe(201)
})
afterAll(() => hub.remove())

/** Settings of another hub on the same data, changed. */
function settings(change: Partial<HubSettings> = {}): HubSettings {
  return hubSettings.parse({ data: hub.data, port: 0, databaseUrl: hub.database.url, ...change })
}

/** Why a hub does not start. One that does is stopped, and that fails the test. */
async function refusal(wanted: HubSettings): Promise<{ code: string; message: string }> {
  try {
    const started = await startHub({ settings: wanted, consoleDirectory: null })
    await started.stop()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const code = 'code' in error ? String(error.code) : ''
    return { code, message: error.message }
  }
  throw new Error('the hub started')
}

describe('beside a hub that runs', () => {
  test('a second hub on its data directory is refused and told whose it is', async () => {
    const { code, message } = await refusal(settings())
    expect(code).toBe('directory_in_use')
    expect(message).toContain(`in use by process ${process.pid}`)
    expect(message).toMatch(/End it first, or choose another directory with --data/)
    expect((await hub.request('/healthz')).status).toBe(200)
  })

  test('a port that is taken is named with the way out, and nothing stays locked', async () => {
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const data = await mkdtemp(path.join(tmpdir(), 'sallyport-port-'))
    const other = await startTestHub()
    const databaseUrl = other.database.url
    await other.stop()
    try {
      const { code, message } = await refusal(settings({ data, port, databaseUrl }))
      expect(code).toBe('port_in_use')
      expect(message).toMatch(new RegExp(`Port ${port} is in use.*--port`))
      const started = await startHub({
        settings: settings({ data, port: await freePort(), databaseUrl }),
        consoleDirectory: null,
      })
      await started.stop()
    } finally {
      taken.close()
      await other.remove()
      await rm(data, { recursive: true, force: true })
    }
  })
})

describe('on data that are not in order', () => {
  let copy: string
  afterEach(async () => {
    await rm(copy, { recursive: true, force: true })
    await hub.restart()
  })

  /** Stops the hub and hands its data over; what is changed is put back afterwards. */
  async function onStopped<T>(
    change: (data: string) => Promise<void>,
    look: () => Promise<T>,
  ): Promise<T> {
    await hub.stop()
    copy = await mkdtemp(path.join(tmpdir(), 'sallyport-copy-'))
    await cp(hub.data, copy, { recursive: true })
    try {
      await change(hub.data)
      return await look()
    } finally {
      await rm(hub.data, { recursive: true, force: true })
      await cp(copy, hub.data, { recursive: true })
    }
  }

  test.each<[string, (file: string) => Promise<void>, RegExp]>([
    [
      'cut short',
      (file) => writeFile(file, 'abc'),
      /agency\.key is damaged. Restore it from the backup/,
    ],
    ['not text', (file) => writeFile(file, Buffer.alloc(32, 255)), /agency\.key is damaged/],
    ['gone', unlink, /agency\.key is missing.*Restore the key from the backup/],
  ])('an agency key that is %s', async (_name, change, words) => {
    const { message } = await onStopped(
      (data) => change(path.join(data, 'keys', 'agency.key')),
      () => refusal(settings()),
    )
    expect(message).toMatch(words)
  })

  test('a log key that was exchanged', async () => {
    const { code, message } = await onStopped(
      (data) => writeFile(path.join(data, 'keys', 'log.key'), 'ab'.repeat(32)),
      () => refusal(settings()),
    )
    expect(code).toBe('wrong_key')
    expect(message).toMatch(/restore it/)
  })

  test('a log under another name', async () => {
    const { code, message } = await onStopped(
      async () => undefined,
      () => refusal(settings({ logOrigin: 'example.com/other' })),
    )
    expect(code).toBe('wrong_key')
    expect(message).toMatch(/log_origin/)
  })

  test('a tile of the log that is gone is named', async () => {
    const { code, message } = await onStopped(
      async (data) => rm(path.join(data, 'log', 'tile'), { recursive: true }),
      () => refusal(settings()),
    )
    expect(code).toBe('log_damaged')
    expect(message).toMatch(/tile\/.*Restore .*backup.*log verify/s)
  })

  test('a log that is gone altogether, although rows refer to it', async () => {
    const { message } = await onStopped(
      async (data) => rm(path.join(data, 'log'), { recursive: true }),
      () => refusal(settings()),
    )
    expect(message).toMatch(/[Rr]estore/)
  })
})

test('an older copy of the log that was put back is refused; the newest starts again', async () => {
  const older = await mkdtemp(path.join(tmpdir(), 'sallyport-older-'))
  const newest = await mkdtemp(path.join(tmpdir(), 'sallyport-newest-'))
  const log = path.join(hub.data, 'log')
  try {
    await hub.stop()
    await cp(log, older, { recursive: true })
    await hub.restart()
    expect((await deliver(hub, device.bundle().bytes)).status).toBe(201)
    const size = hub.hub.parts.journal.size()
    await hub.stop()
    await cp(log, newest, { recursive: true })

    await rm(log, { recursive: true })
    await cp(older, log, { recursive: true })
    const { code, message } = await refusal(settings())
    expect(code).toBe('log_rolled_back')
    expect(message).toMatch(/at least \d+ were acknowledged/)
    expect(message).toMatch(/restore the newest one/)
    // Refused means untouched: no second history was begun.
    expect(await readFile(path.join(log, 'checkpoint'))).toEqual(
      await readFile(path.join(older, 'checkpoint')),
    )

    await rm(log, { recursive: true })
    await cp(newest, log, { recursive: true })
    await hub.restart()
    expect(hub.hub.parts.journal.size()).toBeGreaterThanOrEqual(size)
  } finally {
    await rm(older, { recursive: true, force: true })
    await rm(newest, { recursive: true, force: true })
  }
})

describe('databases', () => {
  test('one that does not answer is told apart from other troubles', async () => {
    const data = await mkdtemp(path.join(tmpdir(), 'sallyport-nodb-'))
    const databaseUrl = `postgresql://nobody@localhost:${await freePort()}/none`
    const { code, message } = await refusal(settings({ data, databaseUrl }))
    expect(code).toBe('database_down')
    expect(message).toMatch(/does not answer.*Start it, or check database_url/)
    await rm(data, { recursive: true, force: true })
  })

  test('one that a newer version made is left alone', async () => {
    const other = await startTestHub()
    await other.stop()
    const db = openDatabase({ kind: 'url', url: other.database.url })
    try {
      const { rows } = await sql<{ name: string }>`select table_name as name
        from information_schema.tables where table_name like '%migration%'`.execute(db)
      const table = rows[0]?.name ?? ''
      expect(table).not.toBe('')
      await sql`insert into ${sql.table(table)} (name, applied_at) values ('9999-future', now())`.execute(
        db,
      )
      const { message } = await refusal(
        settings({ data: other.data, databaseUrl: other.database.url }),
      )
      expect(message).toMatch(/newer/)
    } finally {
      await db.destroy()
      await other.remove()
    }
  })
})

describe('settings', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    ['an address of the network without a proxy', { host: '0.0.0.0' }, /host: .*behind_proxy/],
    ['a proxy without a public address', { behindProxy: true }, /publicUrl: .*public_url/],
    ['a port that is none', { port: 70_000 }, /port/],
    ['a database that is none', { databaseUrl: 'mysql://localhost/x' }, /databaseUrl/],
    ['a log name with a space', { logOrigin: 'my log' }, /logOrigin/],
    [
      'a port of entry without a zone',
      { portOfEntry: { id: 'p', name: 'P' } },
      /portOfEntry\.zone/,
    ],
  ])('%s', async (_name, options, words) => {
    await expect(readHubSettings(options, undefined, {})).rejects.toMatchObject({
      message: expect.stringMatching(words),
      exitCode: 2,
    })
  })

  test('an unknown key of the file is named with those that are known', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-settings-'))
    const file = path.join(folder, 'sallyport.toml')
    await writeFile(file, 'prot = 8080\n')
    await expect(readHubSettings({}, file, {})).rejects.toThrow(/Unknown setting "prot".*port/)
    await writeFile(file, 'port = \n')
    await expect(readHubSettings({}, file, {})).rejects.toThrow(/sallyport\.toml/)
    await expect(readHubSettings({}, path.join(folder, 'none.toml'), {})).rejects.toThrow(
      /cannot be read/,
    )
    await rm(folder, { recursive: true })
  })

  test('options stand over the environment, the environment over the file', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'sallyport-settings-'))
    const file = path.join(folder, 'sallyport.toml')
    await writeFile(
      file,
      'port = 1001\ndata = "from-file"\nlog_origin = "example.com/log"\n[port_of_entry]\nid = "north"\nname = "North"\nzone = "America/Chicago"\n',
    )
    const environment = { SALLYPORT_PORT: '1002', SALLYPORT_DATA: 'from-environment' }
    expect(await readHubSettings({ data: 'from-option' }, file, environment)).toMatchObject({
      port: 1002,
      data: 'from-option',
      logOrigin: 'example.com/log',
      portOfEntry: { id: 'north', zone: 'America/Chicago' },
    })
    await rm(folder, { recursive: true })
  })
})
