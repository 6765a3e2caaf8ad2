/**
 * Rows that name the entry of an act: grants and who answered for them, incidents with what was stated, cut off and
 * sent in them, models that were evaluated, the ground for faces, keys of recipients, plates that were sent.
 */

import type { LogEntry } from '@sallyport/proof/entry'

import { basisClaims } from './fsck-basis.ts'
import { calibrationClaims } from './fsck-calibrations.ts'
import { candidateClaims } from './fsck-candidates.ts'
import { grantClaims, grantsBroughtBack } from './fsck-grants.ts'
import { incidentClaims } from './fsck-incidents.ts'
import type { LoggedNamed } from './fsck-named.ts'
import { outsideClaims } from './fsck-outside.ts'
import type { Db } from './postgres/database.ts'

/** What a row says of the log: an entry stands at `at`, it `is` of this row, and says the same. */
export type Claim = {
  readonly table: string
  readonly id: string
  readonly at: number
  readonly is: Readonly<Record<string, unknown>> & { readonly kind: ActKind }
  /** Null: the row cannot be what was written at all. */
  readonly says: Readonly<Record<string, unknown>> | null
}

/** By index. */
export type LoggedActs = Map<number, ActEntry>

export type AddFinding = (
  code: 'row_not_in_log' | 'row_differs',
  about: string,
  detail: string,
  entry?: number,
) => void

const kinds = [
  'candidate_evaluation',
  'candidate_reported',
  'containment',
  'containment_lifted',
  'face_basis',
  'face_calibration',
  'face_calibration_reported',
  'frequent_rule',
  'gallery_ended',
  'grant_proposed',
  'grant_revoked',
  'grant_signed',
  'incident_closed',
  'incident_opened',
  'incident_reported',
  'leak_comparison',
  'leak_search_ended',
  'notice_sent',
  'plate_sent',
  'recipient_added',
  'release_attested',
  'scope_stated',
  'scope_faces_opened',
  'seconding_answered',
  'subject_request',
  'supervised_act_answered',
  'supervision_lifted',
  'supervision_set',
] as const
type ActKind = (typeof kinds)[number]
export type ActEntry = Extract<LogEntry, { readonly kind: ActKind }>

const known: ReadonlySet<string> = new Set(kinds)

/** Remembers an entry when it is of an act; these are looked up by their index. */
export function noteLoggedAct(logged: LoggedNamed, entry: LogEntry, index: number): void {
  if (isAct(entry)) logged.set(`act ${index}`, [{ index, entry }])
}

function actsOf(logged: LoggedNamed): LoggedActs {
  const acts: LoggedActs = new Map()
  for (const [key, [first]] of logged)
    if (key.startsWith('act ') && first !== undefined && isAct(first.entry))
      acts.set(first.index, first.entry)
  return acts
}

function isAct(entry: LogEntry): entry is ActEntry {
  return known.has(entry.kind)
}

/** Looks up what the rows claim. An entry without a row is no finding: a crash may have come between. */
export async function checkActs(db: Db, named: LoggedNamed, add: AddFinding): Promise<number> {
  const logged = actsOf(named)
  const claims = [
    ...(await grantClaims(db)),
    ...(await incidentClaims(db, logged)),
    ...(await candidateClaims(db)),
    ...(await basisClaims(db)),
    ...(await calibrationClaims(db)),
    ...(await outsideClaims(db)),
  ]
  for (const { table, id, at, is, says } of claims) {
    const entry = logged.get(at)
    if (entry === undefined || !agrees(entry, is))
      add('row_not_in_log', id, `A row of ${table} says entry ${at}; the log does not.`)
    else if (says === null || !agrees(entry, says))
      add('row_differs', id, `A row of ${table} was changed since entry ${at}.`)
  }
  await grantsBroughtBack(db, logged, add)
  return claims.length
}

/** An absent key of an entry is what a row has as undefined. */
function agrees(entry: ActEntry, wanted: Readonly<Record<string, unknown>>): boolean {
  const found: Readonly<Record<string, unknown>> = { ...entry }
  return Object.entries(wanted).every(([key, value]) => found[key] === value)
}
