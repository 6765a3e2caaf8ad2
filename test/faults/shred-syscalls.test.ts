/**
 * The hub is killed at a system call that writes while it shreds: claiming, logging, putting what
 * stays under other keys, destroying the key, erasing rows. After the restart what was due opens for
 * nobody, what was not opens, and everything agrees. A seeded sample; SLOW=1 takes every call.
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { type Db, openDatabase } from '@sallyport/store/postgres/database'
import { vaultReader } from '@sallyport/store/vault/segments'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { makeDatabase, type TestDatabase } from '../support/database.ts'
import { enrolByCode, type TestDevice } from '../support/device.ts'
import { type HubProcess, signInByLink, startHubProcess } from '../support/hub-process.ts'
import { freePort } from '../support/hub.ts'
import { hourMs, hours } from '../support/retention.ts'
import { injectAt, mayTrace, pointsOf, sample, told } from '../support/strace.ts'

const calls = ['openat', 'write', 'writev', 'fdatasync', 'fsync', 'rename', 'unlink', 'ftruncate']
const slow = process.env['SLOW'] === '1'
/** Each kill costs a start of the hub. */
const sampleSize = slow ? Infinity : 3

describe.skipIf(!mayTrace)('shredding (skipped unless strace may trace here)', () => {
  let place: string
  let data: string
  let database: TestDatabase
  let db: Db
  let port: number
  let hub: HubProcess
  let device: TestDevice
  let ask: Awaited<ReturnType<typeof signInByLink>>

  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'sallyport-shred-faults-'))
    data = path.join(place, 'data')
    database = await makeDatabase()
    db = openDatabase({ kind: 'url', url: database.url })
    port = await freePort()
    // One thread for files: the calls of one run come in the same order in every run.
    process.env['UV_THREADPOOL_SIZE'] = '1'
    await start()
    ask = await signInByLink(hub.link() ?? '')
    await post('/v1/lanes', { id: 'in-1', name: 'in-1', direction: 'in' })
    const { code } = (await (await post('/v1/lanes/in-1/enrolment-codes', {})).json()) as {
      code: string
    }
    device = await enrolByCode(code, 'in-1', (where, init) =>
      fetch(`${hub.origin}${where}`, { ...init, headers: { 'content-type': 'application/json' } }),
    )
    const chosen = await post('/v1/retention/policies', {
      policy: hours({ scene: 5, reads: 5 }),
      accepts_due: 0,
    })
    expect(chosen.status, await chosen.clone().text()).toBe(201)
  }, 120_000)
  afterAll(async () => {
    delete process.env['UV_THREADPOOL_SIZE']
    await hub.kill()
    await db.destroy()
    await database.drop()
    await rm(place, { recursive: true, force: true })
  })

  const start = async (): Promise<void> => {
    hub = await startHubProcess(data, port, ['--database-url', database.url])
  }
  const post = (where: string, body: unknown) =>
    ask(where, { method: 'POST', body: JSON.stringify(body) })
  const run = () => post('/v1/retention/runs', {}).catch(() => null)

  /** Delivers a crossing that was captured so many hours ago; answers with the id of its scene. */
  async function crossed(hoursAgo: number): Promise<string> {
    const at = new Date(Date.now() - hoursAgo * hourMs).toISOString()
    const { bytes, manifest } = device.bundle({
      change: (one) => ({ ...one, captured_at: at, sealed_at: at }),
    })
    const answer = await fetch(`${hub.origin}/v1/bundles`, {
      method: 'POST',
      body: new Uint8Array(bytes),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(answer.status, await answer.text()).toBe(201)
    return manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
  }

  async function statusOf(capture: string): Promise<number> {
    const answer = await post(`/v1/captures/${capture}/openings`, { purpose: 'audit' })
    await answer.arrayBuffer()
    return answer.status
  }

  async function expectSound(at: string): Promise<void> {
    const vkey = (await readFile(path.join(data, 'log/vkey'), 'utf8')).trim()
    const log = folderTiles(path.join(data, 'log'))
    const vault = vaultReader(path.join(data, 'vault'))
    const { findings } = await fsck({ db, vault, log, vkey })
    expect(findings, at).toEqual([])
  }

  test('killed at a system call: what was due is gone, what was not opens, and it ends', async () => {
    await crossed(10)
    const points = await pointsOf(hub.pid, calls, path.join(place, 'trace'), async () => {
      expect((await run())?.status).toBe(200)
    })
    for (const call of ['fdatasync', 'fsync', 'rename'])
      expect(points.filter((point) => point.call === call).length, call).toBeGreaterThan(0)
    const taken = sample(points, sampleSize)
    const due: string[] = []
    const kept: string[] = []
    let killed = 0
    for (const point of taken) {
      due.push(await crossed(10))
      kept.push(await crossed(0))
      const tracer = await injectAt(hub.pid, point)
      if ((await run()) === null) killed += 1
      await tracer.detach()
      await hub.kill()
      await expectSound(told(point))
      await start()
      expect((await run())?.status, told(point)).toBe(200)
      expect(await statusOf(due.at(-1) ?? ''), told(point)).toBe(410)
      expect(await statusOf(kept.at(-1) ?? ''), told(point)).toBe(201)
      await expectSound(`after ${told(point)}`)
    }
    console.log(
      `shredding, kill -9: ${taken.length} of ${points.length} system calls, ${killed} killed there`,
    )
    expect(killed).toBeGreaterThan(taken.length / 3)
    for (const capture of due) expect(await statusOf(capture)).toBe(410)
    for (const capture of kept) expect(await statusOf(capture)).toBe(201)
    const open = await db
      .selectFrom('shredding')
      .select('id')
      .where('effective_log_index', 'is', null)
      .execute()
    expect(open, 'every shredding came to its end').toEqual([])
  }, 7_200_000)
})
