/** The review as the console reads it; the contract test checks these types against the hub's schemas. */

import type { Account, Crossing, CrossingDetail, Verdict } from './types.ts'

export type ReviewClaim = { readonly by: Account; readonly until: string }

export type ReviewItem = {
  readonly crossing: Crossing
  readonly reason: string
  readonly claim: ReviewClaim | null
}

export type ReviewCount = {
  readonly lane: string
  readonly reason: string
  readonly count: number
}

export type ReviewQueue = {
  readonly items: readonly ReviewItem[]
  readonly next: string | null
  /** The lanes that this person reviews now; null: all. */
  readonly lanes: readonly string[] | null
  readonly counts: readonly ReviewCount[]
}

export type Candidate = { readonly text: string; readonly share: number; readonly looks: number }

export type ReviewDetail = CrossingDetail & {
  /** Why it waits, or waited. */
  readonly reason: string
  readonly candidates: readonly Candidate[]
  /** What a verdict has to name as the one before it. */
  readonly head: string | null
  readonly claim: ReviewClaim | null
  /** The bytes that the lane signed, base64. */
  readonly manifest: string
}

export type GivenVerdict = {
  readonly verdict: string
  readonly log_index: number
  readonly crossing: Crossing
}

/** A plate was decided on, or somebody began or ceased to look at it. */
export type ReviewEvent = {
  readonly crossing: string
  readonly lane: string
  readonly verdict: Verdict | null
  readonly claim: ReviewClaim | null
}
