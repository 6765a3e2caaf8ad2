/**
 * The kernel misbehaves while a hub's records are shredded: claiming, logging, putting what stays
 * under other keys, destroying the key, erasing rows. Killed at a system call that writes, or one fails
 * with EIO or ENOSPC: everything agrees, and after the next start what was due opens for nobody and
 * what was not opens. A seeded sample; SLOW=1 takes every call.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { type DueRecords, expectShredded, prepareDue } from '../support/due-records.ts'
import { durablePoints, failuresAt, injectIn } from '../support/durable-points.ts'
import { expectAgreement } from '../support/sound.ts'
import { mayTrace, sample, told } from '../support/strace.ts'
import { startWorker } from '../support/worker.ts'

const slow = process.env['SLOW'] === '1'
/** Each point costs two starts of what a hub shreds with. */
const sampleSize = { kill: slow ? Infinity : 5, error: slow ? Infinity : 4 }

describe.skipIf(!mayTrace)('shredding (skipped unless strace may trace here)', () => {
  let place: string
  let prepared: DueRecords
  let found: Awaited<ReturnType<typeof durablePoints>>

  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'sallyport-shred-faults-'))
    prepared = await prepareDue(place)
    const worker = await start()
    found = await durablePoints(worker, path.join(place, 'trace'), async () => {
      expect(await worker.work('shred')).toBe('done')
    })
    await worker.remove()
  }, 240_000)
  afterAll(async () => {
    await prepared.database.drop()
    await rm(place, { recursive: true, force: true })
  })

  let copies = 0
  const start = () => startWorker(prepared, path.join(place, `copy-${(copies += 1)}`))

  test('killed at a system call: what was due is gone, what was not opens, and it ends', async () => {
    const { points, calls } = found
    for (const call of ['openat', 'write', 'writev', 'fdatasync', 'fsync', 'rename', 'unlink'])
      expect(points.filter((point) => point.call === call).length, call).toBeGreaterThan(0)
    const taken = sample(points, sampleSize.kill)
    let killed = 0
    let next = start()
    for (const [at, point] of taken.entries()) {
      const worker = await next
      if (at + 1 < taken.length) next = start()
      const tracer = await injectIn(worker, point)
      if ((await worker.work('shred')) === null) killed += 1
      await tracer.detach()
      await worker.kill()
      await expectAgreement(worker.data, worker.database, told(point))
      await expectShredded(worker, prepared.scenes, told(point))
      await worker.remove()
      if (slow && at % 20 === 19) console.log(`${at + 1} of ${taken.length}, ${killed} killed`)
    }
    console.log(
      `shredding, kill -9: ${taken.length} of ${points.length} system calls that change anything (of ${calls}), ${killed} killed there`,
    )
    expect(killed).toBeGreaterThan(taken.length * 0.7)
  }, 10_800_000)

  test('failed there: refused or done, and the next run finishes it', async () => {
    const points = failuresAt(found.points)
    const taken = sample(points, sampleSize.error)
    let failed = 0
    let next = start()
    for (const [at, point] of taken.entries()) {
      const worker = await next
      if (at + 1 < taken.length) next = start()
      const tracer = await injectIn(worker, point)
      if ((await worker.work('shred')) !== 'done') failed += 1
      await tracer.detach()
      // In the same process, as the hub's upkeep does: it goes on where it was.
      const again = await worker.work('shred')
      expect(['done', null], told(point)).toContain(again)
      await worker.kill()
      await expectAgreement(worker.data, worker.database, told(point))
      await expectShredded(worker, prepared.scenes, told(point))
      await worker.remove()
      if (slow && at % 20 === 19) console.log(`${at + 1} of ${taken.length}, ${failed} failed`)
    }
    console.log(
      `shredding, EIO and ENOSPC: ${taken.length} of ${points.length} system calls, ${failed} runs broke off`,
    )
  }, 10_800_000)
})
