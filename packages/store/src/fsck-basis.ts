/**
 * What the rows of the ground on which faces are compared, of rules for those who cross often, and of
 * galleries that are over say of the log.
 */

import { commit } from '@sallyport/proof/entry'
import { committedFrequentRule } from '@sallyport/proof/face-entry'
import { committedBasis } from '@sallyport/proof/window-entry'

import type { Claim } from './fsck-acts.ts'
import type { Db } from './postgres/database.ts'

export async function basisClaims(db: Db): Promise<readonly Claim[]> {
  const acts = await db
    .selectFrom('face_basis_act')
    .innerJoin('face_basis', 'face_basis.id', 'face_basis_act.basis')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  const rules = await db
    .selectFrom('frequent_rule_act')
    .innerJoin('frequent_rule', 'frequent_rule.id', 'frequent_rule_act.rule')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  const over = await db
    .selectFrom('gallery')
    .select(['id', 'end_log_index'])
    .where('end_log_index', 'is not', null)
    .execute()
  return [
    ...acts.map((row): Claim => ({
      table: 'face_basis_act',
      id: row.basis,
      at: row.log_index ?? 0,
      is: { kind: 'face_basis', basis: row.basis, says: row.act },
      says: {
        terms: commit(row.terms_salt, committedBasis(row)),
        by: commit(row.salt, row.account),
      },
    })),
    ...rules.map((row): Claim => ({
      table: 'frequent_rule_act',
      id: row.rule,
      at: row.log_index ?? 0,
      is: { kind: 'frequent_rule', rule: row.rule, says: row.act },
      says: {
        terms: commit(row.terms_salt, committedFrequentRule(row)),
        by: commit(row.salt, row.account),
      },
    })),
    ...over.map(({ id, end_log_index: at }): Claim => ({
      table: 'gallery',
      id,
      at: at ?? 0,
      is: { kind: 'gallery_ended', gallery: id },
      says: {},
    })),
  ]
}
