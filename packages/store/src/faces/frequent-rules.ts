/** Rules for galleries of those who cross often, and who proposed, agreed to and ended them. */

import type { Insertable, Selectable } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type FrequentRuleAct = Selectable<Database['frequent_rule_act']> & {
  readonly account_name: string
  readonly account_unit: string
}
export type FrequentRuleRow = Selectable<Database['frequent_rule']> & {
  readonly acts: readonly FrequentRuleAct[]
}

/** Every rule of a port with the acts that the log has, newest first. */
export async function listFrequentRules(db: Db, port: string): Promise<readonly FrequentRuleRow[]> {
  const rules = await db.selectFrom('frequent_rule').selectAll().where('port', '=', port).execute()
  const acts = await withNames(db)
    .where('frequent_rule_act.log_index', 'is not', null)
    .orderBy('frequent_rule_act.log_index', 'desc')
    .execute()
  return rules
    .map((rule) => ({ ...rule, acts: acts.filter((act) => act.rule === rule.id) }))
    .filter(({ acts: own }) => own.some(({ act }) => act === 'proposed'))
    .toSorted((a, b) => (b.acts[0]?.log_index ?? 0) - (a.acts[0]?.log_index ?? 0))
}

function withNames(db: Db) {
  return db
    .selectFrom('frequent_rule_act')
    .innerJoin('account', 'account.id', 'frequent_rule_act.account')
    .selectAll('frequent_rule_act')
    .select(['account.name as account_name', 'account.unit as account_unit'])
}

/** Stores a rule with the act that proposes it; neither counts yet. */
export async function insertFrequentRule(
  db: Db,
  rule: Insertable<Database['frequent_rule']>,
  act: Omit<Insertable<Database['frequent_rule_act']>, 'act' | 'rule'>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction.insertInto('frequent_rule').values(rule).execute()
    await transaction
      .insertInto('frequent_rule_act')
      .values({ ...act, rule: rule.id, act: 'proposed' })
      .execute()
  })
}

/** False when somebody did so already, or is doing it. */
export async function insertFrequentRuleAct(
  db: Db,
  act: Insertable<Database['frequent_rule_act']>,
): Promise<boolean> {
  const done = await db
    .insertInto('frequent_rule_act')
    .values(act)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

export async function noteFrequentRuleActLogged(
  db: Db,
  { rule, act }: Pick<FrequentRuleAct, 'rule' | 'act'>,
  logIndex: number,
): Promise<void> {
  await db
    .updateTable('frequent_rule_act')
    .set({ log_index: logIndex })
    .where('rule', '=', rule)
    .where('act', '=', act)
    .execute()
}

/** The log did not take it: it was never said. */
export async function dropFrequentRuleAct(
  db: Db,
  { rule, act }: Pick<FrequentRuleAct, 'rule' | 'act'>,
): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('frequent_rule_act')
      .where('rule', '=', rule)
      .where('act', '=', act)
      .where('log_index', 'is', null)
      .execute()
    if (act === 'proposed')
      await transaction.deleteFrom('frequent_rule').where('id', '=', rule).execute()
  })
}

/** Acts whose log entry is not known: a crash fell between. */
export async function unloggedFrequentRuleActs(db: Db): Promise<readonly FrequentRuleAct[]> {
  return withNames(db).where('frequent_rule_act.log_index', 'is', null).execute()
}
