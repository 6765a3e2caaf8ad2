/**
 * The kernel misbehaves while a hub's records are shredded: claiming, logging, putting what stays under other keys,
 * destroying the key, erasing rows. It is killed at a system call that writes; afterwards everything
 * agrees, and after the next start what was due opens for nobody and what was not opens. A seeded
 * sample; SLOW=1 takes every call.
 */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { durablePoints, injectIn } from '../support/durable-points.ts'
import { startTestHub } from '../support/hub.ts'
import { openRecords } from '../support/records-at-work.ts'
import { choose, heldBy, hourMs, hours } from '../support/retention.ts'
import { expectAgreement } from '../support/sound.ts'
import { mayTrace, sample, told } from '../support/strace.ts'
import { type Prepared, startWorker } from '../support/worker.ts'

const slow = process.env['SLOW'] === '1'
/** Each point costs two starts of what a hub shreds with. */
const sampleSize = slow ? Infinity : 6

describe.skipIf(!mayTrace)('shredding (skipped unless strace may trace here)', () => {
  let place: string
  let prepared: Prepared
  /** Scenes by what becomes of them. */
  const scenes = { due: '', held: '', kept: '' }

  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'sallyport-shred-faults-'))
    const data = path.join(place, 'prepared')
    const hub = await startTestHub({ data })
    prepared = { data, database: hub.database }
    const device = await enrolTestDevice(hub, 'in-1')
    const [auditor, privacy] = [await hub.signIn(['auditor']), await hub.signIn(['privacy'])]
    const inADay = new Date(Date.now() + 24 * hourMs)
    await heldBy(privacy, auditor, { kind: 'plate', plate: 'HELD01' }, inADay)
    await choose(privacy, hours({ scene: 5, reads: 5 }))
    const crossed = async (hoursAgo: number, plate: string) => {
      const at = new Date(Date.now() - hoursAgo * hourMs).toISOString()
      const { bytes, manifest } = device.bundle({
        plate,
        change: (one) => ({ ...one, captured_at: at, sealed_at: at }),
      })
      expect((await deliver(hub, bytes)).status).toBe(201)
      return manifest.bodies.find((body) => body.class === 'scene')?.id ?? ''
    }
    scenes.due = await crossed(10, 'PASS01')
    scenes.held = await crossed(10, 'HELD01')
    scenes.kept = await crossed(0, 'PASS02')
    await hub.stop()
  }, 120_000)
  afterAll(async () => {
    await prepared.database.drop()
    await rm(place, { recursive: true, force: true })
  })

  let copies = 0
  const start = () => startWorker(prepared, path.join(place, `copy-${(copies += 1)}`))

  /** What the next start makes of it. */
  async function expectEnded({ data, database }: Prepared, at: string): Promise<void> {
    const records = await openRecords(data, database.url)
    try {
      await records.retention.recover()
      await records.retention.run()
      expect(await records.opens(scenes.due), at).toBe(false)
      expect(await records.opens(scenes.held), at).toBe(true)
      expect(await records.opens(scenes.kept), at).toBe(true)
      const open = await records.db
        .selectFrom('shredding')
        .select('id')
        .where('effective_log_index', 'is', null)
        .execute()
      expect(open, `${at}: every shredding came to its end`).toEqual([])
    } finally {
      await records.close()
    }
    await expectAgreement(data, database, `after ${at}`)
  }

  async function pointsOfWork() {
    const worker = await start()
    const found = await durablePoints(worker, path.join(place, 'trace'), async () => {
      expect(await worker.work('shred')).toBe('done')
    })
    await worker.remove()
    return found
  }

  test('killed at a system call: what was due is gone, what was not opens, and it ends', async () => {
    const { points, calls } = await pointsOfWork()
    for (const call of ['openat', 'write', 'writev', 'fdatasync', 'fsync', 'rename', 'unlink'])
      expect(points.filter((point) => point.call === call).length, call).toBeGreaterThan(0)
    const taken = sample(points, sampleSize)
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
      await expectEnded(worker, told(point))
      await worker.remove()
      if (slow && at % 20 === 19) console.log(`${at + 1} of ${taken.length}, ${killed} killed`)
    }
    console.log(
      `shredding, kill -9: ${taken.length} of ${points.length} system calls that change anything (of ${calls}), ${killed} killed there`,
    )
    expect(killed).toBeGreaterThan(taken.length * 0.7)
  }, 10_800_000)
})
