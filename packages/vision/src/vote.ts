/**
 * The vote over a track of looks. Every look gives its whole distribution a say, so that three looks
 * that each waver between the same two texts are not overruled by one that is sure of a third. It does
 * not correct: shapes of registrations weigh a little, and where they alone would decide, a person does.
 */

import type { CharacterRead, Look, PlateRead, UnsureReason } from '@sallyport/core/plate'
import { foldPlateText } from '@sallyport/core/plate'
import { syntaxLogOdds } from '@sallyport/core/syntax'

import { alignedProbability, spelledTogether } from './align.ts'
import type { PlateOrigin } from './origin.ts'

export const voteLimits = {
  /** What a look gives to a text that it neither lists nor spells. */
  unlistedProbability: 0.0005,
  /** A look's characters, aligned, count so much less than the texts that it lists. */
  alignedShare: 0.5,
  /**
   * A read below this is "unsure". Of three degraded looks at drawn plates, voted, 43 % are confirmed at
   * it and 98 % of these are right; at 0.8 it is 51 % and 91 %.
   */
  confidenceMin: 0.9,
  /** Share of looks that must say the winning text for a read. */
  agreementMin: 0.6,
  /** A plate narrower, or less sharp, than this counts less in the vote, down to the least weight. */
  fullWeightWidthPx: 90,
  fullWeightSharpness: 0.3,
  weightMin: 0.15,
  alternativesMax: 5,
} as const

export type VoteOptions = {
  /** Looks that must agree before a read is sure; 1 for single photographs. */
  readonly looksMin: number
  /** Where the plate comes from, when it was told once for the whole track instead of by every look. */
  readonly origin?: PlateOrigin | null
}

/** Votes a track's looks (any order, texts may be empty) into one read. O and 0 count as one. */
export function votePlate(
  looks: readonly Look[],
  { looksMin, origin = null }: VoteOptions = { looksMin: 1 },
): PlateRead {
  if (looks.length === 0) return { kind: 'unreadable', reason: 'no_plate_found' }
  const readable = looks.filter((look) => look.text !== '')
  if (readable.length === 0) return { kind: 'unreadable', reason: 'no_characters' }

  const jurisdiction = origin?.jurisdiction ?? voteNamed(readable, (look) => look.jurisdiction)
  const { winner, preferred, alternatives } = weighTexts(readable, jurisdiction)
  const agreeing = readable.filter((look) => foldPlateText(look.text) === winner.folded)
  const model =
    agreeing.toSorted((a, b) => b.confidence - a.confidence)[0] ??
    spokesman(readable, winner.folded)
  const voted = {
    text: model.text,
    confidence: winner.confidence,
    characters: agreeing.length > 0 ? averageCharacters(agreeing, model) : model.characters,
    jurisdiction,
    plateType: origin?.plateType ?? voteNamed(readable, (look) => look.plateType ?? null),
    looks: readable.length,
    agreement: agreeing.length / readable.length,
    alternatives,
  }
  const reason = doubt(voted, {
    agreeing: agreeing.length,
    looksMin,
    preferred: preferred.folded === winner.folded,
  })
  return reason === null ? { kind: 'read', ...voted } : { kind: 'unsure', reason, ...voted }
}

/** Why the vote is not sure, the gravest first; null when it is. */
function doubt(
  { confidence, agreement }: { readonly confidence: number; readonly agreement: number },
  {
    agreeing,
    looksMin,
    preferred,
  }: { readonly agreeing: number; readonly looksMin: number; readonly preferred: boolean },
): UnsureReason | null {
  const { agreementMin, confidenceMin } = voteLimits
  if (agreement < agreementMin) return 'looks_disagree'
  if (!preferred) return 'syntax_disagrees'
  if (confidence < confidenceMin) return 'low_confidence'
  return agreeing < looksMin ? 'single_look' : null
}

/** How much a look's evidence counts: small and blurred plates say little, however sure. */
function weightOf({ plateWidthPx, sharpness }: Look): number {
  const { fullWeightWidthPx, fullWeightSharpness, weightMin } = voteLimits
  const width = Math.min(1, plateWidthPx / fullWeightWidthPx)
  const clear = sharpness === undefined ? 1 : Math.min(1, sharpness / fullWeightSharpness)
  return Math.max(weightMin, width * clear)
}

