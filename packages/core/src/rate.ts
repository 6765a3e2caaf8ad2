/** A token bucket: a steady rate with room for a burst after a pause. */

export type Bucket = {
  /** Calls that may still come at once. */
  readonly level: number
  readonly at: Date
}

export type Rate = { readonly perSecond: number; readonly burst: number }

export type Taken =
  | { readonly kind: 'taken'; readonly bucket: Bucket }
  | { readonly kind: 'empty'; readonly bucket: Bucket; readonly waitSeconds: number }

/** Takes one call from the bucket; null is one that nobody has used. A clock set back gives nothing. */
export function takeFrom(bucket: Bucket | null, { perSecond, burst }: Rate, now: Date): Taken {
  const passedSeconds =
    bucket === null ? 0 : Math.max(0, (now.getTime() - bucket.at.getTime()) / 1000)
  const level = bucket === null ? burst : Math.min(burst, bucket.level + passedSeconds * perSecond)
  if (level < 1)
    return { kind: 'empty', bucket: { level, at: now }, waitSeconds: (1 - level) / perSecond }
  return { kind: 'taken', bucket: { level: level - 1, at: now } }
}
