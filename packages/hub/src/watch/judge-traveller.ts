/** A named person says whether a face is of somebody who is looked for: decide, log, only then it counts. */

import { randomBytes } from 'node:crypto'

import {
  decideTravellerJudgement,
  type TravellerJudgementRefusal,
} from '@sallyport/core/faces/traveller-watch'
import type { HitVerdict } from '@sallyport/core/watch-decisions'
import { commit } from '@sallyport/proof/entry'
import { committedJudgement } from '@sallyport/proof/traveller-entry'
import {
  claimTravellerVerdict,
  hasOpenedEach,
  noteTravellerVerdict,
  releaseTravellerVerdict,
  travellerHitById,
  travellerVerdicts,
} from '@sallyport/store/travellers/hits'
import { soughtById } from '@sallyport/store/travellers/sought'

import type { FacesContext } from '../faces/faces.ts'
import { newId } from '../ids.ts'
import { type Problem, type ProblemCode, problem } from '../problems.ts'
import { withheldFrom } from './traveller-views.ts'

const codes: Readonly<Record<TravellerJudgementRefusal, ProblemCode>> = {
  already_judged: 'hit_already_judged',
  own_verdict_given: 'hit_already_judged',
  entry_over: 'watch_entry_over',
  not_looked_at: 'picture_not_seen',
}

/** Judges one hit. What one person said is told to nobody else while it is open. */
export async function judgeTravellerHit(
  ask: {
    readonly hit: string
    readonly account: string
    readonly verdict: HitVerdict
    readonly note: string | null
  },
  { db, journal, events, now }: FacesContext,
): Promise<{ readonly kind: 'judged' } | Problem> {
  const { hit, account, verdict, note } = ask
  const row = await travellerHitById(db, hit)
  const [entry] = row === null ? [] : await soughtById(db, [row.entry])
  if (row === null || entry === undefined || (await withheldFrom(db, account, [row])).has(row.id))
    return problem('not_found', 'There is no such possible match.')
  const at = now()
  const given = await travellerVerdicts(db, [hit])
  const decision = decideTravellerJudgement(
    {
      state: row.state,
      over: entry.end_log_index !== null || entry.expires_at <= at,
      given: given.some((one) => one.account === account),
      looked: await hasOpenedEach(db, account, row.crossing, [row.capture, row.entry]),
    },
    verdict,
  )
  if (decision.kind === 'refuse') return problem(codes[decision.code], decision.detail)

  const by = {
    id: newId(),
    hit,
    account,
    verdict,
    at,
    note,
    what_salt: randomBytes(16),
    by_salt: randomBytes(16),
  }
  // The row first: without its salts nobody could tell later whose entry the log has.
  if (!(await claimTravellerVerdict(db, by)))
    return problem('hit_already_judged', 'You are judging it already. Look again.')
  let index: number
  try {
    index = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'traveller_hit_judged',
      judgement: by.id,
      what: commit(by.what_salt, committedJudgement(hit, verdict)),
      by: commit(by.by_salt, account),
    })
  } catch (error) {
    await releaseTravellerVerdict(db, by)
    throw error
  }
  const state = await noteTravellerVerdict(db, by, index)
  // An event for one of two verdicts would tell everybody that somebody saw the same person.
  if (state !== 'unconfirmed') events.publish('traveller_hit', { hit_id: hit })
  return { kind: 'judged' }
}
