/** `sallyport fsck` can fail: each thing that may go wrong with the data is found under its own code. */

import { appendFile, cp, mkdtemp, open, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type Ran, sallyport } from '../support/command.ts'
import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
/** The data as the stopped hub left them, and its log at an earlier time. */
let good: string
let olderLog: string
let db: Db

beforeAll(async () => {
  good = await mkdtemp(path.join(tmpdir(), 'sallyport-good-'))
  olderLog = await mkdtemp(path.join(tmpdir(), 'sallyport-older-'))
  hub = await startTestHub()
  const device = await enrolTestDevice(hub, 'in-1')
  const supervisor = await hub.signIn(['supervisor'])
  await deliver(hub, device.bundle({ plate: 'FIRST01' }).bytes)
  await cp(path.join(hub.data, 'log'), olderLog, { recursive: true })
  const { bytes, manifest } = device.bundle({ plate: 'SECOND2' })
  await deliver(hub, bytes)
  const opened = await supervisor.request(`/v1/captures/${manifest.bodies[0]?.id}/openings`, {
    method: 'POST',
    body: '{"purpose":"investigation"}',
  })
  expect(opened.status).toBe(201)
  await hub.stop()
  await cp(hub.data, good, { recursive: true })
  db = openDatabase({ kind: 'url', url: hub.database.url })
})
afterAll(async () => {
  await db.destroy()
  await hub.remove()
  await rm(good, { recursive: true, force: true })
  await rm(olderLog, { recursive: true, force: true })
})

function check(): Promise<Ran> {
  return sallyport(['fsck', '--json', '--data', hub.data, '--database-url', hub.database.url])
}

function codesOf({ json }: Ran): string[] {
  const codes = json.map((line) => line['code']).filter((code) => typeof code === 'string')
  return [...new Set(codes)].toSorted()
}

/** The columns of a table that are not made from others. */
async function writtenColumns(table: string) {
  const { rows } = await sql<{ name: string }>`
    select column_name as name from information_schema.columns
    where table_name = ${table} and is_generated = 'NEVER'`.execute(db)
  return sql.join(rows.map(({ name }) => sql.id(name)))
}

async function firstSegment(): Promise<string> {
  const [name = ''] = await readdir(path.join(hub.data, 'vault'))
  return path.join(hub.data, 'vault', name)
}

test('sound data: exit 0, and every part was counted', async () => {
  const ran = await check()
  expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' })
  expect(ran.json).toMatchObject([
    { sound: true, crossings: 2, captures: 6, openings: 1, vault_records: 6, orphan_bodies: 0 },
  ])
  const people = await sallyport(['fsck', '--data', hub.data, '--database-url', hub.database.url])
  expect(people.stdout).toMatch(/2 crossings, 6 sealed bodies, 1 openings.*All of it agrees/s)
})

describe('files', () => {
  /** Damages the files, looks, puts them back. */
  async function withDamage(change: () => Promise<unknown>): Promise<Ran> {
    await change()
    try {
      return await check()
    } finally {
      await rm(hub.data, { recursive: true })
      await cp(good, hub.data, { recursive: true })
    }
  }

  test('a vault segment that was deleted', async () => {
    const ran = await withDamage(async () => rm(await firstSegment()))
    expect([ran.code, codesOf(ran)]).toEqual([1, ['body_missing']])
    expect(ran.json.at(-1)).toMatchObject({ sound: false })
  })

  test('one flipped bit in a sealed body', async () => {
    const ran = await withDamage(async () => {
      const file = await open(await firstSegment(), 'r+')
      const byte = Buffer.alloc(1)
      await file.read(byte, 0, 1, 500)
      byte[0] = (byte[0] ?? 0) ^ 0x10
      await file.write(byte, 0, 1, 500)
      await file.close()
    })
    expect([ran.code, codesOf(ran)]).toEqual([1, ['body_differs']])
    expect(ran.json[0]?.['detail']).toMatch(
      /segment-000001\.seg:\d+ is not the one that was stored/,
    )
  })

  test('the damaged head of a record: named by file and offset, and all behind it is checked', async () => {
    const ran = await withDamage(async () => {
      const file = await open(await firstSegment(), 'r+')
      await file.write('?', 0)
      await file.close()
    })
    expect([ran.code, codesOf(ran)]).toEqual([1, ['vault_head_damaged']])
    expect(ran.json[0]).toMatchObject({
      subject: 'segment-000001.seg:0',
      detail: expect.stringMatching(/rows name 1 of the bodies/),
    })
    expect(ran.json.at(-1)).toMatchObject({ sound: false, captures: 6, vault_records: 5 })
  })

  test('the piece of a record that a crash left at the end is no finding', async () => {
    const ran = await withDamage(async () => appendFile(await firstSegment(), 'SPV1 and a piece'))
    expect(ran.code).toBe(0)
    expect(ran.json.at(-1)).toMatchObject({ sound: true, vault_records: 6, orphan_bodies: 1 })
  })

  test('entries of the log that were removed: an older log, sound by itself', async () => {
    const ran = await withDamage(async () => {
      const log = path.join(hub.data, 'log')
      await rm(log, { recursive: true })
      await cp(olderLog, log, { recursive: true })
    })
    expect([ran.code, codesOf(ran)]).toEqual([1, ['crossing_not_in_log', 'opening_not_in_log']])
  })

  test('a log entry that was changed in place', async () => {
    const ran = await withDamage(async () => {
      const found = await readdir(path.join(hub.data, 'log/tile/entries/000.p'))
      const newest = found.toSorted((a, b) => Number(b) - Number(a))[0] ?? ''
      const file = await open(path.join(hub.data, 'log/tile/entries/000.p', newest), 'r+')
      await file.write('X', 40)
      await file.close()
    })
    expect([ran.code, codesOf(ran)]).toEqual([1, ['log_unsound']])
  })
})

