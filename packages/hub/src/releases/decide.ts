/**
 * What the policies say to a step of a release: Cedar decides, the second opinion of `core` must
 * agree and gives the words. Refusals are logged like what is allowed.
 */

import { randomBytes } from 'node:crypto'

import type { Role } from '@sallyport/core/opening'
import {
  decideRelease,
  type ReleaseRefusal,
  type ReleaseRequest,
} from '@sallyport/core/releases/decide-release'
import type { ReleaseSaid, ReleaseStep } from '@sallyport/core/releases/release'
import { commit } from '@sallyport/proof/entry'
import { affiliationOf } from '@sallyport/store/grants/parties'
import { type RecipientRow, recipientById } from '@sallyport/store/releases/recipients'
import {
  capturesOfRelease,
  countCaptures,
  decisionsOf,
  insertDecision,
  type ReleaseDecisionRow,
  type ReleaseRow,
} from '@sallyport/store/releases/releases'

import { newId } from '../ids.ts'
import { type Problem, type ProblemCode, problem } from '../problems.ts'
import type { ReleaseContext } from './context.ts'

export type Actor = { readonly id: string; readonly roles: readonly Role[] }

export type Judged = {
  readonly policies: readonly string[]
  readonly policySet: string
  readonly refusal: { readonly code: ProblemCode; readonly detail: string } | null
}

const codes: Readonly<Record<ReleaseRefusal, ProblemCode>> = {
  never_for_contractors: 'never_for_contractors',
  release_role: 'role_missing',
  release_to_contractor: 'never_for_contractors',
  recipient_revoked: 'recipient_not_valid',
  release_expiry: 'release_not_taken',
  release_empty: 'release_not_taken',
  release_state: 'release_not_waiting',
  approves_own_request: 'signs_own_proposal',
  approves_for_same_unit: 'signs_for_same_unit',
  needs_two_approvers: 'needs_second_person',
}

/** Judges one step at `at`. Changes nothing. */
export async function judge(
  request: ReleaseRequest,
  { policy, report }: ReleaseContext,
  at: Date,
): Promise<Judged> {
  const cedar = policy.engine(await policy.grants(at)).decideRelease(request, at)
  const opinion = decideRelease(request, at)
  const said = { policies: cedar.policies, policySet: cedar.policySet }
  if ((cedar.kind === 'allow') !== (opinion.kind === 'allow')) {
    report(`policy: the policies and their second opinion differ on ${request.step}`)
    const detail =
      'The policies and their second opinion differ, so nothing leaves. The report of the hub has the case.'
    return { ...said, refusal: { code: 'policies_disagree', detail } }
  }
  if (opinion.kind === 'allow') return { ...said, refusal: null }
  return { ...said, refusal: { code: codes[opinion.code], detail: opinion.detail } }
}

/** What the policies are asked about a release that is there. */
export async function requestFor(
  step: ReleaseStep,
  release: ReleaseRow,
  actor: Actor,
  { db }: ReleaseContext,
): Promise<ReleaseRequest> {
  const who = await affiliationOf(db, actor.id)
  const recipient = await recipientById(db, release.recipient)
  const requester = await affiliationOf(db, release.requested_by)
  if (who === null || recipient === null || requester === null)
    throw new Error('a release has a recipient, and those who ask belong to parties')
  const approvals = approvalsOf(await decisionsOf(db, [release.id]))
  const units = new Set([requester.unit, ...approvals.map(({ unit }) => unit)])
  // A unit speaks once, however many of it were quick.
  const others = new Set(approvals.map(({ unit }) => unit))
  others.delete(requester.unit)
  return {
    step,
    person: { roles: actor.roles, party: who.party, partyKind: who.kind },
    release: {
      state: release.state,
      recipientKind: recipient.party_kind,
      keyHolds: holds(recipient),
      requestedAt: release.requested_at,
      expiresAt: release.expires_at,
      files: (await countCaptures(db, [release.id])).get(release.id) ?? 0,
    },
    own: release.requested_by === actor.id,
    sameUnit: units.has(who.unit),
    approvals: others.size,
  }
}

export function holds(recipient: Pick<RecipientRow, 'revoked_at'>): boolean {
  return recipient.revoked_at === null
}

function approvalsOf(decisions: readonly ReleaseDecisionRow[]): readonly ReleaseDecisionRow[] {
  return decisions.filter(({ says }) => says === 'approved')
}

/** Writes a refused step into the log, and says it to whoever asked. */
export async function refuseStep(
  step: ReleaseStep,
  release: string,
  actor: Actor,
  judged: Judged & { readonly refusal: NonNullable<Judged['refusal']> },
  { journal, now }: ReleaseContext,
): Promise<Problem> {
  const { code, detail } = judged.refusal
  const index = await journal.append({
    v: 1,
    at: now().toISOString(),
    kind: 'release_refused',
    release,
    step,
    code,
    by: commit(randomBytes(16), actor.id),
    policies: judged.policies,
    policy_set: judged.policySet,
  })
  return problem(code, detail, { log_index: index })
}

/** The row of a decision and what its log entry says; the entry is appended by the caller. */
export async function writeDecision(
  says: ReleaseSaid,
  release: string,
  actor: Actor,
  { policies, policySet }: Judged,
  { db, now }: ReleaseContext,
) {
  const [id, salt, at] = [newId(), randomBytes(16), now()]
  const stored = await insertDecision(db, {
    id,
    release,
    at,
    account: actor.id,
    says,
    commitment_salt: salt,
    policies: [...policies],
    policy_set: Buffer.from(policySet, 'hex'),
    log_index: null,
  })
  const part = { release, by: commit(salt, actor.id), policies, policy_set: policySet }
  return stored ? { id, entry: { v: 1, at: at.toISOString(), ...part } as const } : null
}

/** Whether every picture that was asked for is still there and kept. */
export async function missingCapture(
  release: string,
  { db }: ReleaseContext,
): Promise<string | null> {
  const asked = (await countCaptures(db, [release])).get(release) ?? 0
  const found = await capturesOfRelease(db, release)
  const shredded = found.find(({ capture }) => capture.shredding !== null)
  if (shredded !== undefined) return `The picture ${shredded.capture.id} was shredded meanwhile.`
  return found.length === asked ? null : 'A picture of it is no longer there.'
}
