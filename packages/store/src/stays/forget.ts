/** When crossings are erased, what stays knew of them goes with them. */

import { sql, type Transaction } from 'kysely'

import type { Database } from '../schema.ts'
import { holdStays } from './computed.ts'

/**
 * Erases passages, stays and statements of these crossings, in the transaction that erases them. What is
 * left of a stay pairs with nothing again: an exit that was erased must not make anybody an overstayer.
 * Answers with how many passages went.
 */
export async function forgetCrossings(
  transaction: Transaction<Database>,
  ids: readonly string[],
): Promise<number> {
  if (ids.length === 0) return 0
  await holdStays(transaction)
  const gone = await transaction
    .deleteFrom('stay_passage')
    .where('crossing', 'in', [...ids])
    .returning(['id', 'key'])
    .execute()
  if (gone.length === 0) return 0
  const passages = gone.map(({ id }) => id)
  await sql`with touched as (
      delete from stay where passages && ${passages}::uuid[] returning key, passages
    ), left_over as (
      update stay_passage set other_erased = true
      where id in (select unnest(passages) from touched)
    ), keys as (
      select key from touched union
      select unnest(${gone.flatMap(({ key }) => (key === null ? [] : [key]))}::text[])
    )
    insert into stay_due (key, at) select key, now() from keys order by key
    on conflict (key) do update set at = excluded.at`.execute(transaction)
  // A chain of statements goes whole: its links point at each other.
  await sql`delete from stay_statement
    where passage = any(${passages}::uuid[]) or other = any(${passages}::uuid[])
      or passage in (select passage from stay_statement where other = any(${passages}::uuid[]))`.execute(
    transaction,
  )
  return gone.length
}
