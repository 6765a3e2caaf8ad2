/**
 * Data that went back in time: rows, log or both put back to yesterday, by hand or by a restore. It is
 * noticed, and no second history is signed under the same name.
 */

import { randomBytes } from 'node:crypto'
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { type Hub, startHub } from '@sallyport/hub/hub'
import { loadHubKeys } from '@sallyport/hub/keys'
import { hubSettings } from '@sallyport/hub/settings'
import { openCheckpoint } from '@sallyport/proof/checkpoint'
import { generateSigningKey, sign, verify } from '@sallyport/proof/node/ed25519'
import { generateIdentity, openingKey } from '@sallyport/proof/node/seal'
import { noteSigner, type NoteSigner, parseVkey } from '@sallyport/proof/note'
import { type Continuation, continueLog } from '@sallyport/store/backup/continue-log'
import { makeBackup } from '@sallyport/store/backup/make-backup'
import { restoreBackup } from '@sallyport/store/backup/restore-backup'
import { writeMark } from '@sallyport/store/backup/restored-mark'
import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { openDatabase } from '@sallyport/store/postgres/database'
import { vaultReader } from '@sallyport/store/vault/segments'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { deliver, enrolTestDevice } from '../support/device.ts'
import { freePort, startTestHub, type TestHub } from '../support/hub.ts'

const agency = generateIdentity()
let hub: TestHub
let place: string
/** Entries under the backup's checkpoint, and those that the hub had when it died. */
let backedUp: number
let atTheEnd: number
const databases: TestDatabase[] = []
const inPlace = (name: string): string => path.join(place, name)

beforeAll(async () => {
  place = await mkdtemp(path.join(tmpdir(), 'sallyport-rolled-back-'))
  hub = await startTestHub()
  const device = await enrolTestDevice(hub, 'in-1')
  await deliver(hub, device.bundle().bytes)
  const { db } = hub.hub.parts
  const recipients = [agency.recipient]
  const made = await makeBackup({
    data: hub.data,
    db,
    directory: inPlace('backup'),
    recipients,
    hub: 'running',
    now: () => new Date(),
  })
  backedUp = made.snapshot.log_size
  for (let more = 0; more < 3; more++) await deliver(hub, device.bundle().bytes)
  await hub.stop()
  atTheEnd = sizeOf(await readFile(path.join(hub.data, 'log/checkpoint'), 'utf8'))
})
afterAll(async () => {
  await hub.remove()
  for (const database of databases) await database.drop()
  await rm(place, { recursive: true, force: true })
})

function sizeOf(note: string): number {
  return Number(note.split('\n')[1])
}

function startOn(data: string, database: TestDatabase, logOrigin?: string): Promise<Hub> {
  return freePort().then((port) =>
    startHub({
      settings: hubSettings.parse({
        data,
        port,
        databaseUrl: database.url,
        portOfEntry: { id: 'test-port', name: 'Test port', zone: 'America/Chicago' },
        ...(logOrigin === undefined ? {} : { logOrigin }),
      }),
      consoleDirectory: null,
    }),
  )
}

async function restored(name: string) {
  const data = inPlace(name)
  const database = await makeDatabase()
  databases.push(database)
  const db = openDatabase({ kind: 'url', url: database.url })
  try {
    await restoreBackup({
      directory: inPlace('backup'),
      identities: [openingKey(agency.identity)],
      data,
      openDatabase: () => Promise.resolve(db),
    })
  } finally {
    await db.destroy()
  }
  await cp(path.join(hub.data, 'keys/keystore'), path.join(data, 'keys/keystore'), {
    recursive: true,
  })
  const { log } = await loadHubKeys(path.join(data, 'keys'), false)
  const vkey = (await readFile(path.join(data, 'log/vkey'), 'utf8')).trim()
  const signer = noteSigner(parseVkey(vkey)?.name ?? '', log.seed, log.publicKey, sign)
  const goOn = (how: Continuation) => continueLog({ data, signer, how, now: () => new Date() })
  return { data, database, signer, goOn }
}

async function check({ data, database }: { data: string; database: TestDatabase }, vkey: string) {
  const db = openDatabase({ kind: 'url', url: database.url })
  try {
    const vault = vaultReader(path.join(data, 'vault'))
    return await fsck({ db, vault, log: folderTiles(path.join(data, 'log')), vkey })
  } finally {
    await db.destroy()
  }
}

async function checkpointOf(data: string, { vkey }: NoteSigner) {
  return openCheckpoint(await readFile(path.join(data, 'log/checkpoint')), vkey, verify)
}

test('yesterday’s database beside today’s log is refused, and told how much it lacks', async () => {
  const { data, database, goOn } = await restored('old-rows')
  await goOn({ kind: 'final' })
  await rm(path.join(data, 'log'), { recursive: true })
  await cp(path.join(hub.data, 'log'), path.join(data, 'log'), { recursive: true })
  await expect(startOn(data, database)).rejects.toMatchObject({
    code: 'rows_rolled_back',
    message: expect.stringMatching(/has 3 crossings from entry \d+ on/),
  })
})

