/** Picture in, looks out: detect, rectify, read. */

import type { Jurisdiction, Look } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { characterReads, type CtcOutput, decodeCtc } from './ctc.ts'
import { type DetectedPlate, detectPlates } from './detect.ts'
import { boxOf, growCorners, rectify, widthOf } from './geometry.ts'
import { limits } from './limits.ts'
import {
  type LoadedModel,
  loadModel,
  type PlateDetectorCard,
  type PlateReaderCard,
  shippedModels,
} from './models.ts'
import type { Picture } from './picture.ts'

export type PlateReader = {
  /** Every plate of the picture, the surest first; empty when there is none. */
  look(picture: Picture): Promise<readonly Look[]>
  readonly models: { readonly detector: string; readonly reader: string }
  close(): Promise<void>
}

/**
 * How much of the plate's size a crop reaches beyond the detected corners. Every crop is read by
 * itself and the texts' probabilities averaged: a corner that cut a character off in one has it in
 * the other; the range is the one the reader was trained for. (Step by step they cannot be averaged: their characters lie at different steps.)
 */
const cropMargins = [0.03, 0.08] as const
/** Of a picture that is nothing but a plate. */
const wholeMargins = [0, 0.05] as const

/**
 * Opens the plate reader with the models of `folder`, by default those that ship with this package.
 * `threads` (1 by default) is the number of cores one look may use. Throws when a model and its card
 * do not belong together.
 */
export async function openPlateReader({
  threads = 1,
  folder = shippedModels,
} = {}): Promise<PlateReader> {
  const from = { folder, threads }
  const [detector, reader] = await Promise.all([
    loadModel<PlateDetectorCard>('plate-detector', ['input', 'scoreCut'], from),
    loadModel<PlateReaderCard>('plate-reader', ['input', 'alphabet', 'jurisdictions'], from),
  ])
  return {
    models: { detector: detector.card.name, reader: reader.card.name },
    async look(picture) {
      const plates = await detectPlates(detector, picture)
      const looks = await readPlates(reader, picture, plates)
      if (maybePlatePicture(picture)) {
        const whole = await readPlates(reader, picture, [wholeOf(picture)], wholeMargins)
        return [...looks, ...whole].toSorted((a, b) => b.confidence - a.confidence).slice(0, 1)
      }
      return looks.toSorted((a, b) => standing(b) - standing(a))
    },
    async close() {
      await Promise.all([detector.session.release(), reader.session.release()])
    },
  }
}

/**
 * Cameras with a reader of their own hand over cut-out plates, in which there is nothing to detect.
 * Frames of a camera are larger than this.
 */
function maybePlatePicture({ width, height }: Picture): boolean {
  const shape = width / height
  return width <= limits.platePictureWidthMax && shape >= 1.4 && shape <= 6
}

/** The whole picture taken for a plate; a score of 0 says that it was not detected. */
function wholeOf({ width, height }: Picture): DetectedPlate {
  return {
    score: 0,
    corners: [
      { x: 0, y: 0 },
      { x: width, y: 0 },
      { x: width, y: height },
      { x: 0, y: height },
    ],
  }
}

/** A read without characters (a grille, a sign) stands behind every plate that says something. */
function standing(look: Look): number {
  return look.text === '' ? look.detection - 1 : look.detection * Math.sqrt(look.confidence)
}

/** Reads plates whose corners are known; one look for each, in the same order. */
export async function readPlates(
  { card, session }: LoadedModel<PlateReaderCard>,
  picture: Picture,
  plates: readonly DetectedPlate[],
  margins: readonly number[] = cropMargins,
): Promise<readonly Look[]> {
  if (plates.length === 0) return []
  const { width, height } = card.input
  const plane = width * height
  const crops = plates.flatMap(({ corners }) =>
    margins.map((margin) => rectify(picture, growCorners(corners, margin), width, height)),
  )
  const data = new Float32Array(crops.length * plane * 3)
  crops.forEach((crop, index) => fillPlanes(crop, data.subarray(index * plane * 3)))
  const outputs = await session.run({
    image: new ort.Tensor('float32', data, [crops.length, 3, height, width]),
  })
  const characters = floats(outputs['characters'])
  const jurisdictions = floats(outputs['jurisdiction'])
  const classes = card.alphabet.length + 1
  const perCrop = characters.length / crops.length
  const places = card.jurisdictions.length
  return plates.map((plate, index) => {
    const views = margins.map((_, view) => {
      const crop = index * margins.length + view
      const logProbs = characters.subarray(crop * perCrop, (crop + 1) * perCrop)
      return {
        output: { logProbs, steps: perCrop / classes, classes },
        places: jurisdictions.subarray(crop * places, (crop + 1) * places),
      }
    })
    return lookOf(plate, views, card)
  })
}

type View = { readonly output: CtcOutput; readonly places: Float32Array }

function lookOf(
  { corners, score }: DetectedPlate,
  views: readonly View[],
  card: PlateReaderCard,
): Look {
  const texts = averageTexts(views, card.alphabet)
  const [best, ...others] = texts
  return {
    text: best?.text ?? '',
    confidence: best?.confidence ?? 0,
    characters: best === undefined ? [] : characterReads(best.from, best.classes, card.alphabet),
    jurisdiction: jurisdictionOf(views, card),
    corners,
    box: boxOf(corners),
    alternatives: others
      .filter(({ confidence }) => confidence >= 0.001)
      .slice(0, limits.alternativesMax)
      .map(({ text, confidence }) => ({ text, confidence })),
    detection: score,
    plateWidthPx: widthOf(corners),
  }
}

type WeighedText = {
  readonly text: string
  readonly classes: readonly number[]
  readonly confidence: number
  /** The view that is surest of this text. */
  readonly from: CtcOutput
}

/** Texts of all views, each with the mean of the probabilities the views give it; best first. */
function averageTexts(views: readonly View[], alphabet: string): readonly WeighedText[] {
  const sums = new Map<
    string,
    { sum: number; highest: number; classes: readonly number[]; from: CtcOutput }
  >()
  for (const { output } of views) {
    for (const { classes, probability } of decodeCtc(output)) {
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
    confidence: Math.round((sum / views.length) * 10_000) / 10_000,
    from,
  })).sort((a, b) => b.confidence - a.confidence)
}

function fillPlanes({ data, width, height }: Picture, planes: Float32Array): void {
  const plane = width * height
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) {
      planes[channel * plane + at] = (data[at * 3 + channel] ?? 0) / 255
    }
  }
}

function jurisdictionOf(views: readonly View[], card: PlateReaderCard): Jurisdiction | null {
  const mean = card.jurisdictions.map(
    (_, place) => views.reduce((sum, view) => sum + (view.places[place] ?? 0), 0) / views.length,
  )
  const highest = Math.max(...mean)
  const total = mean.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)
  const code = card.jurisdictions[mean.indexOf(highest)] ?? 'other'
  const confidence = Math.round((1 / total) * 10_000) / 10_000
  return code === 'other' || confidence < 0.5 ? null : { code, confidence }
}

function floats(tensor: ort.Tensor | undefined): Float32Array {
  if (tensor === undefined || !(tensor.data instanceof Float32Array)) {
    throw new Error('The plate reader has other outputs than its card promises.')
  }
  return tensor.data
}