/** What one look gives to a folded text, 0 to 1. */
function support(look: Look, folded: string): number {
  const listed = [look, ...look.alternatives]
    .filter(({ text }) => foldPlateText(text) === folded)
    .reduce((sum, { confidence }) => sum + confidence, 0)
  const { alignedShare, unlistedProbability } = voteLimits
  const aligned = alignedShare * alignedProbability(look, folded)
  return Math.min(1, Math.max(listed, aligned, unlistedProbability))
}

type Weighed = { readonly folded: string; readonly confidence: number }

/** The winner by what was seen, the one preferred when shapes are counted in, and the others. */
function weighTexts(
  looks: readonly Look[],
  jurisdiction: Look['jurisdiction'],
): { winner: Weighed; preferred: Weighed; alternatives: { text: string; confidence: number }[] } {
  const weighed = looks.map((look) => ({ look, weight: weightOf(look) }))
  const together = spelledTogether(weighed)
  const candidates = new Set(
    [
      ...looks.flatMap((look) => [look, ...look.alternatives]).map(({ text }) => text),
      together ?? '',
    ]
      .map(foldPlateText)
      .filter((text) => text !== ''),
  )
  const seen = Array.from(candidates, (folded) => ({
    folded,
    // Weighted log-probabilities: independent looks multiply.
    score: weighed.reduce(
      (sum, { look, weight }) => sum + weight * Math.log(support(look, folded)),
      0,
    ),
  })).sort((a, b) => b.score - a.score)
  const judged = seen
    .map(({ folded, score }) => ({ folded, score: score + syntaxLogOdds(folded, jurisdiction) }))
    .sort((a, b) => b.score - a.score)
  const [best] = seen
  const [first] = judged
  if (best === undefined || first === undefined)
    throw new Error('a look with a text has a candidate')
  const total = judged.reduce((sum, { score }) => sum + Math.exp(score - first.score), 0)
  const confidences = new Map(
    judged.map(({ folded, score }) => {
      const share = Math.exp(score - first.score) / total
      // Looks of one camera share their blind spots: agreement may not raise a read above its best
      // look by more than half of what was missing.
      const bestLook = Math.max(...looks.map((look) => support(look, folded)))
      return [folded, round(Math.min(share, bestLook + (1 - bestLook) / 2))] as const
    }),
  )
  const confidenceOf = ({ folded }: { folded: string }) => ({
    folded,
    confidence: confidences.get(folded) ?? 0,
  })
  const others = judged.filter(({ folded }) => folded !== best.folded).map(confidenceOf)
  return {
    winner: confidenceOf(best),
    preferred: confidenceOf(first),
    alternatives: others
      .filter(({ folded, confidence }) => confidence >= 0.001 || folded === first.folded)
      .slice(0, voteLimits.alternativesMax)
      .map(({ folded, confidence }) => ({ text: spelledBy(looks, folded), confidence })),
  }
}

/** A folded text as the look that is surest of it writes it. */
function spelledBy(looks: readonly Look[], folded: string): string {
  const written = looks
    .flatMap((look) => [look, ...look.alternatives])
    .filter(({ text }) => foldPlateText(text) === folded)
    .toSorted((a, b) => b.confidence - a.confidence)[0]
  return written?.text ?? folded
}

/** A winner that no look said itself, spelled by those that list it. */
function spokesman(
  looks: readonly Look[],
  folded: string,
): { text: string; characters: readonly CharacterRead[] } {
  const text = spelledBy(looks, folded)
  const sure = Math.max(...looks.map((look) => support(look, folded)))
  return {
    text,
    characters: Array.from(text, (character) => ({
      character,
      confidence: round(sure),
      alternatives: [],
    })),
  }
}

function averageCharacters(
  agreeing: readonly Look[],
  model: { characters: readonly CharacterRead[] },
): readonly CharacterRead[] {
  return model.characters.map((read, position) => {
    const sum = agreeing.reduce(
      (total, look) => total + (look.characters[position]?.confidence ?? 0),
      0,
    )
    return { ...read, confidence: round(sum / agreeing.length) }
  })
}

type Named = { readonly code: string; readonly confidence: number }

/** The code with the most weight; sure by its share of the looks that were asked. */
function voteNamed(looks: readonly Look[], name: (look: Look) => Named | null): Named | null {
  const votes = new Map<string, number>()
  const asked = looks.flatMap((look) => name(look) ?? [])
  for (const { code, confidence } of asked) votes.set(code, (votes.get(code) ?? 0) + confidence)
  const best = [...votes].sort((a, b) => b[1] - a[1])[0]
  return best === undefined ? null : { code: best[0], confidence: round(best[1] / looks.length) }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
