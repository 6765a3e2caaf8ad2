/** The review as the API gives it. */

import { candidatesOf } from '@sallyport/core/review'
import type { CrossingWithCaptures } from '@sallyport/store/crossings'
import type { OpeningRow } from '@sallyport/store/openings'
import { type Claim, reviewReasonOf } from '@sallyport/store/reviews'
import type { VerdictRow } from '@sallyport/store/verdicts'

import { crossingDetailView, crossingView, verdictView } from './views.ts'

export function claimView(claim: Claim | undefined) {
  if (claim === undefined) return null
  return {
    by: { id: claim.account, name: claim.accountName },
    until: claim.until.toISOString(),
  }
}

export function reviewItemView(found: CrossingWithCaptures, claim: Claim | undefined) {
  return {
    crossing: crossingView(found),
    reason: reviewReasonOf(found.crossing) ?? '',
    claim: claimView(claim),
  }
}

export function reviewDetailView(
  found: CrossingWithCaptures,
  known: {
    readonly openings: readonly OpeningRow[]
    readonly verdicts: readonly VerdictRow[]
    readonly claim: Claim | undefined
    readonly manifest: Uint8Array
  },
) {
  const { reads } = found.crossing
  return {
    ...crossingDetailView(found, known.openings, known.verdicts),
    reason: reviewReasonOf(found.crossing) ?? '',
    candidates: [
      ...candidatesOf(reads?.plate ?? null, [
        ...(reads?.looks ?? []),
        ...(reads?.rear?.looks ?? []),
      ]),
    ],
    head: known.verdicts.at(-1)?.id ?? null,
    claim: claimView(known.claim),
    manifest: Buffer.from(known.manifest).toString('base64'),
  }
}

/** What consoles hear when a plate was decided on, or somebody began or ceased to look at it. */
export function reviewEventView(
  { crossing, verdict }: CrossingWithCaptures,
  claim: Claim | undefined,
) {
  return {
    crossing: crossing.id,
    lane: crossing.lane,
    verdict: verdict === null ? null : verdictView(verdict),
    claim: claimView(claim),
  }
}
