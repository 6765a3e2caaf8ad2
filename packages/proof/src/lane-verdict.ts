/**
 * A verdict that somebody gave at the lane's own page while the hub was out of reach (specs/seal.md,
 * Verdicts of a lane). The statement is signed by the device and holds nothing personal; what was said,
 * and the name that was stated, travel sealed beside it and are bound to it by a commitment.
 */

import { duration, hex256, id128, instant, name, oneOf, record } from './canonical-json.ts'
import { limits } from './limits.ts'
import { signedStatement } from './signed-statement.ts'

export type LaneVerdict = {
  readonly version: 1
  readonly device: string
  readonly lane: string
  readonly port: string
  readonly verdict: string
  readonly crossing: string
  /** By the device's clock, like `boot` and `monotonic_ms`. */
  readonly given_at: string
  readonly boot: string
  readonly monotonic_ms: number
  /** Commitment to what was said (`committedLaneVerdict`), its salt sealed with it. */
  readonly terms: string
}

/** What is sealed beside the statement, as JSON with its salt. */
export type SaidAtLane = {
  readonly says: 'admitted' | 'referred' | 'opted_out'
  readonly code: string | null
  readonly note: string | null
  /** As it was stated at the lane: nobody signed in there. */
  readonly name: string
}

const shape = record<LaneVerdict>({
  version: oneOf([1]),
  device: id128,
  lane: name,
  port: name,
  verdict: id128,
  crossing: id128,
  given_at: instant,
  boot: id128,
  monotonic_ms: duration,
  terms: hex256,
})

/** What the commitment `terms` is to. */
export function committedLaneVerdict({ says, code, note, name: by }: SaidAtLane): string {
  return JSON.stringify({ says, code, note, name: by })
}

/** Written, signed and believed as `signed-statement.ts` says. */
export const {
  encode: encodeLaneVerdict,
  sign: signLaneVerdict,
  verify: verifyLaneVerdict,
} = signedStatement({
  shape,
  domain: 'sallyport/lane-verdict/v1',
  bytesMax: limits.laneVerdictMax,
  malformed: 'malformed_lane_verdict',
  signer: 'device',
})
