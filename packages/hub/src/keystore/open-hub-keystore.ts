/** The keystore of a hub, opened with its settings and logged. */

import { createHash } from 'node:crypto'
import path from 'node:path'

import { holderOf } from '@sallyport/store/keystore/holder-of'
import { KeystoreError } from '@sallyport/store/keystore/keystore'
import { openKeystore } from '@sallyport/store/keystore/open-keystore'
import type { Db } from '@sallyport/store/postgres/database'
import { anyUnderKek } from '@sallyport/store/stored-headers'

import type { Journal } from '../journal.ts'
import type { HubSettings } from '../settings.ts'
import { HubStartError } from '../start-error.ts'
import { createKekDesk, type KekDesk } from './kek-desk.ts'

/** Opens `<keys>/keystore`, makes it when there is none. Throws for the operator. */
export async function openHubKeystore(
  keysDirectory: string,
  {
    keystoreCopies,
    keystoreHolder,
    rootPassphrase,
  }: Pick<HubSettings, 'keystoreCopies' | 'keystoreHolder' | 'rootPassphrase'>,
  context: {
    readonly db: Db
    readonly journal: Pick<Journal, 'append'>
    readonly now: () => Date
    readonly report: (message: string) => void
  },
): Promise<KekDesk> {
  const { db, journal, now, report } = context
  const folder = path.join(keysDirectory, 'keystore')
  try {
    const holder = holderOf(keystoreHolder, {
      folder,
      passphrase: () => Promise.resolve(rootPassphrase ?? null),
      environment: process.env,
      now,
    })
    const keystore = await openKeystore({
      folder,
      holder,
      copies: keystoreCopies,
      mayBegin: !(await anyUnderKek(db)),
      now,
      report,
    })
    await holder.eraseOthers()
    const { generation, holder: kind, reference, keks } = keystore.status()
    await journal.append({
      v: 1,
      at: now().toISOString(),
      kind: 'keystore_opened',
      holder: kind,
      reference_sha256: createHash('sha256').update(reference).digest('hex'),
      generation,
      keks,
    })
    return createKekDesk({ keystore, journal, now, report })
  } catch (error) {
    if (error instanceof KeystoreError)
      throw new HubStartError(error.code, error.message, { cause: error })
    throw error
  }
}
