/** Models and their cards: what is loaded is what the card names, and can be run, or nothing starts. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import * as ort from 'onnxruntime-node'

import type { CalibrationCard, PlausibilityCard } from './features.ts'

type Size = { readonly width: number; readonly height: number }
type Card = { readonly name: string; readonly sha256: string; readonly input: Size }

export type PlateDetectorCard = Card & {
  /** Input pixels to a cell of the score map. */
  readonly stride: number
  /** Plates the detector is less sure of than this, 0 to 1, are none. */
  readonly scoreCut: number
}

export type PlateReaderCard = Card & {
  readonly alphabet: string
  /** Codes of the reader's own jurisdiction output, where it has one. */
  readonly jurisdictions?: readonly string[]
  /** Positions of the second head, where there is one. */
  readonly slots?: number
  readonly calibration?: CalibrationCard
  readonly plausibility?: PlausibilityCard
}

export type PlateOriginCard = Card & {
  /** How much of the plate's size its crops reach beyond its corners: one view each, 0.04 by default. */
  readonly margins?: readonly number[]
  readonly jurisdictions: readonly string[]
  readonly types: readonly string[]
  readonly calibration: { readonly temperature: number }
  /** A jurisdiction less sure than this, 0 to 1, is unknown. */
  readonly cut: number
  /** The same for a type; `cut` by default. */
  readonly typeCut?: number
}

export type LoadedModel<Kind extends Card> = {
  readonly card: Kind
  readonly session: Pick<ort.InferenceSession, 'run' | 'release'>
}

/** A reading network that runs somewhere else, such as in a process of its own. */
export type PlateNetwork = {
  readonly card: PlateReaderCard
  /**
   * Runs it over `count` crops, one after another in `image` as planes of 0 to 1; answers the numbers of
   * each output, for all crops in order.
   */
  run(image: Float32Array, count: number): Promise<Readonly<Record<string, Float32Array>>>
}

/** Such a network as `loadModel` would have loaded it. Closing it is its owner's business. */
export function loadedElsewhere(network: PlateNetwork): LoadedModel<PlateReaderCard> {
  return {
    card: network.card,
    session: {
      async run({ image }: ort.InferenceSession.FeedsType) {
        if (!(image instanceof ort.Tensor) || !(image.data instanceof Float32Array))
          throw new Error('a reader is asked with pictures')
        const outputs = await network.run(image.data, image.dims[0] ?? 0)
        return Object.fromEntries(
          Object.entries(outputs).map(([name, data]) => [
            name,
            new ort.Tensor('float32', data, [data.length]),
          ]),
        )
      },
      release: async () => undefined,
    },
  }
}

/** Where models lie and how they run. */
export type ModelSource = {
  readonly folder: string
  /** Cores that one run may use. */
  readonly threads: number
  /** SHA-256 of the weights by model name; weights of another hash are refused whatever their card says. */
  readonly pins?: Readonly<Record<string, string>> | undefined
}

/** Folder of the models that ship with this package. */
export const shippedModels = fileURLToPath(new URL('../models/', import.meta.url))

/** What must hold of a model besides its hash. */
export type ModelDemands<Kind extends Card> = {
  readonly fields: readonly (keyof Kind & string)[]
  /** Shape of each output for one picture of the card's input size. */
  readonly outputs: (card: Kind) => Readonly<Record<string, readonly number[]>>
}

/**
 * Loads `<name>.onnx` of a folder with its card `<name>.json`. Throws, naming the model and what to do,
 * when a file is missing, the weights are not those of the card or the pin (a reader of unknown origin
 * must not read), ONNX Runtime cannot run them, or their outputs are not the promised ones.
 */
