/**
 * Entries about plates that are looked for (specs/log.md), and with them those about travellers. They
 * name neither plate nor crossing: the log is public, and whoever is looked for must not learn it there.
 */

import { hex256, id128, oneOf, record } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'
import { type TravellerLogEntry, travellerEntryShapes } from './traveller-entry.ts'

/** An entry of the watch list is in force from here on. */
export type WatchEntryCreatedEntry = Head<'watch_entry_created'> & {
  readonly entry: string
  /** Commitment to plate, jurisdiction, issuer, reason, expiry and tolerance. */
  readonly terms: string
  /** Commitment to the account, under a salt of its own. */
  readonly by: string
}

/** An entry is no longer in force. */
export type WatchEntryWithdrawnEntry = Head<'watch_entry_withdrawn'> & {
  readonly entry: string
  readonly by: string
}

/** A crossing may be one that an entry looks for; written before anybody is told. */
export type WatchHitEntry = Head<'watch_hit'> & {
  readonly hit: string
  /** Commitment to the ids of entry and crossing, a space between them. */
  readonly match: string
}

/** A person said whether it is; written before the verdict counts. */
export type WatchHitJudgedEntry = Head<'watch_hit_judged'> & {
  readonly hit: string
  readonly verdict: 'confirmed' | 'rejected'
  readonly by: string
}

export type WatchLogEntry =
  | WatchEntryCreatedEntry
  | WatchEntryWithdrawnEntry
  | WatchHitEntry
  | WatchHitJudgedEntry
  | TravellerLogEntry

/** What an entry said when it was made; `expires_at` as RFC 3339 with milliseconds, UTC. */
export type CommittedTerms = {
  readonly plate: string
  readonly jurisdiction: string | null
  readonly issuer: string
  readonly reason: string
  readonly expires_at: string
  readonly tolerance: number
}

/** What the commitment `terms` is to (specs/log.md). */
export function committedTerms(terms: CommittedTerms): string {
  const { plate, jurisdiction, issuer, reason, expires_at, tolerance } = terms
  return JSON.stringify({ plate, jurisdiction, issuer, reason, expires_at, tolerance })
}

/** What the commitment `match` is to. */
export function committedMatch(entry: string, crossing: string): string {
  return `${entry} ${crossing}`
}

export const watchEntryShapes = {
  watch_entry_created: record<WatchEntryCreatedEntry>({
    ...head('watch_entry_created'),
    entry: id128,
    terms: hex256,
    by: hex256,
  }),
  watch_entry_withdrawn: record<WatchEntryWithdrawnEntry>({
    ...head('watch_entry_withdrawn'),
    entry: id128,
    by: hex256,
  }),
  watch_hit: record<WatchHitEntry>({ ...head('watch_hit'), hit: id128, match: hex256 }),
  watch_hit_judged: record<WatchHitJudgedEntry>({
    ...head('watch_hit_judged'),
    hit: id128,
    verdict: oneOf(['confirmed', 'rejected']),
    by: hex256,
  }),
  ...travellerEntryShapes,
} as const
