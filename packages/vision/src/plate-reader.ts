/** Picture in, looks out: detect, rectify, read, judge. */

import type { Corners, Look } from '@sallyport/core/plate'

import { type Cut, type Margin, type View, viewCrops } from './crops.ts'
import { type DetectedPlate, plateDetector } from './detect.ts'
import type { LookFeatures } from './features.ts'
import { overlap } from './geometry.ts'
import { limits } from './limits.ts'
import { readsSurely, toLook } from './look.ts'
import {
  type LoadedModel,
  loadedElsewhere,
  loadModel,
  loadOptionalModel,
  type ModelSource,
  type PlateDetectorCard,
  type PlateNetwork,
  type PlateOriginCard,
  type PlateReaderCard,
  shippedModels,
} from './models.ts'
import { originOf, type PlateOrigin } from './origin.ts'
import type { Picture } from './picture.ts'

export type LookOptions = {
  /** Also tell where each plausible plate comes from (default); a track asks for its best look only. */
  readonly origin?: boolean
  /** Told of every look what its probabilities were computed from, for calibration. */
  readonly explain?: (look: Look, features: LookFeatures) => void
}

export type PlateReader = {
  /**
   * Every plate of the picture, the surest first; empty when there is none. Looks that are not
   * `plausible` are for a vote over several frames only, not for reporting.
   */
  look(picture: Picture, options?: LookOptions): Promise<readonly Look[]>
  /** Where the plate at `corners` comes from; null without a model for that. */
  origin(picture: Picture, corners: Corners): Promise<PlateOrigin | null>
  readonly models: { readonly detector: string; readonly reader: string }
  close(): Promise<void>
}

/**
 * How much of the plate's size a crop reaches beyond the detected corners. Each further one is read only
 * when those before are not sure: a corner that cut a character off in one has it in the other.
 */
const cropMargins: readonly Margin[] = [
  [0.08, 0.03],
  [0.03, 0.03],
]
/** Of a picture that is nothing but a plate. */
const wholeMargins: readonly Margin[] = [
  [0.03, 0.05],
  [0.06, 0.09],
]

export type PlateReaderOptions = {
  /** Cores that one look may use, 1 by default. */
  readonly threads?: number
  /** Folder of models and cards; by default those that ship with this package. */
  readonly folder?: string
  /** SHA-256 by model name: other weights are refused, whatever the cards in the folder say. */
  readonly pins?: ModelSource['pins']
  /** Reads the plates that are found, in place of the folder's own reader. */
  readonly network?: PlateNetwork | undefined
}

/** Opens the plate reader. Throws when a model is not what its card or pin says; nothing is left open then. */
export async function openPlateReader({
  threads = 1,
  folder = shippedModels,
  pins,
  network,
}: PlateReaderOptions = {}): Promise<PlateReader> {
  const { detector, reader, origin } = await openModels({ folder, threads, pins }, network)
  const detectPlates = plateDetector(detector)
  const named = origin === null ? '' : `, ${origin.card.name}`
  return {
    models: { detector: detector.card.name, reader: `${reader.card.name}${named}` },
    async look(picture, { origin: wanted = true, explain } = {}) {
      const found = await detectPlates(picture)
      const looks = doubted(await readPlates(reader, picture, found, cropMargins, explain))
      const known = maybePlatePicture(picture)
        ? await withWhole(reader, picture, looks, explain)
        : looks.toSorted((a, b) => standing(b) - standing(a))
      return origin === null || !wanted ? known : withOrigins(origin, picture, known)
    },
    origin: async (picture, corners) =>
      origin === null ? null : originOf(origin, picture, corners),
    async close() {
      for (const model of [detector, reader, origin]) await model?.session.release()
    },
  }
}

