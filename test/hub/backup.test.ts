/** Backups that were cut off, tampered with, opened with the wrong key, or put back over something. */

import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { generateIdentity, openingKey } from '@sallyport/proof/node/seal'
import { generateHybridIdentity } from '@sallyport/proof/node/seal-hybrid'
import { backupFolder } from '@sallyport/store/backup/backup-folder'
import { loadBackupKey, loadRecipients } from '@sallyport/store/backup/backup-key'
import { checkBackup, pieceOpener } from '@sallyport/store/backup/check-backup'
import { makeBackup } from '@sallyport/store/backup/make-backup'
import { pruneBackup } from '@sallyport/store/backup/prune-backup'
import { restoreBackup } from '@sallyport/store/backup/restore-backup'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { deliver, enrolTestDevice, type TestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

const agency = generateIdentity()
const hybrid = generateHybridIdentity()
const identities = [openingKey(agency.identity), openingKey(hybrid.identity)]
let hub: TestHub
let device: TestDevice
let place: string
const inPlace = (name: string): string => path.join(place, name)
const backUp = (directory: string, recipient = agency.recipient) =>
  makeBackup({
    data: hub.data,
    db: hub.hub.parts.db,
    directory: inPlace(directory),
    recipients: [recipient],
    hub: 'running',
    now: () => new Date(),
  })

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'sallyport-backup-'))
  hub = await startTestHub()
  device = await enrolTestDevice(hub, 'in-1')
  for (const plate of ['FIRST01', 'SECOND2']) await deliver(hub, device.bundle({ plate }).bytes)
  await backUp('good')
  await deliver(hub, device.bundle({ plate: 'THIRD03' }).bytes)
  await backUp('good')
})
afterAll(async () => {
  await hub.remove()
  await rm(place, { recursive: true, force: true })
})

/** Restores the newest snapshot into a database of its own. */
async function restoreTo(
  directory: string,
  from = 'good',
): Promise<{ db: Db; database: TestDatabase }> {
  const database = await makeDatabase()
  const db = openDatabase({ kind: 'url', url: database.url })
  await restoreBackup({
    directory: inPlace(from),
    identities,
    data: inPlace(directory),
    openDatabase: () => Promise.resolve(db),
  })
  return { db, database }
}

/** Every row of every table as text. */
async function allRows(db: Db): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`select relname as name from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
    and not relispartition and relname <> 'migration'`.execute(db)
  const found: Record<string, string> = {}
  for (const { name } of rows) {
    const { rows: lines } = await sql<{ all: string | null }>`
      select string_agg(line, E'\n' order by line) as all
      from (select one::text as line from ${sql.table(name)} as one) as lines`.execute(db)
    found[name] = lines[0]?.all ?? ''
  }
  return found
}

test('rows move to another database, every table and every value of it', async () => {
  // Stays follow crossings a moment later; a row that comes meanwhile is in one of the two only.
  await hub.hub.parts.stays.settled()
  // Rows may be kept for decades, so a backup may be sealed to hybrid recipients.
  await backUp('moved', hybrid.recipient)
  const before = await allRows(hub.hub.parts.db)
  const { db, database } = await restoreTo('moved-to', 'moved')
  try {
    expect(await allRows(db)).toEqual(before)
    expect(Object.values(before).filter((rows) => rows !== '').length).toBeGreaterThan(8)
  } finally {
    await db.destroy()
    await database.drop()
  }
})

test('hybrid recipients beside others would protect nothing, and are refused', async () => {
  const keys = inPlace('no-keys')
  const { recipients } = await loadRecipients(keys, [hybrid.recipient])
  expect(recipients).toEqual([hybrid.recipient])
  for (const [wrong, words] of [
    [[hybrid.recipient, agency.recipient], 'name hybrid ones alone'],
    [[`${hybrid.recipient}q`], 'is no age recipient'],
  ] as const)
    await expect(loadRecipients(keys, wrong)).rejects.toThrow(words)
})

test('what an interrupted run left is not sealed again, and nothing is named after it', async () => {
  const first = await backUp('interrupted')
  const folder = backupFolder(inPlace('interrupted'))
  // As it lies when the run ends before its note.
  await rm(inPlace('interrupted/snapshots'), { recursive: true })
  await writeFile(inPlace('interrupted/objects/.half.part'), 'cut')
  expect(await folder.snapshots()).toEqual([])
  const again = await backUp('interrupted')
  expect(again.added.objects).toBe(0)
  expect(again.snapshot.pieces).toEqual(first.snapshot.pieces)
})

