/**
 * Decoding of CTC outputs (Graves et al., Connectionist Temporal Classification, 2006): which texts
 * the network's per-step distributions spell, and how sure each character is.
 */

import type { CharacterRead } from '@sallyport/core/plate'

import { limits } from './limits.ts'

/** Log-probabilities, step by step: `steps` rows of `classes` columns; class 0 is the blank. */
export type CtcOutput = {
  readonly logProbs: Float32Array
  readonly steps: number
  readonly classes: number
}

export type SpelledText = {
  /** Class indexes, without blanks. */
  readonly classes: readonly number[]
  /** Probability summed over all alignments the beam kept, 0 to 1. */
  readonly probability: number
}

type Beam = {
  readonly classes: readonly number[]
  /** Log-probability of ending in a blank, and in the last character. */
  blank: number
  character: number
}

/** Prefix beam search. Texts come most probable first; there is always at least one. */
export function decodeCtc({ logProbs, steps, classes }: CtcOutput): readonly SpelledText[] {
  let beams: Beam[] = [{ classes: [], blank: 0, character: -Infinity }]
  for (let step = 0; step < steps; step++) {
    const row = logProbs.subarray(step * classes, (step + 1) * classes)
    const blank = row[0] ?? -Infinity
    if (blank > surelyBlank) {
      // Most steps of a plate: no text grows, and none can be mistaken for another.
      for (const beam of beams) {
        beam.blank = logAdd(beam.blank, beam.character) + blank
        beam.character = -Infinity
      }
      continue
    }
    const likely = likelyClasses(row)
    const next = new Map<string, Beam>()
    for (const beam of beams) {
      const total = logAdd(beam.blank, beam.character)
      const last = beam.classes.at(-1)
      const stay = beamFor(next, beam.classes)
      stay.blank = logAdd(stay.blank, total + (row[0] ?? -Infinity))
      if (last !== undefined) {
        stay.character = logAdd(stay.character, beam.character + (row[last] ?? -Infinity))
      }
      for (const symbol of likely) {
        // A repeated character needs a blank between its two alignments.
        const from = symbol === last ? beam.blank : total
        // What cannot be said in so few steps must not take a place in the beam.
        if (from === -Infinity) continue
        const grown = beamFor(next, [...beam.classes, symbol])
        grown.character = logAdd(grown.character, from + (row[symbol] ?? -Infinity))
      }
    }
    beams = likeliest([...next.values()])
  }
  return beams.map((beam) => ({
    classes: beam.classes,
    probability: Math.min(1, Math.exp(logAdd(beam.blank, beam.character))),
  }))
}

/** Above this log-probability (99.98 %) a step is a blank and nothing else. */
const surelyBlank = -0.0002

/** The beams worth keeping, best first; what is next to nothing beside the best is not. */
function likeliest(beams: readonly Beam[]): Beam[] {
  const scored = beams.map((beam) => ({ beam, score: logAdd(beam.blank, beam.character) }))
  scored.sort((a, b) => b.score - a.score)
  const least = (scored[0]?.score ?? 0) - 20
  return scored
    .slice(0, limits.decodeBeamWidth)
    .filter(({ score }) => score >= least)
    .map(({ beam }) => beam)
}

/** Classes worth extending a text by: the blank never is, nor what has less than one in a thousand. */
function likelyClasses(row: Float32Array): readonly number[] {
  const likely: number[] = []
  for (let symbol = 1; symbol < row.length; symbol++) {
    if ((row[symbol] ?? -Infinity) > -6.9) likely.push(symbol)
  }
  return likely
}

function beamFor(beams: Map<string, Beam>, classes: readonly number[]): Beam {
  const key = classes.join()
  let beam = beams.get(key)
  if (beam === undefined) {
    beam = { classes, blank: -Infinity, character: -Infinity }
    beams.set(key, beam)
  }
  return beam
}

function logAdd(a: number, b: number): number {
  if (a === -Infinity) return b
  if (b === -Infinity) return a
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b))
}

/**
 * How sure each character of `text` is: its probability at the step where it peaks on the best
 * alignment (Viterbi), with what else the network considered there. A blank among the alternatives
 * (the character may not exist) is left out; it lowers the confidence all the same.
 */
export function characterReads(
  { logProbs, steps, classes }: CtcOutput,
  text: readonly number[],
  alphabet: string,
): readonly CharacterRead[] {
  return peakSteps({ logProbs, steps, classes }, text).map((step, position) => {
    const row = logProbs.subarray(step * classes, (step + 1) * classes)
    const symbol = text[position] ?? 0
    const alternatives = Array.from(row, (logProb, other) => ({
      other,
      confidence: Math.exp(logProb),
    }))
      .filter(({ other, confidence }) => other !== 0 && other !== symbol && confidence >= 0.01)
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, 3)
      .map(({ other, confidence }) => ({
        character: alphabet[other - 1] ?? '',
        confidence: round(confidence),
      }))
    return {
      character: alphabet[symbol - 1] ?? '',
      confidence: round(Math.exp(row[symbol] ?? -Infinity)),
      alternatives,
    }
  })
}

/** For each character of `text`, the step of the best alignment at which it is most probable. */
function peakSteps(
  { logProbs, steps, classes }: CtcOutput,
  text: readonly number[],
): readonly number[] {
  const states = text.length * 2 + 1
  const symbolOf = (state: number) => (state % 2 === 0 ? 0 : (text[(state - 1) / 2] ?? 0))
  let score = new Float64Array(states).fill(-Infinity)
  score[0] = 0
  const from = new Int16Array(steps * states)
  for (let step = 0; step < steps; step++) {
    const next = new Float64Array(states).fill(-Infinity)
    for (let state = 0; state < states; state++) {
      let best = score[state] ?? -Infinity
      let origin = state
      // Before the first step only the first two states can be entered.
      const enters = step === 0 ? (state <= 1 ? 0 : -Infinity) : (score[state - 1] ?? -Infinity)
      if (enters > best) [best, origin] = [enters, state - 1]
      const skips = state % 2 === 1 && symbolOf(state) !== symbolOf(state - 2)
      const skipped = step > 0 && skips ? (score[state - 2] ?? -Infinity) : -Infinity
      if (skipped > best) [best, origin] = [skipped, state - 2]
      next[state] = best + (logProbs[step * classes + symbolOf(state)] ?? -Infinity)
      from[step * states + state] = origin
    }
    score = next
  }
  let state =
    (score[states - 1] ?? -Infinity) >= (score[states - 2] ?? -Infinity) ? states - 1 : states - 2
  const peaks = text.map(() => ({ step: 0, logProb: -Infinity }))
  for (let step = steps - 1; step >= 0; step--) {
    const logProb = logProbs[step * classes + symbolOf(state)] ?? -Infinity
    const peak = state % 2 === 1 ? peaks[(state - 1) / 2] : undefined
    if (peak !== undefined && logProb > peak.logProb) Object.assign(peak, { step, logProb })
    state = from[step * states + state] ?? 0
  }
  return peaks.map((peak) => peak.step)
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
