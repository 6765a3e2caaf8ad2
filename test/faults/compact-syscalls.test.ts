/**
 * The kernel misbehaves while the vault is compacted: killed at a system call that writes, or one
 * fails with EIO or ENOSPC, or the disk takes half of a write. What is kept opens, rows and segments
 * agree, and the next run frees what was shredded. A seeded sample; SLOW=1 takes every call.
 */

import { spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type DueRecords, expectShredded, prepareDue } from '../support/due-records.ts'
import { durablePoints, failuresAt, injectIn } from '../support/durable-points.ts'
import { openRecords } from '../support/records-at-work.ts'
import { expectAgreement } from '../support/sound.ts'
import { mayTrace, sample, told } from '../support/strace.ts'
import { type Prepared, startWorker } from '../support/worker.ts'

const slow = process.env['SLOW'] === '1'
const sampleSize = { kill: slow ? Infinity : 5, error: slow ? Infinity : 4 }
const mayLimit = spawnSync('prlimit', ['--version']).status === 0

describe.skipIf(!mayTrace)('compacting (skipped unless strace may trace here)', () => {
  let place: string
  let prepared: DueRecords
  /** Of the body that was shredded, as it lies in the vault. */
  let ciphertext: Buffer
  let found: Awaited<ReturnType<typeof durablePoints>>

  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'sallyport-compact-faults-'))
    prepared = await prepareDue(place)
    await expectShredded(prepared, prepared.scenes, 'before')
    const records = await openRecords(prepared.data, prepared.database.url)
    const row = await records.db
      .selectFrom('capture')
      .select(['segment', 'position', 'bytes'])
      .where('id', '=', prepared.scenes.due)
      .executeTakeFirstOrThrow()
    await records.close()
    const at = row.position ?? 0
    ciphertext = (await vaultBytes(prepared)).subarray(at, at + row.bytes)
    const worker = await start()
    found = await durablePoints(worker, path.join(place, 'trace'), async () => {
      expect(await worker.work('compact')).toBe('done')
    })
    await expectFreed(worker, 'undisturbed')
    await worker.remove()
  }, 240_000)
  afterAll(async () => {
    await prepared.database.drop()
    await rm(place, { recursive: true, force: true })
  })

  let copies = 0
  const start = () => startWorker(prepared, path.join(place, `copy-${(copies += 1)}`))

  async function vaultBytes({ data }: Prepared): Promise<Buffer> {
    const names = (await readdir(path.join(data, 'vault'))).toSorted()
    return Buffer.concat(
      await Promise.all(names.map((name) => readFile(path.join(data, 'vault', name)))),
    )
  }

  /** After another run nothing of what was shredded lies in the vault, and what is kept opens. */
  async function expectFreed(records: Prepared, at: string): Promise<void> {
    await expectAgreement(records.data, records.database, at)
    const opened = await openRecords(records.data, records.database.url)
    await opened.compact()
    await opened.close()
    expect((await vaultBytes(records)).includes(ciphertext), at).toBe(false)
    await expectShredded(records, prepared.scenes, at)
  }

  test('killed at a system call: what is kept opens, and the next run frees the rest', async () => {
    expect((await vaultBytes(prepared)).includes(ciphertext)).toBe(true)
    const { points, calls } = found
    for (const call of ['writev', 'fdatasync', 'fsync', 'unlink'])
      expect(points.filter((point) => point.call === call).length, call).toBeGreaterThan(0)
    const taken = sample(points, sampleSize.kill)
    let killed = 0
    for (const point of taken) {
      const worker = await start()
      const tracer = await injectIn(worker, point)
      if ((await worker.work('compact')) === null) killed += 1
      await tracer.detach()
      await worker.kill()
      await expectFreed(worker, told(point))
      await worker.remove()
    }
    console.log(
      `compacting, kill -9: ${taken.length} of ${points.length} system calls that change anything (of ${calls}), ${killed} killed there`,
    )
    expect(killed).toBeGreaterThan(taken.length * 0.7)
  }, 3_600_000)

  test('failed there: what is kept opens, and the next run frees the rest', async () => {
    const points = failuresAt(found.points)
    const taken = sample(points, sampleSize.error)
    let failed = 0
    for (const point of taken) {
      const worker = await start()
      const tracer = await injectIn(worker, point)
      if ((await worker.work('compact')) !== 'done') failed += 1
      await tracer.detach()
      expect(await worker.work('compact'), told(point)).toBe('done')
      await worker.kill()
      await expectFreed(worker, told(point))
      await worker.remove()
    }
    console.log(
      `compacting, EIO and ENOSPC: ${taken.length} of ${points.length} system calls, ${failed} runs broke off`,
    )
    expect(failed).toBeGreaterThan(0)
  }, 3_600_000)

  test.skipIf(!mayLimit)(
    'a disk that takes half of what is copied: nothing is moved, nothing is removed',
    async () => {
      for (const room of slow ? [0, 1, 39, 40, 41, 1000, 4000] : [0, 41]) {
        const worker = await start()
        const limit = (bytes: string) =>
          spawnSync('prlimit', ['--pid', String(worker.pid), `--fsize=${bytes}:unlimited`]).status
        expect(limit(String(room))).toBe(0)
        expect(await worker.work('compact'), `room for ${room}`).toMatch(/^failed /)
        limit('unlimited')
        expect(await worker.work('compact'), `room for ${room}`).toBe('done')
        await worker.kill()
        await expectFreed(worker, `room for ${room}`)
        await worker.remove()
      }
    },
    600_000,
  )
})
