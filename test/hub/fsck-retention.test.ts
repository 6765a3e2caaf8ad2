/** fsck knows what was shredded, and finds what somebody changed of it. */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { choose, heldBy, hourMs, hours } from '../support/retention.ts'
import { crossWith, decide, unsureReads } from '../support/review.ts'
import { cross, hitsOf, inDays, judge, madeEntry } from '../support/watch.ts'

let hub: TestHub
let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)

async function check() {
  const { db, vault, journal } = hub.hub.parts
  const log = folderTiles(path.join(hub.data, 'log'))
  return fsck({ db, vault, log, vkey: journal.vkey })
}

beforeAll(async () => {
  hub = await startTestHub({ now })
  const device = await enrolTestDevice(hub, 'in-1')
  const supervisor = await hub.signIn(['supervisor'])
  await madeEntry(supervisor, { plate: 'FSCK8T', expires_at: inDays(200) })
  await cross(hub, device, 'FSCKBT')
  const [hit] = await hitsOf(hub, supervisor)
  if (hit === undefined) throw new Error('it is a possible match')
  await judge(supervisor, hit, 'rejected')
  const waiting = await crossWith(hub, device, unsureReads(['FSCK1', 'FSCKI']))
  expect((await decide(supervisor, waiting, 'FSCKI')).status).toBe(201)
  aheadMs = 10 * hourMs
  await cross(hub, device, 'KEPT1')
  const privacy = await hub.signIn(['privacy'])
  const auditor = await hub.signIn(['auditor'])
  await heldBy(privacy, auditor, { kind: 'plate', plate: 'KEPT1' }, new Date(Date.now() + 4e8))
  await choose(privacy, hours({ reads: 8, scene: 8 }))
  expect(await hub.hub.parts.retention.run()).toBe(2)
})
afterAll(() => hub.remove())

test('verdicts and matches that went with their reads are missed by nobody', async () => {
  const { findings, counts } = await check()
  expect(findings).toEqual([])
  expect(counts).toMatchObject({ shreddings: 2, shredded: 4, holds: 1, verdicts: 0, watchHits: 0 })
})

test.each<[string, string, string, string]>([
  [
    'a read that somebody put back',
    `update crossing set plate_text = 'FSCKBT' where plate_kind = 'none'`,
    `update crossing set plate_text = null where plate_kind = 'none'`,
    'shredded_remains',
  ],
  [
    'a header that somebody put back',
    `update capture set header = 'age' where shredded_at is not null and class = 'scene'`,
    `update capture set header = '' where shredded_at is not null and class = 'scene'`,
    'shredded_remains',
  ],
  [
    'a picture made to look shredded',
    `update capture set shredding = (select id from shredding where class = 'scene'), epoch_day = '2001-01-01'
       where class = 'scene' and shredding is null`,
    `update capture set shredding = null where epoch_day = '2001-01-01'`,
    'shredding_differs',
  ],
  [
    'a shredding that nobody asked the log for',
    `update shredding set class = 'face' where class = 'scene'`,
    `update shredding set class = 'scene' where class = 'face'`,
    'shredding_differs',
  ],
  [
    'a period that somebody shortened in the row',
    `update retention_policy set policy = jsonb_set(policy, '{rules,reads,0,keep,hours}', '1')`,
    `update retention_policy set policy = jsonb_set(policy, '{rules,reads,0,keep,hours}', '8')`,
    'policy_differs',
  ],
  [
    'a hold that somebody moved to another plate',
    `update legal_hold set plate = 'OTHER1'`,
    `update legal_hold set plate = 'KEPT1'`,
    'hold_differs',
  ],
  [
    'a hold whose approval was put under another name',
    `update hold_act set account = (select account from hold_act where act = 'requested'), log_from = -7
       where act = 'approved'`,
    `update hold_act set account = (select made_by from retention_policy) where act = 'none'`,
    'hold_differs',
  ],
])('%s is found', async (_hazard, change, back, code) => {
  const { db } = hub.hub.parts
  await sql.raw(change).execute(db)
  const { findings } = await check()
  expect(findings.map((one) => one.code)).toContain(code)
  await sql.raw(back).execute(db)
})
