/**
 * Verdicts on plates: decide, write the row that holds the place, log, and only then let it count.
 * What a crash leaves between is settled by what the log says.
 */

import { randomBytes } from 'node:crypto'

import { type Role, runningShift } from '@sallyport/core/opening'
import {
  decideVerdict,
  decideWithdrawal,
  type Head,
  type Statement,
  type VerdictKind,
} from '@sallyport/core/review'
import { commit, type LogEntry } from '@sallyport/proof/entry'
import { committedText } from '@sallyport/proof/review-entry'
import { shiftOf } from '@sallyport/store/accounts'
import { type CrossingRow, crossingById } from '@sallyport/store/crossings'
import { openingById } from '@sallyport/store/openings'
import type { Db } from '@sallyport/store/postgres/database'
import { claimsOn, reviewReasonOf } from '@sallyport/store/reviews'
import {
  headOf,
  insertVerdict,
  noteVerdictFailed,
  pendingVerdicts,
  takeEffect,
  type VerdictRow,
} from '@sallyport/store/verdicts'

import { newId } from './ids.ts'
import type { Journal } from './journal.ts'
import { type Problem, problem } from './problems.ts'
import { conflict, refusal } from './review-refusals.ts'

export type ReviewContext = {
  readonly db: Db
  readonly journal: Journal
  readonly now: () => Date
  readonly report: (message: string) => void
  /** Told of every crossing whose verdict in effect changed. */
  readonly changed: (crossing: string) => void
}

export type VerdictAsk = {
  readonly crossing: string
  readonly account: { readonly id: string; readonly name: string; readonly roles: readonly Role[] }
  readonly statement: Statement
  readonly jurisdiction: string | null
  /** The person's own opening of the picture; null where the crossing has none. */
  readonly opening: string | null
  readonly supersedes: string | null
}

export type GivenVerdict = {
  readonly kind: 'given'
  readonly verdict: string
  readonly logIndex: number
}

export type Reviews = {
  give(ask: VerdictAsk): Promise<GivenVerdict | Problem>
  /** Takes the newest verdict back: the plate waits again. */
  withdraw(
    ask: Pick<VerdictAsk, 'account' | 'crossing'> & { readonly verdict: string },
  ): Promise<GivenVerdict | Problem>
  /** Finishes what was left between row and log. Call before serving, and now and then. */
  recover(): Promise<void>
}

