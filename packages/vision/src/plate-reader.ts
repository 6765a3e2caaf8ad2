/** Picture in, looks out: detect, rectify, read. */

import type { Jurisdiction, Look } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { characterReads, decodeCtc } from './ctc.ts'
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
 * How much of the plate's size the crop reaches beyond the detected corners. Both crops are read and
 * their distributions averaged: a corner that cut a character off in one has it in the other.
 */
const cropMargins = [0.03, 0.09] as const

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
      if (plates.length === 0) return []
      const looks = await readPlates(reader, picture, plates)
      return looks.toSorted((a, b) => standing(b) - standing(a))
    },
    async close() {
      await Promise.all([detector.session.release(), reader.session.release()])
    },
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
): Promise<readonly Look[]> {
  const { width, height } = card.input
  const plane = width * height
  const crops = plates.flatMap(({ corners }) =>
    cropMargins.map((margin) => rectify(picture, growCorners(corners, margin), width, height)),
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
  const views = cropMargins.length
  return plates.map((plate, index) => {
    const logProbs = meanLogProbs(characters, index * views * perCrop, perCrop, views, classes)
    const scores = meanOf(
      jurisdictions,
      index * views * card.jurisdictions.length,
      card.jurisdictions.length,
      views,
    )
    return lookOf(
      plate,
      { logProbs, steps: perCrop / classes, classes },
      card,
      jurisdictionOf(scores, card),
    )
  })
}

function lookOf(
  { corners, score }: DetectedPlate,
  output: { logProbs: Float32Array; steps: number; classes: number },
  card: PlateReaderCard,
  jurisdiction: Jurisdiction | null,
): Look {
  const spelled = decodeCtc(output)
  const texts = spelled.map(({ classes, probability }) => ({
    text: classes.map((symbol) => card.alphabet[symbol - 1] ?? '').join(''),
    confidence: Math.round(probability * 10_000) / 10_000,
  }))
  const [best, ...others] = texts
  return {
    text: best?.text ?? '',
    confidence: best?.confidence ?? 0,
    characters: characterReads(output, spelled[0]?.classes ?? [], card.alphabet),
    jurisdiction,
    corners,
    box: boxOf(corners),
    alternatives: others
      .filter(({ confidence }) => confidence >= 0.001)
      .slice(0, limits.alternativesMax),
    detection: score,
    plateWidthPx: widthOf(corners),
  }
}

function fillPlanes({ data, width, height }: Picture, planes: Float32Array): void {
  const plane = width * height
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) {
      planes[channel * plane + at] = (data[at * 3 + channel] ?? 0) / 255
    }
  }
}

/** Geometric mean of the views' distributions, normalised again at every step. */
function meanLogProbs(
  all: Float32Array,
  from: number,
  size: number,
  views: number,
  classes: number,
): Float32Array {
  const mean = meanOf(all, from, size, views)
  for (let step = 0; step < size; step += classes) {
    const row = mean.subarray(step, step + classes)
    const total = Math.log(row.reduce((sum, logProb) => sum + Math.exp(logProb), 0))
    row.forEach((logProb, symbol) => (row[symbol] = logProb - total))
  }
  return mean
}

function meanOf(all: Float32Array, from: number, size: number, views: number): Float32Array {
  return Float32Array.from({ length: size }, (_, at) => {
    let sum = 0
    for (let view = 0; view < views; view++) sum += all[from + view * size + at] ?? 0
    return sum / views
  })
}

function jurisdictionOf(logits: Float32Array, card: PlateReaderCard): Jurisdiction | null {
  const highest = Math.max(...logits)
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0)
  const index = logits.indexOf(highest)
  const code = card.jurisdictions[index] ?? 'other'
  const confidence = Math.round((1 / total) * 10_000) / 10_000
  return code === 'other' || confidence < 0.5 ? null : { code, confidence }
}

function floats(tensor: ort.Tensor | undefined): Float32Array {
  if (tensor === undefined || !(tensor.data instanceof Float32Array)) {
    throw new Error('The plate reader has other outputs than its card promises.')
  }
  return tensor.data
}
