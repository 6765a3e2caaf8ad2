/** Releases as the API gives them. Which of their files were drawn is never among it. */

import { copiesState } from '@sallyport/core/releases/release'
import { listRecipients } from '@sallyport/store/releases/recipients'
import {
  attestationsOf,
  countCaptures,
  decisionsOf,
  type ReleaseRow,
} from '@sallyport/store/releases/releases'
import type { z } from 'zod'

import type * as schemas from '../api/release-schemas.ts'
import type { ReleaseContext } from './context.ts'

export type ReleaseView = z.input<typeof schemas.release>
export type RecipientView = z.input<typeof schemas.recipient>

/** These releases with their recipients, decisions and attestations, in the order given. */
export async function releaseViews(
  rows: readonly ReleaseRow[],
  { db, now }: ReleaseContext,
): Promise<ReleaseView[]> {
  const ids = rows.map(({ id }) => id)
  const [decisions, attestations, pictures, recipients] = await Promise.all([
    decisionsOf(db, ids),
    attestationsOf(db, ids),
    countCaptures(db, ids),
    recipientViews({ db }),
  ])
  return rows.map((row) => {
    const recipient = recipients.find(({ id }) => id === row.recipient)
    if (recipient === undefined) throw new Error('a release has a recipient')
    return {
      id: row.id,
      state: row.state,
      copies: copiesState({ state: row.state, expiresAt: row.expires_at }, now()),
      recipient,
      purpose: row.purpose,
      basis: row.basis,
      pictures: pictures.get(row.id) ?? 0,
      canaries: row.canaries,
      requested_at: row.requested_at.toISOString(),
      made_at: row.made_at?.toISOString() ?? null,
      expires_at: row.expires_at.toISOString(),
      returned_at: row.returned_at?.toISOString() ?? null,
      manifest_sha256: row.manifest_sha256?.toString('hex') ?? null,
      log_index: row.log_index ?? 0,
      made_log_index: row.made_log_index,
      code: row.code,
      decisions: decisions
        .filter(({ release }) => release === row.id)
        .map(({ at, account, name, unit, says, policies, log_index: index }) => ({
          at: at.toISOString(),
          by: { id: account, name, unit },
          says,
          policies,
          log_index: index ?? 0,
        })),
      attestations: attestations
        .filter(({ release }) => release === row.id)
        .map(({ at, says, said_by: saidBy, statement_sha256: sha256, log_index: index }) => ({
          at: at.toISOString(),
          how: says,
          said_by: saidBy,
          statement_sha256: sha256.toString('hex'),
          log_index: index ?? 0,
        })),
    }
  })
}

export async function recipientViews({ db }: Pick<ReleaseContext, 'db'>): Promise<RecipientView[]> {
  return (await listRecipients(db)).map((row) => ({
    id: row.id,
    party: { id: row.party, name: row.party_name, contact: row.party_contact },
    name: row.name,
    key: row.recipient,
    added_at: row.added_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }))
}
