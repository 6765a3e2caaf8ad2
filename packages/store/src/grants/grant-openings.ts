/** What was opened or refused under a grant. */

import type { Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type GrantOpeningRow = Selectable<Database['opening']> & { readonly account_name: string }

/** Newest first, at most `limit`; those that the log has. */
export async function grantOpenings(
  db: Db,
  grant: string,
  since: Date,
  limit: number,
): Promise<readonly GrantOpeningRow[]> {
  return db
    .selectFrom('opening')
    .innerJoin('account', 'account.id', 'opening.account')
    .selectAll('opening')
    .select('account.name as account_name')
    .where('opening.access_grant', '=', grant)
    .where('opening.at', '>=', since)
    .where('opening.log_index', 'is not', null)
    .orderBy('opening.at', 'desc')
    .limit(limit)
    .execute()
}
