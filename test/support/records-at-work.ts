/**
 * What a hub shreds and compacts with, opened on a copy of its data without the rest of it: a start
 * costs a tenth of a whole hub's, and every write is the same.
 */

import path from 'node:path'

import { openJournal } from '@sallyport/hub/journal'
import { loadHubKeys } from '@sallyport/hub/keys'
import { openHubKeystore } from '@sallyport/hub/keystore/open-hub-keystore'
import { createRetention } from '@sallyport/hub/retention/retention'
import { highestReferredLogIndex } from '@sallyport/store/intake'
import { portById } from '@sallyport/store/lanes'
import { openDatabase } from '@sallyport/store/postgres/database'
import { compactSegment, isWorthCompacting, segmentUse } from '@sallyport/store/vault/compact'
import { readBody } from '@sallyport/store/vault/placed'
import { openVault } from '@sallyport/store/vault/segments'

import { testSettings } from './hub-settings.ts'

export type RecordsAtWork = Awaited<ReturnType<typeof openRecords>>

export async function openRecords(data: string, url: string) {
  const settings = testSettings({ data, databaseUrl: url })
  const db = openDatabase({ kind: 'url', url })
  const port = await portById(db, settings.portOfEntry.id)
  if (port === null) throw new Error('the prepared hub has its port')
  const keys = await loadHubKeys(path.join(data, 'keys'), false)
  const now = () => new Date()
  const journal = await openJournal({
    directory: path.join(data, 'log'),
    origin: settings.logOrigin,
    key: keys.log,
    sizeMin: (await highestReferredLogIndex(db)) + 1,
    now: now(),
  })
  const vault = await openVault(path.join(data, 'vault'))
  const base = { db, journal, now, report: () => undefined }
  const keks = await openHubKeystore(path.join(data, 'keys'), settings, base)
  const retention = createRetention({
    ...base,
    port,
    keks,
    vault,
    // Nothing comes in here.
    intake: { paused: (act) => act() },
    readsErased: () => undefined,
  })
  return {
    db,
    vault,
    retention,
    /** Closes the open segment, and compacts all that have anything shredded in them. */
    async compact(): Promise<void> {
      await vault.roll()
      for (const use of await segmentUse(db, vault))
        if (use.segment < vault.current() && isWorthCompacting(use, 0))
          await compactSegment(db, vault, use, (act) => act())
    },
    /** Whether a capture still opens with what is here. */
    async opens(capture: string): Promise<boolean> {
      const row = await db
        .selectFrom('capture')
        .selectAll()
        .where('id', '=', capture)
        .executeTakeFirstOrThrow()
      if (row.shredding !== null || row.kek === null) return false
      const read = await readBody(vault, row, row, async () => null)
      if (read.kind !== 'body') throw new Error(read.detail)
      return keks.open(row.kek, { header: row.header, body: read.body }).kind === 'opened'
    },
    async close(): Promise<void> {
      await retention.stop()
      await keks.keystore.close()
      await journal.close()
      await vault.close()
      await db.destroy()
    },
  }
}
