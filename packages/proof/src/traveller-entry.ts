/**
 * Entries about travellers who are looked for by a photograph (specs/log.md). They name no person, no
 * picture and no crossing: the log is public, and whoever is looked for must not learn it there.
 */

import { hex256, id128, oneOf, record } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** Somebody is looked for from here on. */
export type TravellerSoughtEntry = Head<'traveller_sought'> & {
  readonly entry: string
  /** Commitment to issuer, reason, expiry, name, birthday, document and photograph. */
  readonly terms: string
  /** Commitment to the account, under a salt of its own. */
  readonly by: string
}

/** Nobody is looked for by this entry any more: its template is overwritten, its key destroyed. */
export type TravellerSoughtEndedEntry = Head<'traveller_sought_ended'> & {
  readonly entry: string
  readonly how: 'expired' | 'withdrawn'
  readonly by?: string
}

/** A face of a crossing may be of somebody who is looked for; written before anybody is told. */
export type TravellerHitEntry = Head<'traveller_hit'> & {
  readonly hit: string
  /** Commitment to the ids of entry, crossing and picture. */
  readonly match: string
}

/**
 * One person said whether it is; written before the verdict counts. Of which hit and how is a commitment:
 * who looks second could read here what the first saw.
 */
export type TravellerHitJudgedEntry = Head<'traveller_hit_judged'> & {
  readonly judgement: string
  /** Commitment to the id of the hit and the verdict. */
  readonly what: string
  readonly by: string
}

export type TravellerLogEntry =
  | TravellerSoughtEntry
  | TravellerSoughtEndedEntry
  | TravellerHitEntry
  | TravellerHitJudgedEntry

/** What an entry said when it was made; `expires_at` as RFC 3339 with milliseconds, UTC. */
export type CommittedTravellerTerms = {
  readonly issuer: string
  readonly reason: string
  readonly expires_at: string
  readonly name: string | null
  readonly born: string | null
  readonly document_issuer: string | null
  readonly document_number: string | null
  /** Hex SHA-256 of the sealed photograph. */
  readonly photo_sha256: string
}

/** What the commitment `terms` is to. */
export function committedTravellerTerms(terms: CommittedTravellerTerms): string {
  const { issuer, reason, expires_at, name, born, document_issuer, document_number, photo_sha256 } =
    terms
  return JSON.stringify({
    issuer,
    reason,
    expires_at,
    name,
    born,
    document_issuer,
    document_number,
    photo_sha256,
  })
}

/** What the commitment `match` is to. */
export function committedTravellerMatch(entry: string, crossing: string, capture: string): string {
  return `${entry} ${crossing} ${capture}`
}

/** What the commitment `what` of a judgement is to. */
export function committedJudgement(hit: string, verdict: 'confirmed' | 'rejected'): string {
  return `${hit} ${verdict}`
}

export const travellerEntryShapes = {
  traveller_sought: record<TravellerSoughtEntry>({
    ...head('traveller_sought'),
    entry: id128,
    terms: hex256,
    by: hex256,
  }),
  traveller_sought_ended: record<TravellerSoughtEndedEntry>(
    {
      ...head('traveller_sought_ended'),
      entry: id128,
      how: oneOf(['expired', 'withdrawn']),
      by: hex256,
    },
    ['by'],
  ),
  traveller_hit: record<TravellerHitEntry>({
    ...head('traveller_hit'),
    hit: id128,
    match: hex256,
  }),
  traveller_hit_judged: record<TravellerHitJudgedEntry>({
    ...head('traveller_hit_judged'),
    judgement: id128,
    what: hex256,
    by: hex256,
  }),
} as const
