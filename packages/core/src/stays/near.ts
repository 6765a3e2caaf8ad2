/**
 * Plates that may be the same although they were read differently. What is found here is offered to a
 * person; nothing is paired by it.
 */

import { foldPlateText } from '../plate.ts'
import { skeletonOf } from '../watch.ts'

/**
 * How two folded plates stand to each other: `alike` differ only in characters that look alike, at most
 * two; `one_character` by one that was read as another, added or missed.
 */
export type Nearness = 'same' | 'alike' | 'one_character' | 'far'

const alikeMax = 2

export function judgeNearness(one: string, other: string): Nearness {
  const [a, b] = [foldPlateText(one), foldPlateText(other)]
  if (a === b) return 'same'
  if (a.length === b.length && skeletonOf(a) === skeletonOf(b) && differences(a, b) <= alikeMax)
    return 'alike'
  return withinOneEdit(a, b) ? 'one_character' : 'far'
}

/**
 * Texts under which near plates find each other in an index: two plates that are `same`, `alike` or
 * `one_character` apart share at least one: the text, its skeleton, and it with one character left out.
 */
export function nearIndex(text: string): readonly string[] {
  const folded = foldPlateText(text)
  const found = new Set([folded, `~${skeletonOf(folded)}`])
  for (let at = 0; at < folded.length; at++) found.add(folded.slice(0, at) + folded.slice(at + 1))
  return [...found]
}

function differences(a: string, b: string): number {
  let count = 0
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) count += 1
  return count
}

function withinOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  if (a.length === b.length) return differences(a, b) <= 1
  const [long, short] = a.length > b.length ? [a, b] : [b, a]
  let at = 0
  while (at < short.length && long[at] === short[at]) at += 1
  return long.slice(at + 1) === short.slice(at)
}
