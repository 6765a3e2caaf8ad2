/** Opens what a hub keeps: its rows, its vault and its log. */

import { stat } from 'node:fs/promises'
import path from 'node:path'

import { highestReferredLogIndex } from '@sallyport/store/intake'
import { ensurePort, portById } from '@sallyport/store/lanes'
import { ensurePartitions } from '@sallyport/store/migrate'
import type { Db } from '@sallyport/store/postgres/database'
import { openVault } from '@sallyport/store/vault/segments'

import { createEvents } from './events.ts'
import type { HubOptions } from './hub.ts'
import { createOrigins } from './intake/origins.ts'
import { expectRowsOfLog } from './intake/rows-behind-log.ts'
import { loadHubKeys } from './keys.ts'
import { openHubLog } from './open-log.ts'

/** Rows, vault and log: what everything else is built on. What was opened is closed by `undo`. */
export async function openRecords(
  { settings, now = () => new Date(), report = () => undefined }: HubOptions,
  data: string,
  db: Db,
  undo: (() => Promise<void>)[],
) {
  await ensurePartitions(db, now())
  await ensurePort(db, { ...settings.portOfEntry, created_at: now() })
  const port = await portById(db, settings.portOfEntry.id)
  if (port === null) throw new Error('a port that was just stored is there')
  const isNew = !(await exists(path.join(data, 'log', 'checkpoint')))
  const keys = await loadHubKeys(path.join(data, 'keys'), isNew)
  const sizeMin = (await highestReferredLogIndex(db)) + 1
  const { journal, witnessed, onAlarm } = await openHubLog({
    directory: path.join(data, 'log'),
    settings,
    key: keys.log,
    sizeMin,
    now,
    report,
    undo,
  })
  const isRestored = await expectRowsOfLog({ db, journal }, sizeMin)
  const vault = await openVault(path.join(data, 'vault'))
  undo.push(() => vault.close())
  const events = createEvents(now().getTime())
  const context = { db, vault, journal, events, origins: createOrigins(db), now, report }
  return { context, port, keys, witnessed, onAlarm, isRestored }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