export function createReviews(context: ReviewContext): Reviews {
  const { db, now } = context
  const underWay = new Set<string>()

  async function give(ask: VerdictAsk): Promise<GivenVerdict | Problem> {
    const found = await crossingById(db, ask.crossing)
    if (found === null || found.crossing.log_index === null)
      return problem('not_found', 'There is no such crossing.')
    const { crossing, captures } = found
    const at = now()
    const shift = await shiftOf(db, ask.account.id)
    // Who stands at the window sees the plate itself, however sure the reader was.
    if (reviewReasonOf(crossing) === null && runningShift(shift, at)?.lane !== crossing.lane)
      return problem('not_in_review', 'The plate of this crossing was read surely.')
    const head = await settledHead(crossing.id)
    const claims = await claimsOn(db, [crossing.id], at)
    const decision = decideVerdict(
      {
        account: ask.account,
        shift,
        lane: crossing.lane,
        supersedes: ask.supersedes,
        head: asHead(head),
        claim: claims.get(crossing.id) ?? null,
      },
      at,
    )
    if (decision.kind === 'refuse')
      return refusal(decision, head, claims.get(crossing.id)?.accountName)
    const pictures = captures.filter(({ class: name }) => name === 'scene' || name === 'plate')
    const opening = ask.opening === null ? null : await openingById(db, ask.opening)
    const seen = pictures.find(({ id }) => id === opening?.capture)
    const own = opening?.account === ask.account.id && opening.outcome === 'opened'
    if (pictures.length > 0 && (!own || seen === undefined)) {
      return problem(
        'picture_not_seen',
        'A verdict is on a picture that you opened. Open it first; the opening is logged.',
      )
    }
    const { statement } = ask
    const text = statement.kind === 'unreadable' ? null : statement.text
    return record({
      crossing,
      account: ask.account.id,
      at,
      kind: statement.kind,
      text,
      jurisdiction: text === null ? null : ask.jurisdiction,
      capture: seen?.id ?? null,
      sha256: seen?.sha256 ?? null,
      opening: opening?.id ?? null,
      supersedes: ask.supersedes,
    })
  }

  const withdraw: Reviews['withdraw'] = async ({ crossing: id, account, verdict }) => {
    const found = await crossingById(db, id)
    if (found === null) return problem('not_found', 'There is no such crossing.')
    const head = await settledHead(id)
    const at = now()
    const decision = decideWithdrawal(
      {
        account,
        shift: await shiftOf(db, account.id),
        lane: found.crossing.lane,
        supersedes: verdict,
        head: asHead(head),
      },
      at,
    )
    if (decision.kind === 'refuse') return refusal(decision, head)
    return record({
      crossing: found.crossing,
      account: account.id,
      at,
      kind: 'withdrawn',
      text: null,
      jurisdiction: null,
      capture: head?.capture ?? null,
      sha256: head?.picture_sha256 ?? null,
      opening: null,
      supersedes: verdict,
    })
  }

  async function record(said: Said): Promise<GivenVerdict | Problem> {
    const { crossing } = said
    const [id, bySalt, textSalt] = [newId(), randomBytes(16), randomBytes(16)]
    underWay.add(id)
    try {
      const holds = await insertVerdict(db, {
        id,
        crossing: crossing.id,
        received_at: crossing.received_at,
        at: said.at,
        account: said.account,
        kind: said.kind,
        text: said.text,
        jurisdiction: said.jurisdiction,
        capture: said.capture,
        picture_sha256: said.sha256,
        opening: said.opening,
        supersedes: said.supersedes,
        by_salt: bySalt,
        text_salt: textSalt,
        state: 'pending',
        log_from: context.journal.size(),
        log_index: null,
      })
      if (!holds) return conflict(await headOf(db, crossing.id))
      const logIndex = await append(entryOf(id, said, bySalt, textSalt))
      if (typeof logIndex !== 'number') return logIndex
      const { received_at } = crossing
      await takeEffect(
        db,
        { id, crossing: crossing.id, received_at, kind: said.kind, text: said.text },
        logIndex,
      )
      context.changed(crossing.id)
      return { kind: 'given', verdict: id, logIndex }
    } finally {
      underWay.delete(id)
    }
  }

  async function append(entry: LogEntry): Promise<number | Problem> {
    try {
      return await context.journal.append(entry)
    } catch (error) {
      // The row stays pending: what was rejected may turn up in the log after all.
      context.report(
        `verdict: the log did not take the entry: ${error instanceof Error ? error.message : String(error)}`,
      )
      return problem(
        'log_unavailable',
        'The log cannot be written, so no verdict counts. The cause is in the report of the hub.',
      )
    }
  }

  /** The end of the chain; one that an earlier failure left pending is settled first. */
  async function settledHead(crossing: string): Promise<VerdictRow | null> {
    const head = await headOf(db, crossing)
    if (head?.state !== 'pending' || underWay.has(head.id)) return head
    await settle(head)
    return headOf(db, crossing)
  }

  /** The log decides: what it has counts, what it has not was never said. */
  async function settle(row: VerdictRow): Promise<void> {
    await context.journal.settle()
    const logIndex = await context.journal.find(
      (entry) => entry.kind === 'verdict' && entry.verdict === row.id,
      row.log_from,
    )
    if (logIndex === null) await noteVerdictFailed(db, row.id)
    else await takeEffect(db, row, logIndex)
  }

  return {
    give,
    withdraw,
    async recover() {
      for (const row of await pendingVerdicts(db)) if (!underWay.has(row.id)) await settle(row)
    },
  }
}

type Said = {
  readonly crossing: CrossingRow
  readonly account: string
  readonly at: Date
  readonly kind: VerdictKind
  readonly text: string | null
  readonly jurisdiction: string | null
  readonly capture: string | null
  readonly sha256: Buffer | null
  readonly opening: string | null
  readonly supersedes: string | null
}

function entryOf(id: string, said: Said, bySalt: Buffer, textSalt: Buffer): LogEntry {
  return {
    v: 1,
    at: said.at.toISOString(),
    kind: 'verdict',
    verdict: id,
    crossing: said.crossing.id,
    says: said.kind,
    text: commit(textSalt, committedText(said.text, said.jurisdiction)),
    by: commit(bySalt, said.account),
    ...(said.sha256 === null ? {} : { sha256: said.sha256.toString('hex') }),
    ...(said.supersedes === null ? {} : { supersedes: said.supersedes }),
  }
}

function asHead(row: VerdictRow | null): Head {
  return row === null ? null : { id: row.id, kind: row.kind, account: row.account, at: row.at }
}
