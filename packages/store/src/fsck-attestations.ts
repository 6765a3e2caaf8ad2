/** Whether each hand-over page is what its device signed, and what the log names. */

import { createHash } from 'node:crypto'

import { verifyDeviceAttestation } from '@sallyport/proof/device-attestation'
import { verify } from '@sallyport/proof/node/ed25519'

import type { LoggedNamed } from './fsck-named.ts'
import type { Db } from './postgres/database.ts'

type Add = (code: 'row_differs', about: string, detail: string) => void

/** Checks signature, columns and entry of every page. */
export async function checkAttestations(db: Db, logged: LoggedNamed, add: Add): Promise<void> {
  const rows = await db
    .selectFrom('device_attestation')
    .innerJoin('device', 'device.id', 'device_attestation.device')
    .selectAll('device_attestation')
    .select('device.public_key')
    .execute()
  for (const row of rows) {
    const verified = verifyDeviceAttestation(row.public_key, row.statement, row.signature, verify)
    if (verified.kind === 'refused') {
      add('row_differs', row.id, 'The hand-over page is not what its device signed.')
      continue
    }
    const { statement } = verified
    const sha256 = createHash('sha256').update(row.statement).digest('hex')
    const agrees =
      statement.attestation === row.id &&
      statement.device === row.device &&
      statement.lane === row.lane &&
      statement.made_at === row.made_at.toISOString() &&
      sha256 === row.statement_sha256.toString('hex')
    const entry = logged
      .get(`device_attested ${row.id}`)
      ?.find(({ index }) => index === row.log_index)?.entry
    const isLogged =
      entry?.kind === 'device_attested' &&
      entry.at === row.received_at.toISOString() &&
      entry.device === row.device &&
      entry.statement_sha256 === sha256
    // Without an entry it is found as such already.
    if (!agrees || (entry !== undefined && !isLogged))
      add('row_differs', row.id, 'A hand-over page is not what its device signed and the log has.')
  }
}
