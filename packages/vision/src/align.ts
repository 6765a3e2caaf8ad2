/** Texts weighed by the characters of a look: what a look gives to a text that it does not list. */

import { type CharacterRead, foldPlateText, type Look } from '@sallyport/core/plate'

export const alignLimits = {
  /** What a position gives to a character that it does not list. */
  unlistedCharacter: 0.004,
  /** That a look has lost a character, and that it has one too many beyond its own doubt. */
  lost: 0.004,
  invented: 0.01,
} as const

/**
 * The probability of the cheapest edit path from a look's characters to `folded` (O as 0), 0 to 1:
 * every position gives what it gives to the character, lost and invented characters cost.
 */
export function alignedProbability({ characters }: Look, folded: string): number {
  const { lost, invented } = alignLimits
  let row = Array.from({ length: folded.length + 1 }, (_, count) => count * Math.log(lost))
  for (const read of characters) {
    const doubt = Math.log(Math.max(invented, (1 - read.confidence) / 2))
    const next = [(row[0] ?? 0) + doubt]
    for (let at = 1; at <= folded.length; at++) {
      next.push(
        Math.max(
          (row[at - 1] ?? 0) + Math.log(given(read, folded[at - 1] ?? '')),
          (row[at] ?? 0) + doubt,
          (next[at - 1] ?? 0) + Math.log(lost),
        ),
      )
    }
    row = next
  }
  return Math.exp(row[folded.length] ?? -Infinity)
}

/** What one position gives to a folded character. */
function given(read: CharacterRead, folded: string): number {
  const sum = [read, ...read.alternatives]
    .filter(({ character }) => foldPlateText(character) === folded)
    .reduce((total, { confidence }) => total + confidence, 0)
  return Math.min(1, Math.max(sum, alignLimits.unlistedCharacter))
}

/**
 * The texts that looks of one length spell together, one for each length of two looks or more: at every
 * position the character with the largest log-probability. It may be one that no look said.
 */
export function spelledTogether(looks: readonly Look[]): readonly string[] {
  const byLength = new Map<number, Look[]>()
  for (const look of looks) {
    const alike = byLength.get(look.characters.length)
    if (alike === undefined) byLength.set(look.characters.length, [look])
    else alike.push(look)
  }
  return [...byLength.values()].filter((same) => same.length > 1).map(spelledBy)
}

function spelledBy(same: readonly Look[]): string {
  const length = same[0]?.characters.length ?? 0
  return Array.from({ length }, (_, at) => {
    const reads = same.flatMap(({ characters }) => characters[at] ?? [])
    const listed = reads.flatMap((read) => [read, ...read.alternatives])
    const scored = [...new Set(listed.map(({ character }) => character))].map((character) => {
      const folded = foldPlateText(character)
      const score = reads.reduce((sum, read) => sum + Math.log(given(read, folded)), 0)
      return { character, score }
    })
    return scored.toSorted((a, b) => b.score - a.score)[0]?.character ?? ''
  }).join('')
}