async function openModels(
  source: ModelSource,
  network: PlateNetwork | undefined,
): Promise<{
  readonly detector: LoadedModel<PlateDetectorCard>
  readonly reader: LoadedModel<PlateReaderCard>
  readonly origin: LoadedModel<PlateOriginCard> | null
}> {
  const opening = [
    loadModel('plate-detector', detectorDemands, source),
    network === undefined
      ? loadModel('plate-reader', readerDemands, source)
      : Promise.resolve(loadedElsewhere(network)),
    loadOptionalModel('plate-jurisdiction', originDemands, source),
  ] as const
  try {
    const [detector, reader, origin] = await Promise.all(opening)
    return { detector, reader, origin }
  } catch (error) {
    for (const one of await Promise.allSettled(opening)) {
      if (one.status === 'fulfilled') await one.value?.session.release()
    }
    throw error
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

/** The surer of what was detected inside and the whole picture taken for a plate (detection 0: not detected). */
async function withWhole(
  reader: LoadedModel<PlateReaderCard>,
  picture: Picture,
  looks: readonly Look[],
  explain: LookOptions['explain'],
): Promise<readonly Look[]> {
  const { width, height } = picture
  const corners: Corners = [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ]
  const plate = { score: 0, corners, weak: false }
  const [whole] = await readPlates(reader, picture, [plate], wholeMargins, explain, false)
  // The detector was made for scenes: in a picture that a plate fills it finds parts of the plate.
  const within = looks.filter(
    ({ box, plausible }) => plausible !== false && box.width * box.height < (width * height) / 2,
  )
  return [...within, ...(whole === undefined ? [] : [whole])]
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, 1)
}

/**
 * Two texts in places that overlap are lines of one plate, or one plate found twice: which of them is the
 * plate's, or whether both are, nobody knows. Neither is sure then.
 */
function doubted(looks: readonly Look[]): readonly Look[] {
  const lettered = looks.filter(({ text }) => text !== '')
  return looks.map((look) => {
    const shared = lettered.some((other) => other !== look && overlap(other.box, look.box) > 0.1)
    return shared ? { ...look, confidence: Math.min(look.confidence, 0.5) } : look
  })
}

/** Plausible plates first; a read without characters (a grille, a sign) stands behind every other. */
function standing(look: Look): number {
  const worth = look.detection * Math.sqrt(look.confidence)
  if (look.text === '') return look.detection - 3
  return look.plausible === false ? worth - 1 : worth
}

/** Reads plates whose corners are known; one look for each, in the same order. */
async function readPlates(
  reader: LoadedModel<PlateReaderCard>,
  picture: Picture,
  plates: readonly DetectedPlate[],
  margins: readonly Margin[],
  explain: LookOptions['explain'],
  stopWhenSure = true,
): Promise<readonly Look[]> {
  const views: View[][] = plates.map(() => [])
  for (const margin of margins) {
    const open = views.flatMap((seen, index) =>
      stopWhenSure && readsSurely(seen, reader.card) ? [] : [index],
    )
    const cuts = open.flatMap((index): Cut[] => {
      const plate = plates[index]
      return plate === undefined ? [] : [{ corners: plate.corners, margin }]
    })
    const seen = await viewCrops(reader, picture, cuts)
    open.forEach((index, at) => {
      const view = seen[at]
      if (view !== undefined) views[index]?.push(view)
    })
  }
  return plates.map((plate, index) => {
    const { look, features } = toLook(plate, views[index] ?? [], reader.card)
    explain?.(look, features)
    return look
  })
}

async function withOrigins(
  origin: LoadedModel<PlateOriginCard>,
  picture: Picture,
  looks: readonly Look[],
): Promise<readonly Look[]> {
  const known: Look[] = []
  for (const look of looks) {
    const wanted = look.text !== '' && look.plausible !== false
    known.push(wanted ? { ...look, ...(await originOf(origin, picture, look.corners)) } : look)
  }
  return known
}

const detectorDemands = {
  fields: ['scoreCut', 'stride'] as const,
  outputs: ({ input, stride }: PlateDetectorCard) => {
    const [width, height] = [input.width / stride, input.height / stride]
    return { score: [1, 1, height, width], corners: [1, 8, height, width] }
  },
}

const readerDemands = {
  fields: ['alphabet'] as const,
  outputs: ({ input, alphabet, jurisdictions, slots }: PlateReaderCard) => {
    const classes = alphabet.length + 1
    return {
      characters: [1, input.width / 4, classes],
      ...(slots === undefined ? {} : { slots: [1, slots, classes] }),
      ...(jurisdictions === undefined ? {} : { jurisdiction: [1, jurisdictions.length] }),
    }
  },
}

const originDemands = {
  fields: ['jurisdictions', 'types', 'calibration', 'cut'] as const,
  outputs: ({ jurisdictions, types }: PlateOriginCard) => ({
    jurisdiction: [1, jurisdictions.length],
    type: [1, types.length],
  }),
}
