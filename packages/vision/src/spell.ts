/** Views of one plate turned into texts, best first, and into what is known of the best one. */

import type { CharacterRead } from '@sallyport/core/plate'

import type { View } from './crops.ts'
import { characterReads, type CtcOutput } from './ctc.ts'

export type WeighedText = {
  readonly text: string
  readonly classes: readonly number[]
  /** Mean of the probabilities that the views give it, 0 to 1. */
  readonly probability: number
  /** The view that is surest of this text. */
  readonly from: CtcOutput
}

/**
 * Texts of all views, each with the mean of the probabilities the views give it; best first, at least
 * one. (Step by step views cannot be averaged: their characters lie at different steps.)
 */
export function spell(views: readonly View[], alphabet: string): readonly WeighedText[] {
  type Sum = { sum: number; highest: number; classes: readonly number[]; from: CtcOutput }
  const sums = new Map<string, Sum>()
  for (const { output, texts } of views) {
    for (const { classes, probability } of texts) {
      const text = classes.map((symbol) => alphabet[symbol - 1] ?? '').join('')
      const known = sums.get(text)
      if (known === undefined) {
        sums.set(text, { sum: probability, highest: probability, classes, from: output })
        continue
      }
      known.sum += probability
      if (probability > known.highest) Object.assign(known, { highest: probability, from: output })
    }
  }
  return Array.from(sums, ([text, { sum, classes, from }]) => ({
    text,
    classes,
    probability: sum / views.length,
    from,
  })).sort((a, b) => b.probability - a.probability)
}

export function charactersOf(
  { classes, from }: WeighedText,
  alphabet: string,
): readonly CharacterRead[] {
  return characterReads(from, classes, alphabet)
}

/** What the second head says of a text: its own text's equality, and the text's mean log-probability. */
export function askSlots(
  views: readonly View[],
  classes: readonly number[],
): { readonly agree: boolean; readonly logProbability: number } | null {
  const heads = views.flatMap(({ slots }) => (slots === null ? [] : [slots]))
  if (heads.length === 0) return null
  const asked = heads.map((head) => {
    const positions = Math.min(head.steps, classes.length + 1)
    let sum = classes.length > head.steps ? -20 : 0
    let same = classes.length <= head.steps
    for (let position = 0; position < positions; position++) {
      const row = head.logProbs.subarray(position * head.classes, (position + 1) * head.classes)
      const wanted = classes[position] ?? 0
      sum += Math.max(-10, row[wanted] ?? -10)
      if (row.some((logProb) => logProb > (row[wanted] ?? -Infinity))) same = false
    }
    return { same, mean: sum / positions }
  })
  return {
    agree: asked.every(({ same }) => same),
    logProbability: asked.reduce((sum, { mean }) => sum + mean, 0) / asked.length,
  }
}
