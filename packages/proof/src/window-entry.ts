/** Entries about what people say at the window and in secondary, and on what basis faces are compared. */

import { hex256, id128, oneOf, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** A person says something of a crossing; written before it counts. */
export type WindowStepEntry = Head<'window_step'> & {
  readonly step: string
  readonly crossing: string
  /** From 1: the crossing's steps are in this order. */
  readonly place: number
  readonly says: 'admitted' | 'referred' | 'opted_out' | 'undone' | 'looked' | 'closed'
  /** Commitment to reason, finding or outcome, and the note (`committedStep`). */
  readonly terms: string
  /** Commitment to the account, under a salt of its own. */
  readonly by: string
}

/**
 * What was said at a lane's own page while the hub was out of reach, as it came; written before it
 * counts. Who said it was stated there and stands in the commitment: nobody signed in.
 */
export type LaneVerdictEntry = Head<'lane_verdict'> & {
  readonly verdict: string
  readonly crossing: string
  readonly device: string
  /** Among the crossing's steps; 0: people had decided here meanwhile, and it does not count. */
  readonly place: number
  readonly says: 'admitted' | 'referred' | 'opted_out'
  /** The commitment of the device's statement. */
  readonly terms: string
  /** Of the statement that the device signed. */
  readonly statement_sha256: string
}

/** A lane goes from one officer to the next: what is written for them, and that it was taken. */
export type HandoverEntry = Head<'handover'> & {
  readonly handover: string
  readonly says: 'written' | 'taken'
  /** Commitment to lane, note and open referrals (`committedHandover`). */
  readonly terms: string
  readonly by: string
}

/** One of two people about the basis on which faces are compared here. */
export type FaceBasisEntry = Head<'face_basis'> & {
  readonly basis: string
  readonly says: 'proposed' | 'agreed' | 'ended'
  /** Commitment to document, responsible person and date (`committedBasis`). */
  readonly terms: string
  readonly by: string
}

export type WindowLogEntry = WindowStepEntry | LaneVerdictEntry | HandoverEntry | FaceBasisEntry

/** What a step says besides its kind. */
export type CommittedStep = {
  readonly code: string | null
  readonly wrong: readonly string[]
  readonly note: string | null
}

/** What the commitment `terms` of a step is to. */
export function committedStep({ code, wrong, note }: CommittedStep): string {
  return JSON.stringify({ code, wrong, note })
}

/** What the commitment `terms` of a hand-over is to. */
export function committedHandover({
  lane,
  note,
  referrals,
}: {
  readonly lane: string
  readonly note: string
  readonly referrals: readonly string[]
}): string {
  return JSON.stringify({ lane, note, referrals })
}

export type CommittedBasis = {
  readonly document: string
  readonly responsible: string
  /** ISO 8601. */
  readonly dated: string
}

/** What the commitment `terms` of a basis is to. */
export function committedBasis({ document, responsible, dated }: CommittedBasis): string {
  return JSON.stringify({ document, responsible, dated })
}

export const windowEntryShapes = {
  window_step: record<WindowStepEntry>({
    ...head('window_step'),
    step: id128,
    crossing: id128,
    place: whole(1),
    says: oneOf(['admitted', 'referred', 'opted_out', 'undone', 'looked', 'closed']),
    terms: hex256,
    by: hex256,
  }),
  lane_verdict: record<LaneVerdictEntry>({
    ...head('lane_verdict'),
    verdict: id128,
    crossing: id128,
    device: id128,
    place: whole(0),
    says: oneOf(['admitted', 'referred', 'opted_out']),
    terms: hex256,
    statement_sha256: hex256,
  }),
  handover: record<HandoverEntry>({
    ...head('handover'),
    handover: id128,
    says: oneOf(['written', 'taken']),
    terms: hex256,
    by: hex256,
  }),
  face_basis: record<FaceBasisEntry>({
    ...head('face_basis'),
    basis: id128,
    says: oneOf(['proposed', 'agreed', 'ended']),
    terms: hex256,
    by: hex256,
  }),
} as const
