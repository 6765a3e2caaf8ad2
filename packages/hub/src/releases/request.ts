/** Asking for a release and answering: the log first, then the row that counts. */

import { randomBytes } from 'node:crypto'

import { canariesFor, releaseLimits, type ReleasePurpose } from '@sallyport/core/releases/release'
import { commit } from '@sallyport/proof/entry'
import { committedRelease } from '@sallyport/proof/release-entry'
import { captureById } from '@sallyport/store/crossings'
import { affiliationOf } from '@sallyport/store/grants/parties'
import { recipientById } from '@sallyport/store/releases/recipients'
import {
  insertRelease,
  moveRelease,
  noteDecisionLogged,
  noteReleaseLogged,
  releaseById,
} from '@sallyport/store/releases/releases'

import { newId } from '../ids.ts'
import { type Problem, problem } from '../problems.ts'
import type { ReleaseContext } from './context.ts'
import { type Actor, holds, judge, refuseStep, requestFor, writeDecision } from './decide.ts'

export type ReleaseAsk = {
  readonly recipient: string
  readonly purpose: ReleasePurpose
  readonly basis: string
  readonly expiresAt: Date
  readonly captures: readonly string[]
  /** Null: as many as are usual for so many pictures. */
  readonly canaries: number | null
}

/** Asks for copies. Nothing is opened before two others have approved and it is made. */
export async function requestRelease(
  ask: ReleaseAsk,
  actor: Actor,
  context: ReleaseContext,
): Promise<{ readonly kind: 'requested'; readonly release: string } | Problem> {
  const { db, journal, now, draw } = context
  const recipient = await recipientById(db, ask.recipient)
  if (recipient === null) return problem('not_found', 'There is no such recipient.')
  const captures = [...new Set(ask.captures)]
  const found = []
  for (const id of captures) {
    const one = await captureById(db, id)
    if (one === null || one.capture.class === 'reads')
      return problem('not_found', `There is no picture ${id}.`)
    if (one.capture.shredding !== null)
      return problem('picture_shredded', `The picture ${id} was shredded.`)
    found.push({ capture: id, crossing: one.crossing.id })
  }
  const canaries = ask.canaries ?? Math.min(canariesFor(captures.length), releaseLimits.canariesMax)
  if (canaries > 0 && draw === null)
    return problem(
      'release_not_taken',
      'This hub draws no canaries. Ask with --canaries 0, or start it with sallyport hub.',
    )
  const at = now()
  const who = await affiliationOf(db, actor.id)
  if (who === null) throw new Error('an account that asks belongs to a party')
  const release = newId()
  const judged = await judge(
    {
      step: 'request_release',
      person: { roles: actor.roles, party: who.party, partyKind: who.kind },
      release: {
        state: 'requested',
        recipientKind: recipient.party_kind,
        keyHolds: holds(recipient),
        requestedAt: at,
        expiresAt: ask.expiresAt,
        files: captures.length,
      },
      own: true,
      sameUnit: true,
      approvals: 0,
    },
    context,
    at,
  )
  const { refusal } = judged
  if (refusal !== null)
    return refuseStep('request_release', release, actor, { ...judged, refusal }, context)
  const salt = randomBytes(16)
  await insertRelease(
    db,
    {
      id: release,
      party: recipient.party,
      recipient: recipient.id,
      purpose: ask.purpose,
      basis: ask.basis,
      state: 'requested',
      requested_at: at,
      requested_by: actor.id,
      approved_at: null,
      made_at: null,
      expires_at: ask.expiresAt,
      returned_at: null,
      canaries,
      code: null,
      manifest: null,
      manifest_sha256: null,
      manifest_signature: null,
      commitment_salt: salt,
      log_index: null,
      made_log_index: null,
    },
    found,
  )
  const said = await writeDecision('requested', release, actor, judged, context)
  if (said === null) throw new Error('a new release has no decision yet')
  const terms = committedRelease({
    party: recipient.party,
    recipient: recipient.recipient,
    purpose: ask.purpose,
    basis: ask.basis,
    expires_at: ask.expiresAt.toISOString(),
    captures,
  })
  const index = await journal.append({
    ...said.entry,
    kind: 'release_requested',
    terms: commit(salt, terms),
  })
  await noteDecisionLogged(db, said.id, index)
  await noteReleaseLogged(db, release, index)
  return { kind: 'requested', release }
}

/** The answer of one approver. The second approval of another unit lets it be made. */
export async function answerRelease(
  id: string,
  approved: boolean,
  actor: Actor,
  context: ReleaseContext,
): Promise<{ readonly kind: 'answered' } | Problem> {
  const { db, journal, now } = context
  const release = await releaseById(db, id)
  if (release === null) return problem('not_found', 'There is no such release.')
  const judged = await judge(
    await requestFor('approve_release', release, actor, context),
    context,
    now(),
  )
  const { refusal } = judged
  if (refusal !== null)
    return refuseStep('approve_release', id, actor, { ...judged, refusal }, context)
  const said = await writeDecision(approved ? 'approved' : 'declined', id, actor, judged, context)
  if (said === null) return problem('already_answered', 'You have approved it already.')
  const index = await journal.append({
    ...said.entry,
    kind: approved ? 'release_approved' : 'release_declined',
  })
  await noteDecisionLogged(db, said.id, index)
  if (!approved) {
    await moveRelease(db, id, 'requested', { state: 'declined' })
    return { kind: 'answered' }
  }
  const { approvals } = await requestFor('approve_release', release, actor, context)
  if (approvals >= releaseLimits.approvalsNeeded)
    await moveRelease(db, id, 'requested', { state: 'approved', approved_at: now() })
  return { kind: 'answered' }
}
