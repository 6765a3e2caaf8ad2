/**
 * Openings of contractors under supervision: each is held until a person of the agency approves it live, once
 * and for nothing else. Whether it may then be opened is decided by the policies, as for any other.
 */

import { randomBytes } from 'node:crypto'

import { grantPurposes } from '@sallyport/core/grants/grant'
import { captureById } from '@sallyport/store/crossings'
import { affiliationOf } from '@sallyport/store/grants/parties'
import { insertSeconding, liveWaiting, secondingById } from '@sallyport/store/grants/secondings'
import { supervisionOf } from '@sallyport/store/grants/supervision'
import type { Db } from '@sallyport/store/postgres/database'

import type { Events } from '../events.ts'
import { newId } from '../ids.ts'
import { limits } from '../limits.ts'
import { type OpeningAsk, reviewStateOf } from '../openings.ts'
import { type Problem, problem } from '../problems.ts'
import { createTurns } from '../turns.ts'
import type { Policy } from './policy.ts'
import { untilAnswered } from './until-answered.ts'

type Context = {
  readonly db: Db
  readonly policy: Policy
  readonly events: Events
  readonly now: () => Date
}

export type LiveApprovals = {
  /**
   * Holds an opening for as long as it waits for a live approval; null when it is to be decided now: approved,
   * declined, not answered in time, or not in need of one. `gone` is aborted when the asker has left.
   */
  hold(ask: OpeningAsk, gone: AbortSignal): Promise<Problem | null>
}

export function createLiveApprovals(context: Context): LiveApprovals {
  const inTurn = createTurns()
  return {
    async hold(ask, gone) {
      const who = await affiliationOf(context.db, ask.account.id)
      if (who === null || who.kind === 'agency') return null
      const { party } = who
      if ((await supervisionOf(context.db, party)) === null) return null
      const asked = await inTurn(party, () => askLive(ask, party, context))
      if (asked === null || typeof asked !== 'string') return asked
      const isAnswered = async (): Promise<boolean> =>
        (await secondingById(context.db, asked))?.answered_at !== null
      await untilAnswered(asked, isAnswered, gone, context.events)
      return null
    },
  }
}

/** The id of what waits for this opening; null where the decision does not hang on it. */
async function askLive(
  ask: OpeningAsk,
  party: string,
  { db, policy, events, now }: Context,
): Promise<string | Problem | null> {
  const found = await captureById(db, ask.capture)
  const purpose = grantPurposes.find((one) => one === ask.purpose)
  if (found === null || found.capture.class === 'reads' || purpose === undefined) return null
  const at = now()
  const review = await reviewStateOf(db, found.crossing)
  const { decision, grant, view } = await policy.explain(
    { ...ask, ...found, review, opening: '' },
    at,
  )
  if (decision.kind === 'allow' || decision.code !== 'needs_live_approval' || grant === null)
    return null
  const row = {
    access_grant: grant.id,
    grant_version: grant.version,
    ...{ capture: ask.capture, view, purpose, asked_by: ask.account.id },
  }
  const since = new Date(at.getTime() - limits.liveApprovalMsMax)
  const waiting = await liveWaiting(db, party, since)
  const same = waiting.find((one) =>
    Object.entries(row).every(([key, value]) => one[key as keyof typeof row] === value),
  )
  if (same !== undefined) return same.id
  if (waiting.length >= limits.liveApprovalsWaitingMax)
    return problem(
      'needs_live_approval',
      `${waiting.length} openings of your party wait for a live approval already. Wait for their answers.`,
    )
  const id = newId()
  await insertSeconding(db, {
    ...{ ...row, id, live: true, action_salt: randomBytes(16), asked_at: at },
    reason: ask.note ?? '',
    ...{ answered_at: null, answered_by: null, agreed: null, log_index: null, used_by: null },
  })
  events.publish('seconding', { seconding: id })
  return id
}
