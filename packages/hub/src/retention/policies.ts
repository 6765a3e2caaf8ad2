/** Choosing how long things are kept: row, log entry, and from then on in force. */

import { createHash, randomBytes } from 'node:crypto'

import { faultsOf, type Policy, policyText } from '@sallyport/core/retention'
import { type PackId, packs } from '@sallyport/core/retention-packs'
import { commit } from '@sallyport/proof/entry'
import type { Db } from '@sallyport/store/postgres/database'
import { countDue } from '@sallyport/store/retention/due'
import {
  dropPolicy,
  insertPolicy,
  notePolicyLogged,
  unloggedPolicies,
} from '@sallyport/store/retention/policies'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, problem } from '../problems.ts'

export type RetentionContext = {
  readonly db: Db
  readonly journal: Journal
  readonly port: { readonly id: string; readonly zone: string }
  readonly now: () => Date
  readonly report: (message: string) => void
}

export type PolicyAsk = {
  readonly account: string
  /** One of the packs, or a policy of their own. */
  readonly chosen: PackId | Policy
  /** How many bodies the person has seen would be due at once. */
  readonly acceptsDue: number
}

/** The policy that an ask names, checked. */
export function policyOf(
  chosen: PackId | Policy,
): { readonly kind: 'policy'; readonly policy: Policy; readonly pack: PackId | null } | Problem {
  if (typeof chosen === 'string') {
    const pack = packs.find(({ id }) => id === chosen)
    if (pack === undefined) throw new Error('every pack id has a pack')
    return { kind: 'policy', policy: pack.policy, pack: pack.id }
  }
  const [fault] = faultsOf(chosen)
  return fault === undefined
    ? { kind: 'policy', policy: chosen, pack: null }
    : problem('policy_not_taken', `${fault.class}: ${fault.detail}`)
}

/** Puts a policy in force. Shorter periods destroy: so the asker says what the dry run showed. */
export async function choosePolicy(
  ask: PolicyAsk,
  context: RetentionContext,
): Promise<{ readonly kind: 'chosen'; readonly id: string } | Problem> {
  const { db, journal } = context
  const found = policyOf(ask.chosen)
  if (found.kind === 'problem') return found
  const at = context.now()
  const { policy, pack } = found
  const due = await countDue(db, { policy, now: at, zone: context.port.zone })
  const bodies = due.reduce((sum, one) => sum + one.bodies - one.held, 0)
  if (bodies > ask.acceptsDue)
    return problem(
      'retention_preview_differs',
      `It would shred ${bodies} bodies at once, more than the dry run showed. Look at it again.`,
      { due: bodies },
    )
  const id = newId()
  const salt = randomBytes(16)
  const sha256 = createHash('sha256').update(policyText(policy)).digest()
  await insertPolicy(db, {
    id,
    pack,
    policy: JSON.stringify(policy),
    sha256,
    made_at: at,
    made_by: ask.account,
    made_salt: salt,
    log_from: journal.size(),
  })
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'retention_policy',
    policy: id,
    policy_sha256: sha256.toString('hex'),
    by: commit(salt, ask.account),
  })
  await notePolicyLogged(db, id, logIndex)
  return { kind: 'chosen', id }
}

/** The log decides over what a failure left: what it has is in force, what it has not was never chosen. */
export async function recoverPolicies({ db, journal }: RetentionContext): Promise<void> {
  const rows = await unloggedPolicies(db)
  if (rows.length > 0) await journal.settle()
  for (const row of rows) {
    const logIndex = await journal.find(
      (entry) => entry.kind === 'retention_policy' && entry.policy === row.id,
      row.log_from,
    )
    if (logIndex === null) await dropPolicy(db, row.id)
    else await notePolicyLogged(db, row.id, logIndex)
  }
}
