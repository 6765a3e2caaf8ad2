/** What the rows of grants, and of answers to contractors' questions, say of the log. */

import { createHash } from 'node:crypto'

import { grantPolicyText } from '@sallyport/core/grants/cedar-text'
import { type GrantDocument, termsOf } from '@sallyport/core/grants/grant-document'
import { commit } from '@sallyport/proof/entry'

import type { AddFinding, Claim, LoggedActs } from './fsck-acts.ts'
import { actTerms, type SupervisedActRow } from './grants/supervised-acts.ts'
import { liveAction, type SupervisionRow, supervisionTerms } from './grants/supervision.ts'
import type { Db } from './postgres/database.ts'
import type { StoredTerms } from './schema-grants.ts'

export async function grantClaims(db: Db): Promise<readonly Claim[]> {
  const grants = await db.selectFrom('access_grant').selectAll().execute()
  const secondings = await db
    .selectFrom('seconding')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  const supervised = await db.selectFrom('supervision').selectAll().execute()
  const acts = await db
    .selectFrom('supervised_act')
    .selectAll()
    .where('log_index', 'is not', null)
    .execute()
  return [
    ...grants.flatMap((row) => {
      const { id, version } = row
      const about = { table: 'access_grant', id: `${id}/${version}` }
      const says = termsAreOf(row) ? { policy_sha256: row.policy_sha256.toString('hex') } : null
      const claim = (kind: 'grant_proposed' | 'grant_signed', at: number | null): Claim[] =>
        at === null ? [] : [{ ...about, at, is: { kind, grant: id, version }, says }]
      return [
        ...claim('grant_proposed', row.log_index),
        ...claim('grant_signed', row.signed_log_index),
      ]
    }),
    ...secondings.map((row): Claim => ({
      table: 'seconding',
      id: row.id,
      at: row.log_index ?? 0,
      is: { kind: 'seconding_answered', seconding: row.id },
      says: {
        grant: row.access_grant,
        capture: row.capture,
        answer: row.agreed === true ? 'agreed' : 'declined',
        action: row.action_salt === null ? undefined : commit(row.action_salt, liveAction(row)),
      },
    })),
    ...supervised.flatMap(supervisionClaims),
    ...acts.map(actClaim),
  ]
}

function actClaim(row: SupervisedActRow): Claim {
  const { answered_at, answered_by, answered_salt } = row
  const isWhole = answered_at !== null && answered_by !== null && answered_salt !== null
  return {
    table: 'supervised_act',
    id: row.id,
    at: row.log_index ?? 0,
    is: { kind: 'supervised_act_answered', question: row.id },
    says: isWhole
      ? {
          at: answered_at.toISOString(),
          act: row.act,
          answer: row.agreed === true ? 'agreed' : 'declined',
          action: commit(row.action_salt, actTerms(row)),
          by: commit(answered_salt, answered_by),
        }
      : null,
  }
}

function supervisionClaims(row: SupervisionRow): readonly Claim[] {
  const claim = (
    kind: 'supervision_set' | 'supervision_lifted',
    at: number,
    says: Claim['says'],
  ): Claim => ({ table: 'supervision', id: row.id, at, is: { kind, supervision: row.id }, says })
  const { lifted_at, lifted_by, lifted_salt, lifted_log_index } = row
  const set = claim('supervision_set', row.log_index, {
    at: row.set_at.toISOString(),
    terms: commit(row.terms_salt, supervisionTerms(row)),
    by: commit(row.set_salt, row.set_by),
  })
  if (lifted_log_index === null) return [set]
  const isWhole = lifted_at !== null && lifted_by !== null && lifted_salt !== null
  const says = isWhole ? { at: lifted_at.toISOString(), by: commit(lifted_salt, lifted_by) } : null
  return [set, claim('supervision_lifted', lifted_log_index, says)]
}

/** Whether text and hash of the policy, and the party, are those of the terms that are evaluated. */
function termsAreOf(row: {
  readonly id: string
  readonly version: number
  readonly party: string
  readonly terms: StoredTerms
  readonly policy: string
  readonly policy_sha256: Buffer
}): boolean {
  const { id, version, party } = row
  try {
    // What was written passed the schema of grants; what was changed may be anything, and is then no policy.
    const terms = termsOf(row.terms as GrantDocument)
    return (
      row.terms.party === party &&
      grantPolicyText({ id, version, terms }) === row.policy &&
      createHash('sha256').update(row.policy).digest().equals(row.policy_sha256)
    )
  } catch {
    return false
  }
}

/** The row is written before its entry: a grant that the log ended is ended, or was brought back. */
export async function grantsBroughtBack(
  db: Db,
  logged: LoggedActs,
  add: AddFinding,
): Promise<void> {
  const ended = new Map<string, number>()
  for (const [index, entry] of logged)
    if (entry.kind === 'grant_revoked') ended.set(entry.grant, index)
  const open = await db
    .selectFrom('access_grant')
    .select('id')
    .distinct()
    .where('revoked_at', 'is', null)
    .execute()
  for (const { id } of open) {
    const at = ended.get(id)
    if (at !== undefined)
      add('row_differs', id, `Entry ${at} revoked this grant; its row did not.`, at)
  }
}
