/** Front and rear plate of one vehicle: two tracks that should say the same. */

import type { PlateRead } from './plate.ts'
import { differingPositions, skeletonOf } from './watch.ts'

/**
 * `equal`: letter O as digit 0. `confusable`: at most two characters differ, each for one that looks
 * like it. `different`: a trailer, a plate that was swapped or cloned, or another vehicle.
 */
export type PlatePair = 'equal' | 'confusable' | 'different' | 'one_missing'

const confusableMax = 2

/** Compares the reads of two plates; where either was not read there is nothing to compare. */
export function comparePlates(front: PlateRead, rear: PlateRead): PlatePair {
  if (front.kind === 'unreadable' || rear.kind === 'unreadable') return 'one_missing'
  return compareTexts(front.text, rear.text)
}

/** The same for texts, neither of which is empty. */
export function compareTexts(one: string, other: string): 'equal' | 'confusable' | 'different' {
  if (skeletonOf(one) !== skeletonOf(other)) return 'different'
  const telling = differingPositions(one, other).filter((at) => !isO(one[at]) || !isO(other[at]))
  if (telling.length === 0) return 'equal'
  return telling.length <= confusableMax ? 'confusable' : 'different'
}

function isO(character: string | undefined): boolean {
  return character === 'O' || character === '0'
}
