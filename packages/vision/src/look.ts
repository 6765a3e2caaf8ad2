/** One plate's views made into a look: its text, how far it can be trusted, whether it is a plate at all. */

import type { Jurisdiction, Look } from '@sallyport/core/plate'

import type { View } from './crops.ts'
import type { DetectedPlate } from './detect.ts'
import { logit, type LookFeatures, probabilityOf } from './features.ts'
import { boxOf, heightOf, widthOf } from './geometry.ts'
import { limits } from './limits.ts'
import type { PlateReaderCard } from './models.ts'
import { surest } from './origin.ts'
import { askSlots, charactersOf, spell, type WeighedText } from './spell.ts'

/** A text this probable, or no text, needs no second view: on drawings a second one helped none above this. */
const sureWithOneView = 0.6

/** Whether the views so far settle the text. */
export function readsSurely(views: readonly View[], { alphabet }: PlateReaderCard): boolean {
  if (views.length === 0) return false
  const [best] = spell(views, alphabet)
  return best !== undefined && best.probability >= sureWithOneView
}

/** The look that views of one plate amount to. */
export function toLook(
  plate: DetectedPlate,
  views: readonly View[],
  card: PlateReaderCard,
): { readonly look: Look; readonly features: LookFeatures } {
  const { corners, score } = plate
  const texts = spell(views, card.alphabet)
  const [best, ...others] = texts
  if (best === undefined) throw new Error('a plate with a view has a text')
  const characters = charactersOf(best, card.alphabet)
  const features = featuresOf(plate, views, texts, characters)
  const confidence = confidenceOf(best, features, card)
  // What the winner lacks is what the others share, in the proportions the network gave them.
  const rest = best.probability >= 1 ? 0 : (1 - confidence) / (1 - best.probability)
  const look: Look = {
    text: best.text,
    confidence,
    characters,
    jurisdiction: jurisdictionOf(views, card),
    corners,
    box: boxOf(corners),
    alternatives: others
      .map(({ text, probability }) => ({ text, confidence: round(probability * rest) }))
      .filter((other) => other.confidence >= 0.001)
      .slice(0, limits.alternativesMax),
    detection: score,
    plateWidthPx: widthOf(corners),
    sharpness: round(mean(views.map((view) => view.sharpness))),
    plausible: isPlausible(best, features, plate, card),
  }
  return { look, features }
}

/** How probable it is that the text is right: as the reader's card calibrates it, else as the network says. */
function confidenceOf(best: WeighedText, features: LookFeatures, card: PlateReaderCard): number {
  if (card.calibration === undefined || best.text === '') return round(best.probability)
  return round(probabilityOf(features, card.calibration))
}

/** A picture that is nothing but a plate was not detected, and is one if anything can be read on it. */
function isPlausible(
  { text }: WeighedText,
  features: LookFeatures,
  { score, weak }: DetectedPlate,
  { plausibility }: PlateReaderCard,
): boolean {
  if (text === '' || score === 0) return text !== ''
  if (plausibility === undefined) return !weak
  return probabilityOf(features, plausibility) >= plausibility.cut
}

function featuresOf(
  { corners, score }: DetectedPlate,
  views: readonly View[],
  texts: readonly WeighedText[],
  characters: Look['characters'],
): LookFeatures {
  const [best, second] = texts
  const classes = best?.classes ?? []
  const slots = askSlots(views, classes)
  const legibility = views.flatMap((view) => (view.legibility === null ? [] : [view.legibility]))
  const width = widthOf(corners)
  return {
    posterior: logit(best?.probability ?? 0),
    runnerUp: logit(second?.probability ?? 0),
    weakest: logit(Math.min(1, ...characters.map(({ confidence }) => confidence))),
    agreement: slots?.agree === true ? 1 : 0,
    slots: slots?.logProbability ?? 0,
    legibility: legibility.length === 0 ? 0 : Math.min(9, Math.max(-9, mean(legibility))),
    width: Math.log(Math.max(8, width) / 90),
    sharpness: Math.log(Math.max(0.05, mean(views.map((view) => view.sharpness))) / 0.5),
    // A whole picture taken for a plate has no score.
    detection: score === 0 ? 0 : logit(score),
    short: Math.max(0, 5 - classes.length),
    long: Math.max(0, classes.length - 7),
    shape: Math.log(Math.max(8, width) / (2 * Math.max(4, heightOf(corners)))),
  }
}

/** The jurisdiction by the reader's own small head, where no network of its own tells it. */
function jurisdictionOf(
  views: readonly View[],
  { jurisdictions }: PlateReaderCard,
): Jurisdiction | null {
  if (jurisdictions === undefined) return null
  const logits = Float32Array.from(jurisdictions, (_, place) =>
    mean(views.map((view) => view.places[place] ?? 0)),
  )
  const codes = jurisdictions.map((code) => code.toLowerCase())
  return surest(logits, codes, 1, 0.5)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
