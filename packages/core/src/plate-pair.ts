/** Front and rear plate of one vehicle: two tracks that should say the same. */

import type { PlateRead } from './plate.ts'
import { differingPositions, skeletonOf } from './watch.ts'

/**
 * `equal`: letter O as digit 0. `confusable`: at most two characters differ, each for one that looks
 * like it. `different`: a trailer, a plate that was swapped or cloned, or another vehicle.
 */
export const platePairs = ['equal', 'confusable', 'different', 'one_missing'] as const
export type PlatePair = (typeof platePairs)[number]

const confusableMax = 2

/** Compares the reads of two plates; where either was not read there is nothing to compare. */
export function comparePlates(front: PlateRead, rear: PlateRead): PlatePair {
  if (front.kind === 'unreadable' || rear.kind === 'unreadable') return 'one_missing'
  return compareTexts(front.text, rear.text)
}

/**
 * What two cameras together say of one vehicle. The front plate is the vehicle's; the rear one stands in
 * where it could not be read. Two plates that say the same are the second look that a single one lacks;
 * two that do not are a trailer, a misread, or a swapped or cloned plate, and somebody looks at them.
 * No text is corrected and no confidence is made up.
 */
export function agreeOnPlate(
  front: PlateRead,
  rear: PlateRead,
): { readonly plate: PlateRead; readonly pair: PlatePair } {
  const pair = comparePlates(front, rear)
  if (front.kind === 'unreadable') return { plate: rear.kind === 'unreadable' ? front : rear, pair }
  if (rear.kind === 'unreadable') return { plate: front, pair }
  const surer = isSurer(rear, front) ? rear : front
  if (pair === 'equal') return { plate: confirmed(surer), pair }
  const reason = pair === 'different' ? 'plates_differ' : 'plates_confusable'
  return { plate: { ...(pair === 'different' ? front : surer), kind: 'unsure', reason }, pair }
}

type Voted = Exclude<PlateRead, { readonly kind: 'unreadable' }>

function isSurer(one: Voted, other: Voted): boolean {
  if (one.kind !== other.kind) return one.kind === 'read'
  return one.confidence > other.confidence
}

function confirmed(plate: Voted): PlateRead {
  if (plate.kind === 'read' || plate.reason !== 'single_look') return plate
  const { reason: _, ...voted } = plate
  return { ...voted, kind: 'read' }
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
