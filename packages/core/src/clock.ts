/** How far a device's clock may be off before somebody must look (DESIGN section 7, "Clocks"). */

export const clockLimits = { skewMsMax: 5_000, reviewMsMax: 300_000 } as const

export type ClockVerdict = 'ok' | 'skewed' | 'review'

/**
 * Judges a device's clock. `offsetMs` is hub minus device as last measured by a heartbeat (null when
 * never measured); a capture may also betray a clock that runs ahead of its own receipt.
 */
export function judgeClock(
  offsetMs: number | null,
  capturedAt: Date,
  receivedAt: Date,
): ClockVerdict {
  const aheadMs = Math.max(0, capturedAt.getTime() - receivedAt.getTime())
  const worst = Math.max(Math.abs(offsetMs ?? 0), aheadMs)
  if (worst > clockLimits.reviewMsMax) return 'review'
  return worst > clockLimits.skewMsMax ? 'skewed' : 'ok'
}
