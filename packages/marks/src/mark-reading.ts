/** What a reader answers. */

import type { Code } from './secret.ts'

export type MarkReading = {
  /** Null when there is no mark that can be read. */
  readonly code: Code | null
  /** Epoch of the key that it was read with. */
  readonly epoch: string | null
  /** Standard deviations by which the likeliest mark stands out. */
  readonly score: number
  /** Chance, at most, that a picture without a mark of these keys would be answered with this score. */
  readonly falsePositiveBound: number
}

export const noMark: MarkReading = { code: null, epoch: null, score: 0, falsePositiveBound: 1 }
