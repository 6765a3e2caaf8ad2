/**
 * Grants: proposed by one person, signed by another of a different unit, narrowed by new versions,
 * revoked by either. The log first, then the row that counts.
 */

import { createHash, randomBytes } from 'node:crypto'

import { grantPolicyText } from '@sallyport/core/grants/cedar-text'
import type { GrantTerms } from '@sallyport/core/grants/grant'
import {
  judgeTerms,
  type KnownPlaces,
  type TermsProblem,
  widenings,
} from '@sallyport/core/grants/judge-terms'
import { commit } from '@sallyport/proof/entry'
import {
  type GrantRow,
  grantVersions,
  insertGrant,
  noteGrantLogged,
  noteRevoked,
  noteSigned,
} from '@sallyport/store/grants/grants'
import { affiliationOf, listParties } from '@sallyport/store/grants/parties'
import { lanesWithDevices } from '@sallyport/store/lanes'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { type Problem, problem } from '../problems.ts'
import { validatePolicy } from './engine.ts'
import { storedTerms, termsOfRow } from './stored-terms.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly port: { readonly id: string }
  readonly now: () => Date
}

export type Proposed = {
  readonly kind: 'proposed'
  readonly grant: string
  readonly version: number
}

/** Everything the terms are judged against. */
export async function knownPlaces({
  db,
  port,
}: Pick<Context, 'db' | 'port'>): Promise<KnownPlaces> {
  const parties = await listParties(db)
  const lanes = await lanesWithDevices(db)
  return {
    parties: new Map(parties.map(({ id, kind }) => [id, kind])),
    lanes: new Map([[port.id, new Set(lanes.map(({ lane }) => lane.id))]]),
  }
}

/** Proposes a new grant, or a narrower version of `grant`. The proposer's is the first signature. */
export async function proposeGrant(
  terms: GrantTerms,
  grant: string | null,
  by: string,
  context: Context,
): Promise<Proposed | Problem> {
  const { db, journal, now } = context
  const at = now()
  const wrong = judgeTerms(terms, await knownPlaces(context), at)
  if (wrong.length > 0) return termsRefused('The terms cannot be signed.', wrong)
  const versions = grant === null ? [] : await grantVersions(db, grant)
  const [newest] = versions
  if (grant !== null) {
    const refusal = amendable(newest, terms)
    if (refusal !== null) return refusal
  }
  const id = grant ?? newId()
  const version = (newest?.version ?? 0) + 1
  const policy = grantPolicyText({ id, version, terms })
  const mistakes = validatePolicy(policy)
  if (mistakes.length > 0)
    throw new Error(`terms that were judged make a policy: ${mistakes[0]?.detail ?? ''}`)
  const sha256 = createHash('sha256').update(policy).digest()
  await insertGrant(db, {
    id,
    version,
    party: terms.party,
    terms: storedTerms(terms),
    policy,
    policy_sha256: sha256,
    proposed_at: at,
    proposed_by: by,
    signed_at: null,
    signed_by: null,
    signed_log_index: null,
    revoked_at: null,
    revoked_by: null,
    revoked_reason: null,
    log_index: null,
  })
  const index = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'grant_proposed',
    grant: id,
    version,
    policy_sha256: sha256.toString('hex'),
    by: commit(randomBytes(16), by),
  })
  await noteGrantLogged(db, { id, version }, index)
  return { kind: 'proposed', grant: id, version }
}

function amendable(newest: GrantRow | undefined, terms: GrantTerms): Problem | null {
  if (newest === undefined) return problem('not_found', 'There is no such grant.')
  if (newest.revoked_at !== null)
    return problem('grant_revoked', 'A revoked grant gets no new version. Propose a new grant.')
  if (newest.signed_at === null)
    return problem(
      'grant_waits',
      'Its newest version still waits for a signature. Sign that one first.',
    )
  const wider = widenings(termsOfRow(newest.terms), terms)
  return wider.length === 0
    ? null
    : termsRefused(
        'A new version may only narrow. Propose what is wider as a grant of its own.',
        wider,
      )
}

/** The second signature: by another person, of another unit of the agency. */
export async function signGrant(
  id: string,
  version: number,
  by: string,
  { db, journal, now }: Context,
): Promise<{ readonly kind: 'signed' } | Problem> {
  const row = (await grantVersions(db, id)).find((one) => one.version === version)
  if (row === undefined) return problem('not_found', 'There is no such version.')
  if (row.revoked_at !== null) return problem('grant_revoked', 'It was revoked meanwhile.')
  if (row.signed_at !== null) return { kind: 'signed' }
  const first = await affiliationOf(db, row.proposed_by)
  const second = await affiliationOf(db, by)
  if (first === null || second === null) throw new Error('accounts belong to parties')
  if (row.proposed_by === by)
    return problem('signs_own_proposal', 'You proposed it. Somebody of another unit signs.')
  if (second.kind !== 'agency')
    return problem('role_missing', 'Only people of the agency sign grants.')
  if (first.unit === second.unit) {
    return problem(
      'signs_for_same_unit',
      'You and the proposer are of one unit. Somebody of another unit signs.',
    )
  }
  const at = now()
  const index = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'grant_signed',
    grant: id,
    version,
    policy_sha256: row.policy_sha256.toString('hex'),
    by: commit(randomBytes(16), by),
  })
  const signed = await noteSigned(db, { id, version }, { at, by, logIndex: index })
  return signed
    ? { kind: 'signed' }
    : problem('grant_revoked', 'It was signed or revoked by somebody else meanwhile.')
}

/** Ends a grant for good, in every version. One person is enough: it only takes away. */
export async function revokeGrant(
  id: string,
  reason: string,
  by: string,
  { db, journal, now }: Context,
): Promise<{ readonly kind: 'revoked' } | Problem> {
  const [newest] = await grantVersions(db, id)
  if (newest === undefined) return problem('not_found', 'There is no such grant.')
  if (newest.revoked_at !== null) return { kind: 'revoked' }
  const at = now()
  // The row first: whatever opens from here on is refused, also if the log is away.
  await noteRevoked(db, id, { at, by, reason })
  await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'grant_revoked',
    grant: id,
    by: commit(randomBytes(16), by),
  })
  return { kind: 'revoked' }
}

function termsRefused(detail: string, problems: readonly TermsProblem[]): Problem {
  return problem('terms_refused', `${detail} ${problems[0]?.detail ?? ''}`, {
    problems: problems.map(({ code, field, detail: text }) => ({
      code,
      field: keyOf(field),
      detail: text,
    })),
  })
}

/** The key of the document: `picturesPerDay` is `pictures_per_day` there. */
export function keyOf(field: keyof GrantTerms): string {
  return field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
