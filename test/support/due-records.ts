/** The records of a stopped hub with something to shred: a due scene, one that is held, one to be kept. */

import path from 'node:path'

import { expect } from 'vitest'

import { deliver, enrolTestDevice } from './device.ts'
import { startTestHub } from './hub.ts'
import { openRecords } from './records-at-work.ts'
import { choose, heldBy, hourMs, hours } from './retention.ts'
import { expectAgreement } from './sound.ts'
import type { Prepared } from './worker.ts'

export type DueRecords = Prepared & {
  /** Captures by what becomes of them. */
  readonly scenes: { readonly due: string; readonly held: string; readonly kept: string }
}

export async function prepareDue(place: string): Promise<DueRecords> {
  const data = path.join(place, 'prepared')
  const hub = await startTestHub({ data })
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
  const scenes = {
    due: await crossed(10, 'PASS01'),
    held: await crossed(10, 'HELD01'),
    kept: await crossed(0, 'PASS02'),
  }
  await hub.stop()
  return { data, database: hub.database, scenes }
}

/** What the next start makes of records, whatever became of them: finished, whole, and in agreement. */
export async function expectShredded(
  { data, database }: Prepared,
  { due, held, kept }: DueRecords['scenes'],
  at: string,
): Promise<void> {
  const records = await openRecords(data, database.url)
  try {
    await records.retention.recover()
    await records.retention.run()
    expect(await records.opens(due), at).toBe(false)
    expect(await records.opens(held), at).toBe(true)
    expect(await records.opens(kept), at).toBe(true)
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