describe('rows', () => {
  const crossing = sql`(select id from crossing where plate_text = 'FIRST01')`

  test.each<[string, ReturnType<typeof sql>, readonly string[]]>([
    [
      'a manifest that was changed',
      sql`update crossing set manifest = set_byte(manifest, 100, get_byte(manifest, 100) # 1)
        where id = ${crossing}`,
      ['manifest_differs', 'signature_wrong'],
    ],
    [
      'a manifest exchanged together with its hash',
      sql`update crossing set manifest = other.manifest, manifest_sha256 = other.manifest_sha256
        from (select manifest, manifest_sha256 from crossing where plate_text = 'SECOND2') as other
        where id = ${crossing}`,
      ['log_entry_differs', 'manifest_differs', 'signature_wrong'],
    ],
    [
      'a crossing that was deleted',
      sql`delete from crossing where id = ${crossing}`,
      ['intake_without_crossing', 'logged_crossing_missing'],
    ],
    [
      'a plate that was corrected silently',
      sql`update crossing set plate_text = 'OTHER99' where id = ${crossing}`,
      ['plate_differs'],
    ],
    [
      'a crossing that claims another log entry',
      sql`update crossing set log_index = log_index + 1 where id = ${crossing}`,
      ['log_entry_differs'],
    ],
    [
      'a seal header that is none',
      sql`update capture set header = '\\x00' where crossing = ${crossing} and class = 'scene'`,
      ['header_wrong'],
    ],
    [
      'a body that is said to be another',
      sql`update capture set sha256 = sha256(sha256) where crossing = ${crossing} and class = 'scene'`,
      ['body_differs'],
    ],
    ['an opening that was deleted', sql`delete from opening`, ['logged_opening_missing']],
    [
      'an opening that claims another log entry',
      sql`update opening set log_index = 0`,
      ['opening_not_in_log'],
    ],
    [
      'a device key that was exchanged',
      sql`update device set public_key = sha256(public_key)`,
      ['signature_wrong'],
    ],
  ])('%s', async (_name, damage, codes) => {
    await sql`create table saved_crossing as table crossing`.execute(db)
    await sql`create table saved_capture as table capture`.execute(db)
    await sql`create table saved_opening as table opening`.execute(db)
    await sql`create table saved_device as table device`.execute(db)
    try {
      const { numAffectedRows } = await damage.execute(db)
      expect(Number(numAffectedRows)).toBeGreaterThan(0)
      const ran = await check()
      expect([ran.code, codesOf(ran)]).toEqual([1, codes])
    } finally {
      for (const table of ['crossing', 'capture', 'opening']) {
        await sql`delete from ${sql.table(table)}`.execute(db)
        const columns = await writtenColumns(table)
        await sql`insert into ${sql.table(table)} (${columns})
          select ${columns} from ${sql.table(`saved_${table}`)}`.execute(db)
        await sql`drop table ${sql.table(`saved_${table}`)}`.execute(db)
      }
      await sql`update device set public_key = saved_device.public_key from saved_device
        where device.id = saved_device.id`.execute(db)
      await sql`drop table saved_device`.execute(db)
    }
  })

  test('after all of it the data are sound again: these tests look at what they did themselves', async () => {
    expect((await check()).code).toBe(0)
  })
})

test('fsck does not run beside the hub', async () => {
  await hub.restart()
  const { code, stderr } = await check()
  expect(code).toBe(4)
  expect(stderr).toMatch(/in use by process \d+\. Stop it, then run fsck again/)
  await hub.stop()
})