describe('a backup of data that went back', () => {
  const backUp = async (data: string, database: TestDatabase) => {
    const db = openDatabase({ kind: 'url', url: database.url })
    try {
      return await makeBackup({
        data,
        db,
        directory: inPlace('witness'),
        recipients: [agency.recipient],
        hub: 'stopped',
        now: () => new Date(),
      })
    } finally {
      await db.destroy()
    }
  }
  beforeAll(() => backUp(hub.data, hub.database))

  test('the log alone: rows refer to what it has not', async () => {
    const { data } = await restored('old-log')
    await expect(backUp(data, hub.database)).rejects.toMatchObject({ code: 'log_behind_rows' })
  })

  test('all of it: the backup has seen more, and is added nothing that contradicts it', async () => {
    const { data, database, goOn } = await restored('old-all')
    await goOn({ kind: 'final' })
    await expect(backUp(data, database)).rejects.toMatchObject({ code: 'log_rolled_back' })
  })
})

test.each([
  ['restored', 'log_restored'],
  ['restoring', 'restore_unfinished'],
  ['retired', 'hub_retired'],
] as const)('no hub signs on data that are %s', async (state, code) => {
  const { data, database, signer } = await restored(`marked-${state}`)
  if (state !== 'restored') await writeMark(data, { state })
  await expect(startOn(data, database)).rejects.toMatchObject({ code })
  expect(await checkpointOf(data, signer)).toMatchObject({ checkpoint: { size: backedUp } })
})

describe('a declared restore', () => {
  test('with the old disk’s log: it goes on behind the last entry, what lost its rows is counted', async () => {
    const { goOn, signer, ...there } = await restored('recovered')
    const done = await goOn({ kind: 'recovered', from: folderTiles(path.join(hub.data, 'log')) })
    expect(done).toMatchObject({ index: atTheEnd, lost: atTheEnd - backedUp })
    const started = await startOn(there.data, there.database)
    expect(started.parts.journal.size()).toBeGreaterThan(atTheEnd)
    // Lanes may hold a rotation that the backup does not know: what is announced from here on is newer.
    const rotation = started.parts.epochs.rotation()
    expect(rotation).not.toBeNull()
    await started.stop()
    const again = await startOn(there.data, there.database)
    expect(again.parts.epochs.rotation()).toEqual(rotation)
    await again.stop()
    const { findings, counts } = await check(there, signer.vkey)
    expect(findings).toEqual([])
    expect(counts).toMatchObject({ crossings: 1, lostInRestore: 3 })
  })

  test('with a mirror that forked: refused, and the mark stays', async () => {
    const { goOn, data, signer } = await restored('forked')
    const other = await startTestHub()
    await cp(path.join(data, 'keys/log.key'), path.join(other.data, 'keys/log.key'))
    await other.stop()
    const forked = folderTiles(path.join(other.data, 'log'))
    await expect(goOn({ kind: 'recovered', from: forked })).rejects.toMatchObject({
      code: 'log_rolled_back',
    })
    expect(await checkpointOf(data, signer)).toMatchObject({ checkpoint: { size: backedUp } })
    await other.remove()
  })

  test('with nothing left: another log with the same beginning; the old name signs nothing more', async () => {
    const { goOn, signer, ...there } = await restored('renamed')
    const key = generateSigningKey(randomBytes)
    const next = noteSigner('example.gov/after', key.privateKey, key.publicKey, sign)
    const done = await goOn({ kind: 'renamed', next })
    expect(done).toMatchObject({ index: backedUp, lost: 0, vkey: next.vkey })
    expect(await checkpointOf(there.data, signer)).toMatchObject({ kind: 'refused' })
    expect(await checkpointOf(there.data, next)).toMatchObject({
      checkpoint: { size: backedUp + 1 },
    })
    const retired = path.join(there.data, 'log/retired', Buffer.from(signer.keyId).toString('hex'))
    expect(sizeOf(await readFile(path.join(retired, 'checkpoint'), 'utf8'))).toBe(backedUp)
    // Until keys and settings follow, the hub stays off: it would sign under the old name.
    await expect(startOn(there.data, there.database)).rejects.toMatchObject({ code: 'wrong_key' })
    expect((await check(there, next.vkey)).findings).toEqual([])
  })

  test('said twice, after an interruption before the mark went: one entry', async () => {
    const { goOn, data, signer } = await restored('twice')
    const mark = await readFile(path.join(data, 'restored.json'))
    const first = await goOn({ kind: 'final' })
    await writeMark(data, JSON.parse(mark.toString('utf8')))
    expect(await goOn({ kind: 'final' })).toEqual(first)
    expect(await checkpointOf(data, signer)).toMatchObject({ checkpoint: { size: backedUp + 1 } })
  })
})
