/**
 * A device's word that days are over for it (specs/seal.md, Closing a day): it will never again sign a
 * manifest whose epoch is one of them. What it has signed of them has a sequence up to the last named.
 */

import { day, id128, instant, name, oneOf, record, whole } from './canonical-json.ts'
import { limits } from './limits.ts'
import { signedStatement } from './signed-statement.ts'

export type DayClosed = {
  readonly version: 1
  readonly device: string
  readonly port: string
  /** The last UTC day that is over; all before it are too. */
  readonly through: string
  /** Sequence of the last manifest signed when this was; 0 when there was none. */
  readonly last_sequence: number
  readonly signed_at: string
}

const shape = record<DayClosed>({
  version: oneOf([1]),
  device: id128,
  port: name,
  through: day,
  last_sequence: whole(0),
  signed_at: instant,
})

/** Written, signed and believed as `signed-statement.ts` says. */
export const {
  encode: encodeDayClosed,
  sign: signDayClosed,
  verify: verifyDayClosed,
} = signedStatement({
  shape,
  domain: 'sallyport/day-closed/v1',
  bytesMax: limits.dayClosedMax,
  malformed: 'malformed_day_closed',
  signer: 'device',
})
