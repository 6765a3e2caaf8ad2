/** The private PostgreSQL: survives its hub, comes back when it dies, listens to nobody, repeats nothing. */

import { chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { type EmbeddedServer, startEmbeddedServer } from '@sallyport/store/postgres/embedded'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string
let server: EmbeddedServer
let db: Db
const reports: string[] = []

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'sp-db-'))
  // So that root's database server, which is another user, may enter.
  await chmod(folder, 0o711)
  await start(path.join(folder, 'db'))
})
afterEach(async () => {
  await db.destroy()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(directory: string): Promise<void> {
  server = await startEmbeddedServer({ directory, report: (line) => reports.push(line) })
  db = openDatabase(server.address)
}

async function rows(): Promise<readonly number[]> {
  const found = await sql<{ n: number }>`select n from kept order by n`.execute(db)
  return found.rows.map(({ n }) => n)
}

test('what was committed is there after a stop and a start', async () => {
  await sql`create table kept (n int)`.execute(db)
  await sql`insert into kept values (1), (2)`.execute(db)
  await db.destroy()
  await server.stop()
  await start(path.join(folder, 'db'))
  expect(await rows()).toEqual([1, 2])
})

test('killed by force it is started again by itself, with everything that was committed', async () => {
  await sql`create table kept (n int)`.execute(db)
  await sql`insert into kept values (7)`.execute(db)
  const before = server.pid()
  process.kill(before, 'SIGKILL')
  await expect.poll(() => server.pid(), { timeout: 30_000 }).not.toBe(before)
  await expect.poll(() => rows().catch(() => null), { timeout: 30_000 }).toEqual([7])
  expect(reports.join('\n')).toMatch(/the server died; starting it again/)
})

test('it makes durable what it says is committed', async () => {
  for (const setting of ['fsync', 'synchronous_commit', 'full_page_writes']) {
    const { rows: found } = await sql<{ value: string }>`
      select current_setting(${setting}) as value`.execute(db)
    expect([setting, found[0]?.value]).toEqual([setting, 'on'])
  }
})

test('it listens on no network address, and its socket is in a folder that is closed to others', async () => {
  const { rows: found } = await sql<{ value: string }>`
    select current_setting('listen_addresses') as value`.execute(db)
  expect(found[0]?.value).toBe('')
  const { mode } = await stat(path.join(folder, 'db'))
  expect(mode & 0o077).toBe(0)
})

test('its own log repeats neither queries nor their parameters', async () => {
  const plate = 'PLATE77'
  await expect(sql`select ${plate}::int`.execute(db)).rejects.toThrow()
  await expect(sql`insert into nowhere values (${plate})`.execute(db)).rejects.toThrow()
  await expect(sql.raw(`select 'RAW${plate}'::int`).execute(db)).rejects.toThrow()
  await sleep(200)
  const log = await readFile(path.join(folder, 'db', 'server.log'), 'utf8')
  expect(log).not.toContain(plate)
})

test('a folder whose path is too long for a socket works too', async () => {
  const deep = path.join(folder, 'a-long-name-of-a-folder'.repeat(4), 'db')
  await mkdir(path.dirname(deep), { recursive: true, mode: 0o711 })
  const other = await startEmbeddedServer({ directory: deep })
  const there = openDatabase(other.address)
  try {
    expect(other.address.directory.length).toBeLessThan(90)
    await sql`select 1`.execute(there)
  } finally {
    await there.destroy()
    await other.stop()
  }
  // The socket's own folder goes with the server.
  await expect(stat(other.address.directory)).rejects.toThrow('ENOENT')
})
