/**
 * The vote over a track of looks. Every look gives its whole distribution a say, so that three looks
 * that each waver between the same two texts are not overruled by one that is sure of a third.
 */

import type { CharacterRead, Jurisdiction, Look, PlateRead } from '@sallyport/core/plate'
import { foldPlateText } from '@sallyport/core/plate'

export const voteLimits = {
  /** What a look gives to a text that it does not list. */
  unlistedProbability: 0.002,
  /** A read below this is "unsure". */
  confidenceMin: 0.8,
  /** Share of looks that must say the winning text for a read. */
  agreementMin: 0.6,
  /** A plate narrower than this counts less in the vote. */
  fullWeightWidthPx: 90,
} as const

export type VoteOptions = {
  /** Looks that must agree before a read is sure; 1 for single photographs. */
  readonly looksMin: number
}

/** Votes a track's looks (any order, texts may be empty) into one read. O and 0 count as one. */
export function votePlate(
  looks: readonly Look[],
  { looksMin }: VoteOptions = { looksMin: 1 },
): PlateRead {
  if (looks.length === 0) return { kind: 'unreadable', reason: 'no_plate_found' }
  const readable = looks.filter((look) => look.text !== '')
  if (readable.length === 0) return { kind: 'unreadable', reason: 'no_characters' }

  const winner = winningText(readable)
  const agreeing = readable.filter((look) => foldPlateText(look.text) === winner.folded)
  const model =
    agreeing.toSorted((a, b) => b.confidence - a.confidence)[0] ??
    spokesman(readable, winner.folded)
  const voted = {
    text: model.text,
    confidence: winner.confidence,
    characters: agreeing.length > 0 ? averageCharacters(agreeing, model) : model.characters,
    jurisdiction: voteJurisdiction(readable),
    looks: readable.length,
    agreement: agreeing.length / readable.length,
  }
  if (voted.agreement < voteLimits.agreementMin)
    return { kind: 'unsure', reason: 'looks_disagree', ...voted }
  if (voted.confidence < voteLimits.confidenceMin)
    return { kind: 'unsure', reason: 'low_confidence', ...voted }
  if (agreeing.length < looksMin) return { kind: 'unsure', reason: 'single_look', ...voted }
  return { kind: 'read', ...voted }
}

/** What one look gives to a folded text, 0 to 1. */
function support(look: Look, folded: string): number {
  const listed = [look, ...look.alternatives]
    .filter(({ text }) => foldPlateText(text) === folded)
    .reduce((sum, { confidence }) => sum + confidence, 0)
  return Math.min(1, Math.max(listed, voteLimits.unlistedProbability))
}

function winningText(looks: readonly Look[]): { folded: string; confidence: number } {
  const candidates = new Set(
    looks
      .flatMap((look) => [look.text, ...look.alternatives.map(({ text }) => text)])
      .map(foldPlateText),
  )
  candidates.delete('')
  const weights = looks.map((look) => Math.min(1, look.plateWidthPx / voteLimits.fullWeightWidthPx))
  const scored = Array.from(candidates, (folded) => ({
    folded,
    // Weighted log-probabilities: independent looks multiply.
    score: looks.reduce(
      (sum, look, index) => sum + (weights[index] ?? 1) * Math.log(support(look, folded)),
      0,
    ),
  })).sort((a, b) => b.score - a.score)
  const best = scored[0]
  if (best === undefined) throw new Error('a look with a text has a candidate')
  const total = scored.reduce((sum, { score }) => sum + Math.exp(score - best.score), 0)
  // Looks of one camera share their blind spots: agreement may not raise a read above its best look
  // by more than half of what was missing.
  const share = 1 / total
  const bestLook = Math.max(...looks.map((look) => support(look, best.folded)))
  return { folded: best.folded, confidence: round(Math.min(share, bestLook + (1 - bestLook) / 2)) }
}

/** The look whose listed alternative is the winner, spelled with that alternative. */
function spokesman(
  looks: readonly Look[],
  folded: string,
): { text: string; characters: readonly CharacterRead[] } {
  const best = looks.toSorted((a, b) => support(b, folded) - support(a, folded))[0]
  const text = best?.alternatives.find((one) => foldPlateText(one.text) === folded)?.text ?? folded
  const sure = best === undefined ? 0 : support(best, folded)
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

function voteJurisdiction(looks: readonly Look[]): Jurisdiction | null {
  const votes = new Map<string, number>()
  for (const { jurisdiction } of looks) {
    if (jurisdiction === null) continue
    votes.set(jurisdiction.code, (votes.get(jurisdiction.code) ?? 0) + jurisdiction.confidence)
  }
  const best = [...votes].sort((a, b) => b[1] - a[1])[0]
  return best === undefined ? null : { code: best[0], confidence: round(best[1] / looks.length) }
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
