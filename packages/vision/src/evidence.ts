/** What the looks of a track give to every text that any of them allows. */

import { foldPlateText, type Look } from '@sallyport/core/plate'

import { alignedProbability, spelledTogether } from './align.ts'

/** A text, O as 0, and what each look gives to it, in the looks' order, 0 to 1. */
export type TextEvidence = {
  readonly folded: string
  /** By the texts that a look lists, its own and alternatives; 0 where it lists none like it. */
  readonly listed: readonly number[]
  /** By the characters of a look, aligned with the text. */
  readonly aligned: readonly number[]
}

/** Every text that a look lists, and those that looks of one length spell together. */
export function evidenceOf(looks: readonly Look[]): readonly TextEvidence[] {
  const listed = looks.flatMap((look) => [look, ...look.alternatives]).map(({ text }) => text)
  const candidates = new Set([...listed, ...spelledTogether(looks)].map(foldPlateText))
  candidates.delete('')
  return Array.from(candidates, (folded) => ({
    folded,
    listed: looks.map((look) => listedBy(look, folded)),
    aligned: looks.map((look) => alignedProbability(look, folded)),
  }))
}

function listedBy(look: Look, folded: string): number {
  const sum = [look, ...look.alternatives]
    .filter(({ text }) => foldPlateText(text) === folded)
    .reduce((total, { confidence }) => total + confidence, 0)
  return Math.min(1, sum)
}
