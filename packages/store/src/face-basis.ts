/** Grounds for comparing faces, and who named, agreed to and ended them. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type BasisAct = Selectable<Database['face_basis_act']> & { readonly account_name: string }
export type BasisRow = Selectable<Database['face_basis']> & { readonly acts: readonly BasisAct[] }

/** Every ground with the acts that the log has, newest first. */
export async function listBases(db: Db): Promise<readonly BasisRow[]> {
  const [bases, acts] = await Promise.all([
    db.selectFrom('face_basis').selectAll().execute(),
    withNames(db)
      .where('face_basis_act.log_index', 'is not', null)
      .orderBy('face_basis_act.log_index', 'desc')
      .execute(),
  ])
  return bases
    .map((basis) => ({ ...basis, acts: acts.filter((act) => act.basis === basis.id) }))
    .filter(({ acts: own }) => own.some(({ act }) => act === 'proposed'))
    .toSorted((a, b) => (b.acts[0]?.log_index ?? 0) - (a.acts[0]?.log_index ?? 0))
}

function withNames(db: Db) {
  return db
    .selectFrom('face_basis_act')
    .innerJoin('account', 'account.id', 'face_basis_act.account')
    .selectAll('face_basis_act')
    .select('account.name as account_name')
}

/** Stores a ground with the act that names it; neither counts yet. */
export async function insertBasis(
  db: Db,
  basis: Insertable<Database['face_basis']>,
  act: Omit<Insertable<Database['face_basis_act']>, 'act' | 'basis'>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('face_basis').values(basis).execute()
    await transaction
      .insertInto('face_basis_act')
      .values({ ...act, basis: basis.id, act: 'proposed' })
      .execute()
  })
}

/** False when somebody did so already, or is doing it. */
export async function insertBasisAct(
  db: Db,
  act: Insertable<Database['face_basis_act']>,
): Promise<boolean> {
  const done = await db
    .insertInto('face_basis_act')
    .values(act)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

export async function noteBasisActLogged(
  db: Db,
  { basis, act }: Pick<BasisAct, 'basis' | 'act'>,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('face_basis_act')
    .set({ log_index: logIndex })
    .where('basis', '=', basis)
    .where('act', '=', act)
    .execute()
}

/** The log did not take it: it was never said. */
export async function dropBasisAct(
  db: Db,
  { basis, act }: Pick<BasisAct, 'basis' | 'act'>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('face_basis_act')
      .where('basis', '=', basis)
      .where('act', '=', act)
      .where('log_index', 'is', null)
      .execute()
    if (act === 'proposed')
      await transaction.deleteFrom('face_basis').where('id', '=', basis).execute()
  })
}

/** Acts whose log entry is not known: a crash fell between. */
export async function unloggedBasisActs(db: Db): Promise<readonly BasisAct[]> {
  return withNames(db).where('face_basis_act.log_index', 'is', null).execute()
}
