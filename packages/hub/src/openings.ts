/**
 * Opening a picture: decide, write the log entry, only then unseal (DESIGN invariant 3). A refusal
 * is logged like an opening.
 */

import { randomBytes } from 'node:crypto'

import type { CandidateSubject } from '@sallyport/core/evaluation-candidate'
import type { GrantPurpose } from '@sallyport/core/grants/grant'
import type { Purpose, ReviewState, Role } from '@sallyport/core/opening'
import type { Area } from '@sallyport/marks/activity'
import { commit } from '@sallyport/proof/entry'
import type { DecisionPart } from '@sallyport/proof/grant-entry'
import { sha256Hex } from '@sallyport/proof/node/bundle-check'
import { captureById, type CaptureRow, type CrossingRow } from '@sallyport/store/crossings'
import { noteOpeningCopy } from '@sallyport/store/leaks/copies'
import { insertOpening, noteOpeningFailed, noteOpeningLogged } from '@sallyport/store/openings'
import type { Db } from '@sallyport/store/postgres/database'
import { reviewReasonOf } from '@sallyport/store/reviews'
import { verdictsById } from '@sallyport/store/verdicts'

import { newId } from './ids.ts'
import type { Journal, Receipt } from './journal.ts'
import type { MarkedCopy, Marker, Release } from './marking/marker.ts'
import { spareIn } from './marking/spare.ts'
import { plateAlone } from './policy/plate-alone.ts'
import type { Policy, PolicyAnswer } from './policy/policy.ts'
import { openingProblem, type Problem, problem } from './problems.ts'
import type { ReaderDesk } from './reader/desk.ts'
import { shreddedAnswer } from './retention/shredded.ts'
import { type UnsealContext, type Unsealed, unsealed } from './unsealed.ts'

export type OpenedPicture = {
  readonly kind: 'opened'
  readonly opening: string
  readonly crossing: string
  readonly receipt: Receipt
  readonly picture: Uint8Array
}

export type OpeningContext = UnsealContext & {
  readonly db: Db
  readonly journal: Journal
  readonly policy: Policy
  /** Finds the plate of which alone a picture is shown. */
  readonly desk: Pick<ReaderDesk, 'read'>
  /** Writes into every copy that leaves the hub whose it is. */
  readonly marker: Pick<Marker, 'release' | 'mark'>
  readonly now: () => Date
  readonly report: (message: string) => void
}

export type OpeningAsk = {
  readonly capture: string
  readonly account: { readonly id: string; readonly roles: readonly Role[] }
  readonly purpose: Purpose | GrantPurpose
  readonly note: string | null
  /** Null: the plate alone for contractors, the original for the agency. */
  readonly view: 'plate_crop' | 'original' | null
  /** Null: the one grant of the asker's party, if it is a contractor's. */
  readonly grant: string | null
}

/** Opens one capture for one person and purpose, or says why not. */
export async function openCapture(
  ask: OpeningAsk,
  context: OpeningContext,
): Promise<OpenedPicture | Problem> {
  const { db } = context
  const found = await captureById(db, ask.capture)
  // The reads are not a picture; to the outside there is no such capture.
  if (found === null || found.capture.class === 'reads')
    return problem('not_found', 'There is no such picture.')
  const { capture, crossing } = found

  const at = context.now()
  const opening = newId()
  const answer =
    shreddedAnswer(capture, found.capture.class) ??
    (await context.policy.decide(
      { ...ask, capture, crossing, review: await reviewStateOf(db, crossing), opening },
      at,
    ))
  return carryOut({ ask, opening, capture, crossing, answer, at, leaves: true }, context)
}

/**
 * Opens one capture for an evaluation inside the hub, of plates or of a face: the bytes stay in this
 * process. Who may start one is decided before (`decideEvaluation`, `decideCandidate`).
 */
