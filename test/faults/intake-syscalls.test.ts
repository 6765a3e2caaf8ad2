/**
 * The kernel misbehaves while a hub takes a crossing in: it is killed at a system call that writes,
 * or one fails with EIO or ENOSPC, or the disk takes half of a write. What was acknowledged is there
 * once, what was not is there whole or not at all. A seeded sample; SLOW=1 takes every call.
 */

import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { vaultReader } from '@sallyport/store/vault/segments'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { enrolByCode, type TestBundle, type TestDevice } from '../support/device.ts'
import { type HubProcess, signInByLink, startHubProcess } from '../support/hub-process.ts'
import { freePort } from '../support/hub.ts'
import { injectAt, mayTrace, type Point, pointsOf, sample, told } from '../support/strace.ts'

const calls = [
  'openat',
  'write',
  'writev',
  'pwrite64',
  'fdatasync',
  'fsync',
  'rename',
  'mkdir',
  'unlink',
  'ftruncate',
]
const failures = [
  ['writev', 'ENOSPC'],
  ['writev', 'EIO'],
  ['fdatasync', 'EIO'],
  ['fsync', 'EIO'],
  ['rename', 'EIO'],
  ['openat', 'ENOSPC'],
] as const
const slow = process.env['SLOW'] === '1'
/** Each kill costs a start of the hub. */
const sampleSize = { kill: slow ? Infinity : 6, error: slow ? Infinity : 20 }
const mayLimit = spawnSync('prlimit', ['--version']).status === 0

