/** What a lane had to drop: the hub takes its signature for it, and says why it happened. */

import { randomBytes } from 'node:crypto'

import type { GapReason } from '@sallyport/proof/manifest'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await startTestHub()
})
afterAll(() => hub.remove())

const reasons: readonly (readonly [GapReason, RegExp])[] = [
  ['spool_full', /the spool was full/],
  ['no_epoch', /knew no key of the day/],
  ['spool_write_failed', /disk of the lane took nothing/],
]

test.each(reasons)(
  'a loss for the reason %s is one record without pictures, logged, with an alarm that says why',
  async (reason, words) => {
    const device = await enrolTestDevice(hub, `lane-${reason.replaceAll('_', '-')}`)
    const at = new Date().toISOString()
    const { bytes, manifest } = device.bundle({
      change: (one) => ({
        ...one,
        kind: 'gap',
        crossing: randomBytes(16).toString('hex'),
        bodies: [],
        gap: { dropped: [{ class: 'scene', count: 2 }], from: at, to: at, reason },
      }),
    })
    expect((await deliver(hub, bytes)).status).toBe(201)
    const { db } = hub.hub.parts
    const rows = await db
      .selectFrom('crossing')
      .select(['id', 'kind', 'log_index', 'plate_kind'])
      .where('device', '=', device.id)
      .execute()
    expect(rows).toEqual([
      { id: manifest.crossing, kind: 'gap', log_index: expect.any(Number), plate_kind: 'none' },
    ])
    const alarms = await db
      .selectFrom('alarm')
      .select(['kind', 'detail'])
      .where('device', '=', device.id)
      .execute()
    expect(alarms).toEqual([{ kind: 'lane_gap', detail: expect.stringMatching(words) }])
  },
)