export async function loadModel<Kind extends Card>(
  name: string,
  demands: ModelDemands<Kind>,
  { folder, threads, pins }: ModelSource,
): Promise<LoadedModel<Kind>> {
  const [weights, cardText] = await Promise.all([
    readModelFile(folder, `${name}.onnx`),
    readModelFile(folder, `${name}.json`),
  ])
  const card = parseCard<Kind>(name, cardText.toString('utf8'), demands.fields)
  const sha256 = createHash('sha256').update(weights).digest('hex')
  if (sha256 !== card.sha256) {
    throw new Error(
      `The weights of ${name} do not match their card (${sha256.slice(0, 12)}…): the file is damaged or another one. Put weights and card of one release into ${folder}.`,
    )
  }
  const pin = pins?.[name]
  if (pin !== undefined && pin !== sha256) {
    throw new Error(
      `The weights of ${name} are ${sha256.slice(0, 12)}…, but ${pin.slice(0, 12)}… are pinned.`,
    )
  }
  const session = await openSession(name, weights, threads)
  try {
    await tryOut(name, session, card, demands.outputs(card))
  } catch (error) {
    await session.release()
    throw error
  }
  return { card: { ...card, name: `${name}@${sha256.slice(0, 12)}` }, session }
}

/** Like `loadModel`, but null when the folder has no such model. */
export async function loadOptionalModel<Kind extends Card>(
  name: string,
  demands: ModelDemands<Kind>,
  source: ModelSource,
): Promise<LoadedModel<Kind> | null> {
  const found = await readFile(path.join(source.folder, `${name}.json`)).catch(() => null)
  return found === null ? null : loadModel(name, demands, source)
}

async function readModelFile(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file))
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
    throw new Error(`The model file ${file} cannot be read in ${folder} (${code}).`, {
      cause: error,
    })
  }
}

function parseCard<Kind extends Card>(
  name: string,
  text: string,
  fields: readonly (keyof Kind & string)[],
): Kind {
  let card: unknown
  try {
    card = JSON.parse(text)
  } catch (error) {
    throw new Error(`The card of ${name} is not JSON.`, { cause: error })
  }
  const given = new Map(Object.entries(typeof card === 'object' && card !== null ? card : {}))
  const missing = ['sha256', 'input', ...fields].filter((field) => given.get(field) === undefined)
  if (missing.length > 0) throw new Error(`The card of ${name} lacks ${missing.join(', ')}.`)
  return card as Kind
}

async function openSession(
  name: string,
  weights: Buffer,
  threads: number,
): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(weights, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // A spinning worker would take the core that the next lane needs.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
      logSeverityLevel: 3,
    })
  } catch (error) {
    throw new Error(
      `ONNX Runtime cannot run ${name}.onnx, which is cut off or of an unknown version: ${firstLine(error)}`,
      { cause: error },
    )
  }
}

/** One empty picture through the network: a wrong shape is found here, not at the first vehicle. */
async function tryOut(
  name: string,
  session: ort.InferenceSession,
  { input }: Card,
  promised: Readonly<Record<string, readonly number[]>>,
): Promise<void> {
  const missing = Object.keys(promised).filter((output) => !session.outputNames.includes(output))
  if (missing.length > 0 || !session.inputNames.includes('image')) {
    throw new Error(
      `${name}.onnx takes ${session.inputNames.join(', ')} and gives ${session.outputNames.join(', ')}; it should take image and give ${Object.keys(promised).join(', ')}.`,
    )
  }
  const { width, height } = input
  const image = new ort.Tensor('float32', new Float32Array(3 * width * height), [
    1,
    3,
    height,
    width,
  ])
  let outputs
  try {
    outputs = await session.run({ image })
  } catch (error) {
    throw new Error(`${name}.onnx cannot take a picture of its card's size: ${firstLine(error)}`, {
      cause: error,
    })
  }
  for (const [output, shape] of Object.entries(promised)) {
    const dims = outputs[output]?.dims ?? []
    if (dims.length === shape.length && shape.every((size, at) => size === dims[at])) continue
    throw new Error(
      `${name}.onnx gives ${output} as ${dims.join(' × ')}; its card promises ${shape.join(' × ')}.`,
    )
  }
}

/** The numbers of an output that `loadModel` has seen to be there. */
export function floatsOf(
  outputs: ort.InferenceSession.OnnxValueMapType,
  name: string,
): Float32Array {
  const data = outputs[name]?.data
  if (data instanceof Float32Array) return data
  throw new Error(`The output ${name} is not float32.`)
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n')[0] ?? '').slice(0, 200)
}
