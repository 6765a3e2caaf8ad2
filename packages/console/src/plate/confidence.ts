/** What a character's confidence looks like: a height of one to five, a word, and what else it may be. */

import type { Character, Plate, Scored } from '../api/types.ts'
import { percentWords } from '../format/figures.ts'
import { isOnFoot } from '../format/words.ts'

export const limits = {
  /** Below this a character is marked weak and its alternatives are shown. */
  weakBelow: 0.85,
  /** An alternative less likely than this is not worth an officer's glance. */
  alternativeMin: 0.03,
  alternativesShown: 2,
} as const

/** 1 (a guess) to 5 (as good as certain). The steps are what the eye can tell apart at arm's length. */
export function strength(confidence: number): 1 | 2 | 3 | 4 | 5 {
  if (confidence >= 0.98) return 5
  if (confidence >= 0.93) return 4
  if (confidence >= limits.weakBelow) return 3
  if (confidence >= 0.6) return 2
  return 1
}

export function isWeak(character: Character): boolean {
  return character.confidence < limits.weakBelow
}

/** The alternatives worth showing under a weak character, best first. */
export function shownAlternatives(character: Character): readonly Scored[] {
  if (!isWeak(character)) return []
  return character.alternatives
    .filter((other) => other.confidence >= limits.alternativeMin)
    .slice(0, limits.alternativesShown)
}

/** 'A: 99 %' or '8: 62 %, weak, or B 31 %', for hover, focus and screen readers. */
export function characterWords(character: Character): string {
  const others = shownAlternatives(character)
  const weak = isWeak(character) ? ', weak' : ''
  const or = others.map((other) => `${other.character} ${percentWords(other.confidence)}`)
  return (
    `${character.character}: ${percentWords(character.confidence)}${weak}` +
    (or.length > 0 ? `, or ${or.join(' or ')}` : '')
  )
}

/** The plate as speech: letters apart, then every weak one. */
export function plateSpeech(plate: Plate): string {
  if (isOnFoot(plate)) return 'On foot'
  if (plate.text === null) return 'No plate text'
  const weak = plate.characters.filter(isWeak).map(characterWords)
  const doubt = weak.length === 0 ? '' : `. ${weak.join('; ')}`
  const sure = plate.kind === 'unsure' ? 'Unsure, best guess ' : 'Plate '
  return `${sure}${Array.from(plate.text).join(' ')}${doubt}`
}
