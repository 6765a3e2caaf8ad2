/** Plates that a misread one could have been: what a search looks up, so that one wrong character hides nothing. */

import { foldPlateText } from '../plate.ts'

const symbols = '0123456789ABCDEFGHIJKLMNPQRSTUVWXYZ'

/** The text and every one a character away from it: another, one more, one less; folded, shortest edit first. */
export function nearPlates(text: string): readonly string[] {
  const plate = foldPlateText(text)
  const near = new Set([plate])
  for (let at = 0; at <= plate.length; at++) {
    const [before, after] = [plate.slice(0, at), plate.slice(at)]
    if (after !== '') near.add(before + after.slice(1))
    for (const symbol of symbols) {
      near.add(before + symbol + after)
      if (after !== '') near.add(before + symbol + after.slice(1))
    }
  }
  near.delete('')
  return [...near]
}
