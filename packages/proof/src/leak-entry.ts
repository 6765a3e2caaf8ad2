/** Entries about searches for leaked copies (specs/log.md). */

import { hex256, id128, list, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'
import { limits } from './limits.ts'

/** Somebody begins to search what was found outside for copies of stored pictures. */
export type LeakSearchEntry = Head<'leak_search'> & {
  readonly search: string
  /** Pictures that can be known again by their hash, and the root over those hashes (specs/leaks.md). */
  readonly hashed: number
  readonly index_root: string
  /** Commitment to the account. */
  readonly by: string
}

/** Stored pictures are opened, in the hub's memory only, to be laid under one found file. */
export type LeakComparisonEntry = Head<'leak_comparison'> & {
  readonly search: string
  /** Number of the file in its search, from 1; 0 for copies that a self-test planted. */
  readonly file: number
  readonly captures: readonly string[]
}

/** The search is over; the findings stand in the rows, and their hash here. */
export type LeakSearchEndedEntry = Head<'leak_search_ended'> & {
  readonly search: string
  readonly files: number
  readonly ours: number
  readonly unsure: number
  readonly findings_sha256: string
}

export type LeakLogEntry = LeakSearchEntry | LeakComparisonEntry | LeakSearchEndedEntry

export const leakEntryShapes = {
  leak_search: record<LeakSearchEntry>({
    ...head('leak_search'),
    search: id128,
    hashed: whole(0),
    index_root: hex256,
    by: hex256,
  }),
  leak_comparison: record<LeakComparisonEntry>({
    ...head('leak_comparison'),
    search: id128,
    file: whole(0),
    captures: list(id128, 1, limits.comparedMax),
  }),
  leak_search_ended: record<LeakSearchEndedEntry>({
    ...head('leak_search_ended'),
    search: id128,
    files: whole(0),
    ours: whole(0),
    unsure: whole(0),
    findings_sha256: hex256,
  }),
} as const