describe.skipIf(!mayTrace)('intake (skipped unless strace may trace here)', () => {
  let place: string
  let data: string
  let database: TestDatabase
  let db: Db
  let port: number
  let hub: HubProcess
  let device: TestDevice
  const acknowledged = new Set<string>()

  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'sallyport-intake-faults-'))
    data = path.join(place, 'data')
    database = await makeDatabase()
    db = openDatabase({ kind: 'url', url: database.url })
    port = await freePort()
    // One thread for files: the calls of one crossing come in the same order in every run.
    process.env['UV_THREADPOOL_SIZE'] = '1'
    await start()
    const request = await signInByLink(hub.link() ?? '')
    await request('/v1/lanes', {
      method: 'POST',
      body: JSON.stringify({ id: 'in-1', name: 'in-1', direction: 'in' }),
    })
    const { code } = (await (
      await request('/v1/lanes/in-1/enrolment-codes', { method: 'POST', body: '{}' })
    ).json()) as { code: string }
    device = await enrolByCode(code, 'in-1', (where, init) =>
      fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
    )
    await untilAcknowledged(next())
  }, 120_000)
  afterAll(async () => {
    delete process.env['UV_THREADPOOL_SIZE']
    await hub.kill()
    await db.destroy()
    await database.drop()
    await rm(place, { recursive: true, force: true })
  })

  const next = (): TestBundle => device.bundle({ picture: randomBytes(20_000) })
  const start = async (): Promise<void> => {
    hub = await startHubProcess(data, port, ['--database-url', database.url])
  }

  /** The status of one attempt; null when the hub died under it. */
  async function send({ bytes, manifest }: TestBundle): Promise<number | null> {
    const answer = await fetch(`http://localhost:${port}/v1/bundles`, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    }).catch(() => null)
    if (answer?.status === 200 || answer?.status === 201) acknowledged.add(manifest.crossing)
    await answer?.arrayBuffer().catch(() => undefined)
    return answer?.status ?? null
  }

  async function untilAcknowledged(bundle: TestBundle): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt++) {
      const status = await send(bundle)
      if (status === 200 || status === 201) return
      expect([503, 429]).toContain(status)
    }
    throw new Error(`never acknowledged: ${hub.output()}`)
  }

  /** Rows, vault and log as the disk has them at this moment. */
  async function expectSound(at: string): Promise<void> {
    const vkey = (await readFile(path.join(data, 'log/vkey'), 'utf8')).trim()
    const log = folderTiles(path.join(data, 'log'))
    const { findings, counts } = await fsck({
      db,
      vault: vaultReader(path.join(data, 'vault')),
      log,
      vkey,
    })
    expect(findings, at).toEqual([])
    expect(counts.crossings, at).toBeGreaterThanOrEqual(acknowledged.size)
    expect(counts.crossings, at).toBeLessThanOrEqual(acknowledged.size + 1)
  }

  test('killed at a system call: what was acknowledged is there, nothing is half, and it goes on', async () => {
    const points = await pointsOf(hub.pid, calls, path.join(place, 'trace'), () =>
      untilAcknowledged(next()),
    )
    for (const call of ['writev', 'fdatasync', 'fsync', 'rename'])
      expect(points.filter((point) => point.call === call).length, call).toBeGreaterThan(0)
    const taken = sample(points, sampleSize.kill)
    let killed = 0
    for (const point of taken) {
      const tracer = await injectAt(hub.pid, point)
      const bundle = next()
      if ((await send(bundle)) === null) killed += 1
      await tracer.detach()
      await hub.kill()
      await expectSound(told(point))
      await start()
      await untilAcknowledged(bundle)
    }
    console.log(
      `intake, kill -9: ${taken.length} of ${points.length} system calls, ${killed} killed there`,
    )
    expect(killed).toBeGreaterThan(taken.length / 3)
    await expectSound('at the end')
  }, 3_600_000)

  test('failed there: refused or whole, and the next crossing is taken', async () => {
    const files = async () => [
      ...(await readdir(path.join(data, 'vault'))).map((name) => path.join(data, 'vault', name)),
      ...['tile-0', 'tile-1', 'checkpoint'].map((name) => path.join(data, 'log/.tmp', name)),
      path.join(data, 'log'),
      path.join(data, 'log/checkpoint'),
    ]
    const counted = await pointsOf(
      hub.pid,
      failures.map(([call]) => call),
      path.join(place, 'trace'),
      () => untilAcknowledged(next()),
      await files(),
    )
    const points = failures.flatMap(([call, error]) =>
      counted.filter((point) => point.call === call).map((point): Point => ({ ...point, error })),
    )
    const taken = sample(points, sampleSize.error)
    let refused = 0
    for (const point of taken) {
      const tracer = await injectAt(hub.pid, point, await files())
      const bundle = next()
      const status = await send(bundle)
      await tracer.detach()
      expect([201, 503], told(point)).toContain(status)
      // What could not be written or synced must never be acknowledged.
      if (/^(writev|fdatasync|fsync)$/.test(point.call)) expect(status, told(point)).toBe(503)
      if (status === 503) refused += 1
      await untilAcknowledged(bundle)
    }
    console.log(
      `intake, EIO and ENOSPC: ${taken.length} of ${points.length} system calls, ${refused} refused`,
    )
    expect(refused).toBeGreaterThan(0)
    await expectSound('at the end')
  }, 1_800_000)

  test.skipIf(!mayLimit)(
    'a disk that takes half of a record: refused, and its other half is no crossing later',
    async () => {
      const [segment = ''] = (await readdir(path.join(data, 'vault'))).toSorted().slice(-1)
      for (const room of slow ? [0, 1, 4, 39, 40, 41, 1000, 19_000, 27_000] : [1, 40, 19_000]) {
        const { size } = await stat(path.join(data, 'vault', segment))
        const limit = (bytes: string) =>
          spawnSync('prlimit', ['--pid', String(hub.pid), `--fsize=${bytes}:unlimited`]).status
        expect(limit(String(size + room))).toBe(0)
        const bundle = next()
        expect(await send(bundle), `room for ${room} bytes`).toBe(503)
        limit('unlimited')
        await untilAcknowledged(bundle)
      }
      await expectSound('after short writes')
    },
    120_000,
  )
})