export async function openForEvaluation(
  {
    capture: id,
    account,
    of = 'plates',
  }: Pick<OpeningAsk, 'capture' | 'account'> & { readonly of?: CandidateSubject },
  context: OpeningContext,
): Promise<OpenedPicture | Problem> {
  const found = await captureById(context.db, id)
  if (
    found === null ||
    found.capture.class === 'reads' ||
    (found.capture.class === 'face') !== (of === 'faces')
  )
    return problem('not_found', 'There is no such picture.')
  return openInside(found, { account, purpose: 'evaluation', part: {} }, context)
}

/**
 * Opens one capture of a release: the bytes stay in this process until they are marked and sealed to
 * the recipient. The release is decided before; `part` names that decision.
 */
export async function openForRelease(
  found: { readonly capture: CaptureRow; readonly crossing: CrossingRow },
  by: { readonly account: OpeningAsk['account']; readonly part: DecisionPart },
  context: OpeningContext,
): Promise<OpenedPicture | Problem> {
  if (found.capture.shredding !== null)
    return problem('picture_shredded', 'A picture of the release was shredded meanwhile.')
  return openInside(found, { ...by, purpose: 'release' }, context)
}

async function openInside(
  found: { readonly capture: CaptureRow; readonly crossing: CrossingRow },
  {
    account,
    purpose,
    part,
  }: {
    readonly account: OpeningAsk['account']
    readonly purpose: Purpose
    readonly part: DecisionPart
  },
  context: OpeningContext,
): Promise<OpenedPicture | Problem> {
  const { class: view, id: capture } = found.capture
  if (view === 'reads') throw new Error('reads are no picture')
  const answer: PolicyAnswer = { decision: { kind: 'allow' }, view, part, grant: null }
  const ask = { capture, account, purpose, note: null, view: null, grant: null } as const
  const [opening, at] = [newId(), context.now()]
  return carryOut({ ask, opening, ...found, answer, at, leaves: false }, context)
}

type Decided = {
  readonly ask: OpeningAsk
  readonly opening: string
  readonly capture: CaptureRow
  readonly crossing: CrossingRow
  readonly answer: PolicyAnswer
  readonly at: Date
  /** Whether the picture leaves this process: then as a marked copy only. */
  readonly leaves: boolean
  /** For what does not lie in the vault. */
  readonly unseal?: () => Promise<Unsealed>
}

