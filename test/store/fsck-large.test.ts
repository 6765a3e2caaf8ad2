/** fsck on a log of more than one bundle of entries. */

import path from 'node:path'

import { fsck } from '@sallyport/store/fsck'
import { folderTiles } from '@sallyport/store/log/folder-tiles'
import { vaultReader } from '@sallyport/store/vault/segments'
import { afterAll, beforeAll, expect, test } from 'vitest'

import { deliver, enrolTestDevice } from '../support/device.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await startTestHub()
})
afterAll(() => hub.remove())

test('crossings beyond the 256th entry are compared with their own entries', async () => {
  const device = await enrolTestDevice(hub, 'in-1')
  for (let batch = 0; batch < 6; batch++) {
    const bundles = Array.from({ length: 50 }, () =>
      device.bundle({ picture: Buffer.alloc(40, batch) }),
    )
    const answers = await Promise.all(bundles.map(({ bytes }) => deliver(hub, bytes)))
    expect(answers.map(({ status }) => status)).toEqual(bundles.map(() => 201))
  }
  const { db, journal } = hub.hub.parts
  const report = await fsck({
    db,
    vault: vaultReader(path.join(hub.data, 'vault')),
    log: folderTiles(path.join(hub.data, 'log')),
    vkey: journal.vkey,
  })
  expect(report.findings).toEqual([])
  expect(report.counts).toMatchObject({
    crossings: 300,
    captures: 900,
    vaultRecords: 900,
    orphanBodies: 0,
    unsettled: 0,
  })
  expect(report.counts.logEntries).toBeGreaterThan(300)
})
