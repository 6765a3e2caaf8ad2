/** A named person says whether a possible match is one: decide, log, only then it holds. */

import { randomBytes } from 'node:crypto'

import {
  decideJudgement,
  type HitVerdict,
  type JudgementRefusal,
} from '@sallyport/core/watch-decisions'
import { commit } from '@sallyport/proof/entry'
import { watchEntriesById } from '@sallyport/store/watch-entries'
import {
  claimJudgement,
  hasLookedAt,
  noteJudged,
  releaseJudgement,
  watchHitById,
} from '@sallyport/store/watch-hits'

import { type Problem, type ProblemCode, problem } from '../problems.ts'
import { type HitView, hitViews } from './views.ts'
import type { WatchContext } from './watch-list.ts'

export type JudgementAsk = {
  readonly hit: string
  readonly account: string
  readonly verdict: HitVerdict
  readonly note: string | null
}

const codes: Readonly<Record<JudgementRefusal, ProblemCode>> = {
  already_judged: 'hit_already_judged',
  entry_over: 'watch_entry_over',
  not_looked_at: 'picture_not_seen',
}

const noHit = 'There is no such possible match.'

/** Judges one hit; answers with it as it is then, or says why not. */
export async function judgeHit(
  ask: JudgementAsk,
  context: WatchContext,
): Promise<{ readonly kind: 'judged'; readonly hit: HitView } | Problem> {
  const { db, journal, events } = context
  const row = await watchHitById(db, ask.hit)
  if (row === null) return problem('not_found', noHit)
  const [entry] = await watchEntriesById(db, [row.entry])
  if (entry === undefined) throw new Error('a hit belongs to an entry')
  const at = context.now()
  const decision = decideJudgement(
    {
      state: row.state,
      expiresAt: entry.expires_at,
      withdrawnAt: entry.withdrawal_log_index === null ? null : entry.withdrawn_at,
      looked: await hasLookedAt(db, ask.account, row.crossing),
    },
    ask.verdict,
    at,
  )
  if (decision.kind === 'refuse') return problem(codes[decision.code], decision.detail)

  const salt = randomBytes(16)
  const by = { at, account: ask.account, verdict: ask.verdict, note: ask.note, salt }
  // The row first: without its salt nobody could tell later whose entry the log has.
  if (!(await claimJudgement(db, ask.hit, by)))
    return problem('hit_already_judged', 'Somebody else is judging it at this moment. Look again.')
  let index: number
  try {
    index = await journal.append({
      v: 1,
      at: at.toISOString(),
      kind: 'watch_hit_judged',
      hit: ask.hit,
      verdict: ask.verdict,
      by: commit(salt, ask.account),
    })
  } catch (error) {
    await releaseJudgement(db, ask.hit, by)
    throw error
  }
  if (!(await noteJudged(db, ask.hit, by, index)))
    return problem(
      'hit_already_judged',
      'Somebody else judged it meanwhile. Look at their verdict.',
    )
  const judged = await watchHitById(db, ask.hit)
  const [view] = judged === null ? [] : await hitViews([judged], db, at)
  if (view === undefined) return problem('not_found', noHit)
  events.publish('watch_hit', view)
  return { kind: 'judged', hit: view }
}
