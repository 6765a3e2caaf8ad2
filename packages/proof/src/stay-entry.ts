/** Entries about stays: what people state about passages, and the rules in force (specs/log.md). */

import { hex256, id128, oneOf, record } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** A person states something about a passage; written before it counts. */
export type StayStatementEntry = Head<'stay_statement'> & {
  readonly statement: string
  /** Of a vehicle the crossing. */
  readonly passage: string
  readonly says: 'paired' | 'left' | 'entered' | 'set_aside' | 'admitted' | 'withdrawn'
  /** Commitment to what is stated (`committedStatement`). */
  readonly terms: string
  /** Commitment to the account, under a salt of its own. */
  readonly by: string
  /** The statement before it. */
  readonly supersedes?: string
}

/** Stays are computed under these rules from here on. */
export type StayRulesEntry = Head<'stay_rules'> & {
  /** Of the rules as JSON, in the order of the settings. */
  readonly sha256: string
}

export type StayLogEntry = StayStatementEntry | StayRulesEntry

/** What a statement says; instants as RFC 3339 with milliseconds, UTC, and days as ISO 8601. */
export type CommittedStatement = {
  readonly other: string | null
  readonly instant: string | null
  readonly day: string | null
  readonly reason: string
}

/** What the commitment `terms` is to. */
export function committedStatement(said: CommittedStatement): string {
  const { other, instant, day, reason } = said
  return JSON.stringify({ other, instant, day, reason })
}

export const stayEntryShapes = {
  stay_statement: record<StayStatementEntry>(
    {
      ...head('stay_statement'),
      statement: id128,
      passage: id128,
      says: oneOf(['paired', 'left', 'entered', 'set_aside', 'admitted', 'withdrawn']),
      terms: hex256,
      by: hex256,
      supersedes: id128,
    },
    ['supersedes'],
  ),
  stay_rules: record<StayRulesEntry>({ ...head('stay_rules'), sha256: hex256 }),
} as const