test('no piece holds an epoch identity or a key of the keystore', async () => {
  const { snapshot } = await backUp('secrets')
  const open = pieceOpener(backupFolder(inPlace('secrets')), identities)
  const all = Buffer.concat(await Promise.all(snapshot.pieces.map(open)))
  expect(all.includes('FIRST01')).toBe(true)
  let secrets = 0
  for (const kept of ['epochs', 'keystore']) {
    for (const entry of await readdir(path.join(hub.data, 'keys', kept), {
      recursive: true,
      withFileTypes: true,
    })) {
      if (!entry.isFile()) continue
      const secret = await readFile(path.join(entry.parentPath, entry.name))
      expect(all.includes(secret.subarray(0, 60)), entry.name).toBe(false)
      for (const word of secret.toString('latin1').match(/AGE-SECRET-KEY-1\w+/g) ?? [])
        expect(all.includes(word), entry.name).toBe(false)
      secrets += 1
    }
  }
  expect(secrets).toBeGreaterThan(2)
})

describe('one bit flipped', () => {
  test('in every piece and in the list: found by its name, without any key', async () => {
    await cp(inPlace('good'), inPlace('flipped'), { recursive: true })
    const files = (await readdir(inPlace('flipped'), { recursive: true, withFileTypes: true }))
      .filter((one) => one.isFile() && one.name !== 'vkey')
      .map((one) => path.join(one.parentPath, one.name))
    for (const file of files) {
      const good = await readFile(file)
      const bad = Buffer.from(good)
      const at = Math.floor(bad.length / 2)
      bad[at] = (bad[at] ?? 0) ^ 4
      await writeFile(file, bad)
      const found = await checkBackup({ directory: inPlace('flipped'), identities: [] }).then(
        ({ findings }) => findings.join(),
        (error: Error) => error.message,
      )
      expect(found, file).toMatch(file.endsWith('.age') ? path.basename(file) : /Snapshot \d/)
      await writeFile(file, good)
    }
    expect(files.length).toBeGreaterThan(20)
    expect((await checkBackup({ directory: inPlace('flipped'), identities })).findings).toEqual([])
  })
})

describe('restore refuses, and writes nothing', () => {
  const into = (options: Partial<Parameters<typeof restoreBackup>[0]>) =>
    restoreBackup({
      directory: inPlace('good'),
      identities,
      data: inPlace('nothing'),
      openDatabase: () => Promise.reject(new Error('asked for the database')),
      ...options,
    })

  test.each<[string, () => Promise<unknown>, string]>([
    [
      'with another identity',
      () => into({ identities: [openingKey(generateIdentity().identity)] }),
      'wrong_identity',
    ],
    [
      'what another key signed',
      async () => into({ vkey: (await loadBackupKey(inPlace('stranger'))).signer.vkey }),
      'not_signed',
    ],
    ['a snapshot that is not there', () => into({ number: 99 }), 'no_backup'],
    ['a folder without a backup', () => into({ directory: inPlace('empty') }), 'no_backup'],
    ['over a hub', () => into({ data: hub.data }), 'not_empty'],
    [
      'into a database that is in use',
      () => into({ openDatabase: () => Promise.resolve(hub.hub.parts.db) }),
      'not_empty',
    ],
    [
      'a backup whose piece was cut',
      async () => {
        await cp(inPlace('good'), inPlace('cut'), { recursive: true })
        const folder = backupFolder(inPlace('cut'))
        for await (const object of folder.objects())
          await truncate(inPlace(`cut/objects/${object.slice(0, 2)}/${object}.age`), 100)
        return into({ directory: inPlace('cut') })
      },
      'piece_differs',
    ],
  ])('%s', async (_name, attempt, code) => {
    await expect(attempt()).rejects.toMatchObject({ code })
    expect(await readdir(inPlace('nothing')).catch(() => [])).toEqual([])
  })
})

test('old snapshots go, and the ones that stay are whole', async () => {
  await cp(inPlace('good'), inPlace('pruned'), { recursive: true })
  const done = await pruneBackup(inPlace('pruned'), undefined, 1)
  expect(done).toMatchObject({ snapshots: 1, kept: 1 })
  expect(done.pieces).toBeGreaterThan(0)
  const checked = await checkBackup({ directory: inPlace('pruned'), identities })
  expect([checked.findings, checked.snapshots.length]).toEqual([[], 1])
})
