/**
 * The vote over a track of looks. Every look gives its whole distribution a say, so that three looks
 * that each waver between the same two texts are not overruled by one that is sure of a third. It does
 * not correct: shapes of registrations weigh a little, and where they alone would decide, a person does.
 */

import type { CharacterRead, Look, PlateRead, UnsureReason } from '@sallyport/core/plate'
import { foldPlateText } from '@sallyport/core/plate'
import { syntaxLogOdds } from '@sallyport/core/syntax'

import { evidenceOf, type TextEvidence } from './evidence.ts'
import type { PlateOrigin } from './origin.ts'

/**
 * Fitted on three degraded looks at drawn plates by training/reader/votes.py, but for the agreement that
 * is asked for and the counts.
 */
export const voteLimits = {
  /** What a look gives at least to any text. */
  unlistedProbability: 1.7e-5,
  /** A look's characters, aligned, count so much less than the texts that it lists. */
  alignedShare: 0.21,
  /** A look's weight: at even odds, and how it grows with its odds of being right and its sharpness over 0.5. */
  weight: { even: 0.33, odds: 0.29, sharpness: 0.11 },
  /** A plate narrower than this counts less. */
  fullWeightWidthPx: 40,
  /** Log odds that the winner of several looks is right, from its share and from the look that is surest of it. */
  trust: { bias: -0.75, share: 0.16, best: 0.98 },
  /** A read below this is "unsure". */
  confidenceMin: 0.9,
  /** Share of looks that must say the winning text for a read. */
  agreementMin: 0.6,
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
    agreeing.toSorted((a, b) => b.confidence - a.confidence)[0] ?? spokesman(readable, winner)
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

/** How much a look's evidence counts: less when it is unsure, blurred or tiny. */
function weightOf({ confidence, plateWidthPx, sharpness }: Look): number {
  const { weight, fullWeightWidthPx } = voteLimits
  const odds = (confidence + 0.01) / (1.01 - confidence)
  const clear = Math.max(0.05, sharpness ?? 0.5) / 0.5
  const width = Math.min(1, plateWidthPx / fullWeightWidthPx)
  return width * weight.even * odds ** weight.odds * clear ** weight.sharpness
}

type Weighed = {
  readonly folded: string
  /** Sum of the looks' weighted log-probabilities: independent looks multiply. */
  readonly seen: number
  /** The same with shapes of registrations counted in. */
  readonly judged: number
  /** What the look that is surest of it gives to it. */
  readonly best: number
}

/** The winner by what was seen, the one preferred when shapes are counted in, and the others. */
function weighTexts(
  looks: readonly Look[],
  jurisdiction: Look['jurisdiction'],
): {
  winner: { folded: string; confidence: number }
  preferred: { folded: string }
  alternatives: { text: string; confidence: number }[]
} {
  const weights = looks.length === 1 ? [1] : looks.map(weightOf)
  const weighed = evidenceOf(looks).map((text): Weighed => {
    const seen = weights.reduce(
      (sum, weight, at) => sum + weight * Math.log(supportOf(text, at)),
      0,
    )
    const judged = seen + syntaxLogOdds(text.folded, jurisdiction)
    return { folded: text.folded, seen, judged, best: Math.max(...text.listed) }
  })
  const [best] = weighed.toSorted((a, b) => b.seen - a.seen)
  const judged = weighed.toSorted((a, b) => b.judged - a.judged)
  const [first] = judged
  if (best === undefined || first === undefined)
    throw new Error('a look with a text has a candidate')
  const total = judged.reduce((sum, { judged: one }) => sum + Math.exp(one - first.judged), 0)
  const shareOf = (text: Weighed) => Math.exp(text.judged - first.judged) / total
  const share = shareOf(best)
  const confidence = looks.length === 1 ? alone(best, weighed) : trusted(best, share)
  // What the winner lacks is what the others share, in their proportions.
  const rest = share >= 1 ? 0 : (1 - confidence) / (1 - share)
  return {
    winner: { folded: best.folded, confidence: round(confidence) },
    preferred: first,
    alternatives: judged
      .filter((text) => text !== best)
      .map((text) => ({ text, confidence: round(rest * shareOf(text)) }))
      .filter(({ text, confidence: sure }) => sure >= 0.001 || text === first)
      .slice(0, voteLimits.alternativesMax)
      .map(({ text, confidence: sure }) => ({
        text: spelledBy(looks, text.folded),
        confidence: sure,
      })),
  }
}

/** What one look gives to a text, more than 0. */
function supportOf({ listed, aligned }: TextEvidence, at: number): number {
  const { alignedShare, unlistedProbability } = voteLimits
  return Math.max(listed[at] ?? 0, alignedShare * (aligned[at] ?? 0), unlistedProbability)
}

/** A lone look's own confidence; shapes of registrations weigh it against the texts that it lists beside. */
function alone({ judged }: Weighed, listed: readonly Weighed[]): number {
  const missing = Math.max(0, 1 - listed.reduce((sum, { best }) => sum + best, 0))
  return Math.exp(judged) / listed.reduce((sum, text) => sum + Math.exp(text.judged), missing)
}

/**
 * The probability that the winner of several looks is right. Looks of one camera share their blind spots:
 * agreement says less than the surest look, and raises no read by more than half of what that look lacked.
 */
function trusted({ best }: Weighed, share: number): number {
  const { bias, share: byShare, best: byBest } = voteLimits.trust
  return Math.min(
    probability(bias + byShare * logit(share) + byBest * logit(best)),
    best + (1 - best) / 2,
  )
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
  { folded, confidence }: { readonly folded: string; readonly confidence: number },
): { text: string; characters: readonly CharacterRead[] } {
  const text = spelledBy(looks, folded)
  return {
    text,
    characters: Array.from(text, (character) => ({ character, confidence, alternatives: [] })),
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

/** Log odds, bounded to ±6.9. */
function logit(chance: number): number {
  return Math.log((chance + 0.001) / (1.001 - chance))
}

function probability(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds))
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
