/** Keys of parties outside, to which copies may be sealed. */

import type { PartyKind } from '@sallyport/core/grants/grant'
import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type RecipientRow = Selectable<Database['release_recipients']> & {
  readonly party_name: string
  readonly party_kind: PartyKind
  readonly party_contact: string
}

/** False when the key is known already, also as a revoked one: it is never taken again. */
export async function insertRecipient(
  db: Db,
  recipient: Insertable<Database['release_recipients']>,
): Promise<boolean> {
  const result = await db
    .insertInto('release_recipients')
    .values(recipient)
    .onConflict((conflict) => conflict.column('recipient').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

/** The log has it: from here on it may be sealed to. */
export async function noteRecipientLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db
    .updateTable('release_recipients')
    .set({ log_index: logIndex })
    .where('id', '=', id)
    .execute()
}

/** False when it was revoked before. */
export async function noteRecipientRevoked(
  db: Db,
  id: string,
  revocation: { readonly at: Date; readonly by: string },
): Promise<boolean> {
  const result = await db
    .updateTable('release_recipients')
    .set({ revoked_at: revocation.at, revoked_by: revocation.by })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Those that the log has, newest first. */
export async function listRecipients(db: Db): Promise<readonly RecipientRow[]> {
  return recipients(db).orderBy('added_at', 'desc').execute()
}

export async function recipientById(db: Db, id: string): Promise<RecipientRow | null> {
  return (await recipients(db).where('release_recipients.id', '=', id).executeTakeFirst()) ?? null
}

function recipients(db: Db) {
  return db
    .selectFrom('release_recipients')
    .innerJoin('party', 'party.id', 'release_recipients.party')
    .selectAll('release_recipients')
    .select([
      'party.name as party_name',
      'party.kind as party_kind',
      'party.contact as party_contact',
    ])
    .where('release_recipients.log_index', 'is not', null)
}
