/** Travellers who are looked for, on the wire. The contract test checks these types against the hub's schemas. */

import type { FaceQuality } from '@sallyport/core/face-quality'
import type { HitState, HitVerdict } from '@sallyport/core/watch-decisions'

import type { Account, Crossing } from './types.ts'

export type Traveller = {
  readonly id: string
  readonly issuer: string
  readonly reason: string
  readonly expires_at: string
  readonly name: string | null
  readonly born: string | null
  readonly document_issuer: string | null
  readonly document_number: string | null
  readonly state: 'in_force' | 'expired' | 'withdrawn'
  /** Faces are compared with it at this moment. */
  readonly searched: boolean
  /** Of the photograph; null once the entry is over. */
  readonly quality: FaceQuality | null
  readonly made: { readonly at: string; readonly by: Account }
  readonly withdrawn: {
    readonly at: string
    readonly by: Account
    readonly reason: string
    readonly log_index: number | null
  } | null
  readonly log_index: number | null
}

export type TravellersPage = {
  readonly entries: readonly Traveller[]
  readonly next: string | null
}

export type TravellerVerdict = {
  readonly verdict: HitVerdict
  readonly at: string
  readonly by: Account
  readonly note: string | null
  readonly log_index: number | null
}

export type TravellerHit = {
  readonly id: string
  readonly at: string
  readonly state: HitState
  readonly capture_id: string
  /** False once the entry is over. */
  readonly has_photo: boolean
  readonly entry: Traveller
  readonly crossing: Crossing
  readonly own_verdict: TravellerVerdict | null
  /** Empty while it is open: the second person is not told of the first. */
  readonly verdicts: readonly TravellerVerdict[]
  readonly log_index: number | null
}

export type TravellerHitsPage = {
  readonly hits: readonly TravellerHit[]
  /** Open ones that this person has not judged. */
  readonly waiting: number
  readonly next: string | null
}