/** Row, log entry, and only then the bytes. */
export async function carryOut(
  { ask, opening, capture, crossing, answer, at, leaves, unseal }: Decided,
  context: OpeningContext,
): Promise<OpenedPicture | Problem> {
  const { db, journal } = context
  const { decision, part, grant } = answer
  const salt = randomBytes(16)
  const release = leaves && decision.kind === 'allow' ? await releaseOf(at, context) : undefined
  const entry = {
    v: 1,
    at: at.toISOString(),
    opening,
    capture: capture.id,
    class: capture.class,
    purpose: ask.purpose,
    by: commit(salt, ask.account.id),
    ...part,
  } as const
  // The row first: without its salt nobody could tell later whose entry the log has.
  await insertOpening(db, {
    id: opening,
    at,
    capture: capture.id,
    capture_class: capture.class,
    crossing: crossing.id,
    account: ask.account.id,
    purpose: ask.purpose,
    note: ask.note,
    outcome: decision.kind === 'allow' ? 'opened' : 'refused',
    code: decision.kind === 'allow' ? null : decision.code,
    commitment_salt: salt,
    log_index: null,
    view: answer.view,
    access_grant: grant?.id ?? null,
    grant_version: grant?.version ?? null,
    policies: part.policies === undefined ? null : [...part.policies],
    policy_set: part.policy_set === undefined ? null : Buffer.from(part.policy_set, 'hex'),
    mark: release?.code ?? null,
    mark_epoch: release?.key.epoch ?? null,
  })
  let index: number
  try {
    index = await journal.append(
      decision.kind === 'allow'
        ? {
            ...entry,
            kind: 'opening',
            sha256: capture.sha256.toString('hex'),
            ...(capture.kek === null ? {} : { kek: capture.kek }),
          }
        : { ...entry, kind: 'opening_refused', code: decision.code },
    )
  } catch (error) {
    await noteOpeningFailed(db, opening, 'log_unavailable')
    context.report(
      `opening: the log did not take the entry: ${error instanceof Error ? error.message : String(error)}`,
    )
    return problem(
      'log_unavailable',
      'The log cannot be written, so no picture opens. The cause is in the report of the hub.',
    )
  }
  await noteOpeningLogged(db, opening, index)
  if (decision.kind === 'refuse') {
    return problem(openingProblem[decision.code], decision.detail, { log_index: index })
  }
  // A grant that was revoked while the log was written shows nothing more.
  if (!(await context.policy.stillHolds(answer, context.now()))) {
    await noteOpeningFailed(db, opening, 'grant_revoked')
    return problem('grant_revoked', 'The grant ended meanwhile.', { log_index: index })
  }

  const picture = await (unseal?.() ?? unsealed(capture, context))
  if (picture.kind === 'not_openable') {
    await noteOpeningFailed(db, opening, 'picture_not_openable')
    return notOpenable(picture.detail, index)
  }
  const shown =
    answer.view === 'plate_crop'
      ? await plateAlone(picture.plaintext, context.desk)
      : ({ kind: 'shown', picture: picture.plaintext } as const)
  if (shown.kind !== 'shown') {
    await noteOpeningFailed(db, opening, shown.code)
    return problem(shown.code, shown.detail, { log_index: index })
  }
  // A plate cut out has other pixels than its picture, and is read by people.
  const spare = answer.view === 'plate_crop' ? [] : await spareIn({ capture, crossing }, db)
  const copy =
    release === undefined ? shown : await markedCopy(shown.picture, release, spare, context)
  if (copy.kind === 'refused') {
    await noteOpeningFailed(db, opening, copy.code)
    return problem(copy.code, copy.detail, { log_index: index })
  }
  // Before it is sent: a found file with these bytes is then known without anything else.
  if (release !== undefined)
    await noteOpeningCopy(db, opening, Buffer.from(sha256Hex(copy.picture), 'hex'))
  const receipt = await journal.receipt(index)
  if (receipt === null) throw new Error('an appended entry has a receipt')
  return { kind: 'opened', opening, crossing: crossing.id, receipt, picture: copy.picture }
}

/** The id of the copy; null when the keys of marks are away: then nothing is shown. */
async function releaseOf(at: Date, { marker, report }: OpeningContext): Promise<Release | null> {
  try {
    return await marker.release(at)
  } catch (error) {
    report(
      `opening: no copy can be marked: ${error instanceof Error ? error.message : String(error)}`,
    )
    return null
  }
}

async function markedCopy(
  picture: Uint8Array,
  release: Release | null,
  spare: readonly Area[],
  { marker }: OpeningContext,
): Promise<MarkedCopy> {
  if (release !== null) return marker.mark(picture, release, spare)
  const detail = 'The keys of marks cannot be used. The cause is in the report of the hub.'
  return { kind: 'refused', code: 'picture_not_markable', detail }
}

/** Where a crossing stands in the review. */
export async function reviewStateOf(db: Db, crossing: CrossingRow): Promise<ReviewState> {
  if (reviewReasonOf(crossing) === null) return { kind: 'none' }
  if (crossing.verdict === null) return { kind: 'waiting' }
  const verdict = (await verdictsById(db, [crossing.verdict])).get(crossing.verdict)
  return verdict === undefined ? { kind: 'none' } : { kind: 'decided', at: verdict.at }
}

function notOpenable(detail: string, index: number): Problem {
  return problem(
    'picture_not_openable',
    `${detail} Run sallyport fsck; the attempt stands in the log.`,
    { log_index: index },
  )
}
