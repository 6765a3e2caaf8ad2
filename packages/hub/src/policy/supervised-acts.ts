/**
 * What people of a contractor under supervision do beside opening pictures: each request is held until a person of
 * the agency approves it live, once and for nothing else. Log first, then act.
 */

import { randomBytes } from 'node:crypto'

import { commit } from '@sallyport/proof/entry'
import type { SupervisedAct } from '@sallyport/proof/grant-entry'
import { affiliationOf } from '@sallyport/store/grants/parties'
import {
  actTerms,
  insertSupervisedAct,
  noteActAnswered,
  supervisedActById,
  supervisedActs,
  useApproval,
} from '@sallyport/store/grants/supervised-acts'
import { supervisionOf } from '@sallyport/store/grants/supervision'
import type { Db } from '@sallyport/store/postgres/database'

import type { Events } from '../events.ts'
import { newId } from '../ids.ts'
import type { Journal } from '../journal.ts'
import { limits } from '../limits.ts'
import { type Problem, problem } from '../problems.ts'
import { createTurns } from '../turns.ts'
import { untilAnswered } from './until-answered.ts'

type Context = {
  readonly db: Db
  readonly journal: Journal
  readonly events: Events
  readonly now: () => Date
}

type AskedAct = {
  readonly account: string
  readonly party: string
  readonly act: SupervisedAct
  /** Method, address and query. */
  readonly request: string
  readonly bodySha256: Buffer
}

type SupervisedActs = {
  /** Holds a request until it is approved, and uses the approval up: null when it may go on. `gone` is aborted when the asker has left. */
  hold(ask: AskedAct, gone: AbortSignal): Promise<Problem | null>
}

export function createSupervisedActs(context: Context): SupervisedActs {
  const { db, events, now } = context
  const inTurn = createTurns()
  return {
    async hold(ask, gone) {
      const id = await inTurn(ask.party, () => askOnce(ask, context))
      if (typeof id !== 'string') return id
      const isAnswered = async (): Promise<boolean> =>
        (await supervisedActById(db, id))?.answered_at !== null
      await untilAnswered(id, isAnswered, gone, events)
      const at = now()
      // Whoever has left gets nothing, and the approval is there when they ask again at once.
      if (!gone.aborted && (await useApproval(db, id, { since: reachOf(at), at }))) return null
      if ((await supervisionOf(db, ask.party)) === null) return null
      return problem(
        'needs_live_approval',
        'Your party works under supervision: a person of the agency approves each act live, and nobody approved this one. Call them and ask again.',
      )
    },
  }
}

/** The id of what waits, or was approved and not used, for this very request. */
async function askOnce(
  { account, party, act, request, bodySha256 }: AskedAct,
  { db, events, now }: Context,
): Promise<string | Problem> {
  const at = now()
  const open = (await supervisedActs(db, reachOf(at), limits.pageMax, { party })).filter(
    ({ used_at, agreed }) => used_at === null && agreed !== false,
  )
  const same = open.find(
    (one) =>
      one.asked_by === account &&
      one.act === act &&
      one.request === request &&
      one.body_sha256.equals(bodySha256),
  )
  if (same !== undefined) return same.id
  if (open.filter(({ agreed }) => agreed === null).length >= limits.liveApprovalsWaitingMax)
    return problem(
      'needs_live_approval',
      'Too much of your party waits for a live approval already. Wait for the answers.',
    )
  const id = newId()
  await insertSupervisedAct(db, {
    ...{ id, asked_by: account, act, request, body_sha256: bodySha256, asked_at: at },
    action_salt: randomBytes(16),
    ...{ answered_at: null, answered_by: null, agreed: null, answer_reason: null },
    ...{ log_index: null, used_at: null },
  })
  events.publish('seconding', { act: id })
  return id
}

/** The answer of a person of the agency, of another unit than whoever asks. For each question one at a time. */
export async function answerSupervisedAct(
  id: string,
  { agreed, reason }: { readonly agreed: boolean; readonly reason: string | null },
  by: string,
  { db, journal, now }: Pick<Context, 'db' | 'journal' | 'now'>,
): Promise<{ readonly kind: 'answered' } | Problem> {
  const asked = await supervisedActById(db, id)
  if (asked === null) return problem('not_found', 'Nobody asked this.')
  if (asked.answered_at !== null)
    return problem('already_answered', 'Somebody answered it already.')
  const at = now()
  if (asked.asked_at < reachOf(at))
    return problem('already_answered', 'It was asked too long ago. They have to ask again.')
  const [who, asker] = [await affiliationOf(db, by), await affiliationOf(db, asked.asked_by)]
  if (who?.kind !== 'agency')
    return problem('role_missing', 'Only people of the agency approve what a contractor does.')
  if (who.unit !== '' && who.unit === asker?.unit)
    return problem(
      'signs_for_same_unit',
      'You and whoever asks are of one unit. Somebody of another unit answers.',
    )
  const salt = randomBytes(16)
  const logIndex = await journal.append({
    v: 1,
    at: at.toISOString(),
    kind: 'supervised_act_answered',
    question: id,
    act: asked.act,
    answer: agreed ? 'agreed' : 'declined',
    action: commit(asked.action_salt, actTerms(asked)),
    by: commit(salt, by),
  })
  const noted = await noteActAnswered(db, id, { at, by, salt, agreed, reason, logIndex })
  return noted
    ? { kind: 'answered' }
    : problem('already_answered', 'Somebody answered it meanwhile.')
}

/** What was asked or answered before is over. */
export function reachOf(now: Date): Date {
  return new Date(now.getTime() - limits.liveApprovalMsMax)
}
