/** Parties, their people and what they have standing at lanes. */

import type { PartyKind } from '@sallyport/core/grants/grant'
import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type PartyRow = Selectable<Database['party']>
export type EquipmentRow = Selectable<Database['equipment']>

/** False when the id is taken. */
export async function insertParty(db: Db, party: Insertable<Database['party']>): Promise<boolean> {
  const result = await db
    .insertInto('party')
    .values(party)
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0
}

export async function listParties(
  db: Db,
): Promise<readonly (PartyRow & { readonly people: number })[]> {
  const rows = await db
    .selectFrom('party')
    .leftJoin('account', 'account.party', 'party.id')
    .selectAll('party')
    .select(({ fn }) => fn.count('account.id').as('people'))
    .groupBy('party.id')
    .orderBy('party.added_at')
    .orderBy('party.id')
    .execute()
  return rows.map(({ people, ...party }) => ({ ...party, people: Number(people) }))
}

/** The party and unit of an account; null when there is no such account. */
export async function affiliationOf(
  db: Db,
  account: string,
): Promise<{ readonly party: string; readonly kind: PartyKind; readonly unit: string } | null> {
  const row = await db
    .selectFrom('account')
    .innerJoin('party', 'party.id', 'account.party')
    .select(['party.id as party', 'party.kind', 'account.unit'])
    .where('account.id', '=', account)
    .executeTakeFirst()
  return row ?? null
}

export async function insertEquipment(
  db: Db,
  equipment: Insertable<Database['equipment']>,
): Promise<void> {
  await db.insertInto('equipment').values(equipment).execute()
}

/** What stands at lanes, the next one due first. */
export async function listEquipment(db: Db): Promise<readonly EquipmentRow[]> {
  return db
    .selectFrom('equipment')
    .selectAll()
    .where('removed_at', 'is', null)
    .orderBy('due_at')
    .execute()
}

/** Somebody looked at it; false when it is not there or was removed. */
export async function noteAssessed(
  db: Db,
  id: string,
  assessment: { readonly at: Date; readonly by: string; readonly dueAt: Date },
): Promise<boolean> {
  const result = await db
    .updateTable('equipment')
    .set({ assessed_at: assessment.at, assessed_by: assessment.by, due_at: assessment.dueAt })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** False when it is not there or was removed before. */
export async function noteRemoved(
  db: Db,
  id: string,
  removal: { readonly at: Date; readonly by: string },
): Promise<boolean> {
  const result = await db
    .updateTable('equipment')
    .set({ removed_at: removal.at, removed_by: removal.by })
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Parties whose grants are suspended at `now`, each with a sentence that says why. */
export async function suspendedParties(db: Db, now: Date): Promise<ReadonlyMap<string, string>> {
  const contained = await db
    .selectFrom('containment_step')
    .select('target')
    .where('act', '=', 'grants_suspended')
    .where('log_index', 'is not', null)
    .where('lifted_at', 'is', null)
    .execute()
  const rows = await db
    .selectFrom('equipment')
    .select(['party', 'name'])
    .where('removed_at', 'is', null)
    .where('due_at', '<=', now)
    .orderBy('due_at', 'desc')
    .execute()
  return new Map([
    ...rows.map(
      ({ party, name }) => [party, `${name} of ${party} is overdue for assessment.`] as const,
    ),
    ...contained.map(({ target }) => [target, `${target} is cut off in an incident.`] as const),
  ])
}
