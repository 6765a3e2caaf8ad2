/** How much of stays is done or shown at once. */

export const stayLimits = {
  /** Decisions at the window that a crash left unfollowed are looked for so far back. */
  decisionsMs: 2 * 86_400_000,
  /** The job begins so long after a crossing: what comes meanwhile is followed with it. */
  gatherMs: 500,
  /** Crossings that are followed in one transaction. */
  followMax: 500,
  /** Keys whose stays are computed in one transaction. */
  keysAtOnce: 200,
  /** Stays of one plate that its history shows, newest first. */
  historyMax: 500,
  /** What may belong to a stay with a missing side: so many are compared, so many are shown. */
  comparedMax: 200,
  candidatesMax: 5,
} as const
