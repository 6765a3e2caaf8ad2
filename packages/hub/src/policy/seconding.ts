/** Originals that a contractor asks for: a person of the agency, of another party, says yes or no. */

import { randomBytes } from 'node:crypto'

import type { GrantPurpose } from '@sallyport/core/grants/grant'
import { commit } from '@sallyport/proof/entry'
import { captureById } from '@sallyport/store/crossings'
import { affiliationOf } from '@sallyport/store/grants/parties'
import { insertSeconding, noteAnswered, secondingById } from '@sallyport/store/grants/secondings'
import { liveAction, supervisionOf } from '@sallyport/store/grants/supervision'
import type { Db } from '@sallyport/store/postgres/database'

import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import type { Policy } from './policy.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly policy: Policy
  readonly now: () => Date
}

/** Asks for one original under a grant of one's own party. */
export async function askForSecond(
  ask: {
    readonly account: string
    readonly grant: string
    readonly capture: string
    readonly purpose: GrantPurpose
    readonly reason: string
  },
  { db, policy, now }: Context,
): Promise<{ readonly kind: 'asked'; readonly seconding: string } | Problem> {
  const at = now()
  const who = await affiliationOf(db, ask.account)
  const grant = (await policy.grants(at)).find(({ id }) => id === ask.grant)
  // To another party there is no such grant.
  if (grant === undefined || grant.terms.party !== who?.party)
    return problem('not_found', 'Your party has no such grant.')
  if ((await supervisionOf(db, who.party)) !== null)
    return problem(
      'needs_live_approval',
      'Your party works under supervision: open the picture, and somebody is asked to approve it live.',
    )
  if (grant.status.kind !== 'signed')
    return problem(
      'grant_not_in_force',
      'The grant is not in force, so nothing can be asked under it.',
    )
  const found = await captureById(db, ask.capture)
  if (found === null || found.capture.class === 'reads')
    return problem('not_found', 'There is no such picture.')
  const id = newId()
  await insertSeconding(db, {
    id,
    access_grant: grant.id,
    capture: ask.capture,
    purpose: ask.purpose,
    asked_at: at,
    asked_by: ask.account,
    reason: ask.reason,
    answered_at: null,
    answered_by: null,
    agreed: null,
    log_index: null,
    used_by: null,
  })
  return { kind: 'asked', seconding: id }
}

/**
 * The answer of a person of the agency, for each question one at a time. An agreement is for one opening, for an
 * hour; a live approval for the opening that waits, for minutes.
 */
export async function answerSeconding(
  id: string,
  { agreed, reason }: { readonly agreed: boolean; readonly reason: string | null },
  by: string,
  { db, journal, now }: Pick<Context, 'db' | 'journal' | 'now'>,
): Promise<{ readonly kind: 'answered' } | Problem> {
  const asked = await secondingById(db, id)
  if (asked === null) return problem('not_found', 'Nobody asked this.')
  if (asked.answered_at !== null)
    return problem('already_answered', 'Somebody answered it already.')
  const at = now()
  const waitMs = asked.live ? limits.liveApprovalMsMax : limits.secondingMinutesMax * 60_000
  if (at.getTime() - asked.asked_at.getTime() > waitMs)
    return problem('already_answered', 'It was asked too long ago. They have to ask again.')
  const who = await affiliationOf(db, by)
  if (who?.kind !== 'agency')
    return problem('role_missing', 'Only people of the agency say whether an original is shown.')
  const asker = await affiliationOf(db, asked.asked_by)
  if (asked.live && who.unit !== '' && who.unit === asker?.unit)
    return problem(
      'signs_for_same_unit',
      'You and whoever asks are of one unit. Somebody of another unit answers.',
    )
  const index = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'seconding_answered',
    seconding: id,
    grant: asked.access_grant,
    capture: asked.capture,
    answer: agreed ? 'agreed' : 'declined',
    ...(asked.action_salt === null ? {} : { action: commit(asked.action_salt, liveAction(asked)) }),
    by: commit(randomBytes(16), by),
  })
  const noted = await noteAnswered(db, id, { at, by, agreed, reason, logIndex: index })
  return noted
    ? { kind: 'answered' }
    : problem('already_answered', 'Somebody answered it meanwhile.')
}
