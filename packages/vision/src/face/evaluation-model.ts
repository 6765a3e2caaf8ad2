/** The networks of npm package `@vladmandic/face-api`, as ONNX: a model for trying out, not for a border. */

import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

import type { Point } from '@sallyport/core/plate'

import { convertDescriber } from './convert-describer.ts'
import { convertDetector } from './convert-detector.ts'
import { convertLandmarks } from './convert-landmarks.ts'
import { type FaceApiNetwork, type Layers, readFaceApiWeights } from './face-api-weights.ts'
import type { Normalisation } from './sample.ts'

export const evaluationName = 'evaluation'

/** What everybody is told who sees an answer of it. */
export const evaluationLabel =
  'evaluation model: for trying out, not for a border; where one stranger in 10,000 may match it misses one mate in six'

export const evaluationLicence =
  'networks MIT (@vladmandic/face-api 1.7.15); the description network is a public-domain one of dlib, trained in part on pictures collected from the web'

/** Faces that the detector is less sure of are none. */
export const evaluationScoreCut = 0.4

export const evaluationNormalisation: Normalisation = {
  mean: [122.782, 117.001, 104.298],
  scale: [1 / 255, 1 / 255, 1 / 255],
  order: 'rgb',
}

const converters: Readonly<Record<FaceApiNetwork, (layers: Layers) => Uint8Array>> = {
  detector: convertDetector,
  landmarks: convertLandmarks,
  describer: convertDescriber,
}

/** SHA-256 of what the converters make: another hash is another network, and other templates. */
export const evaluationHashes: Readonly<Record<FaceApiNetwork, string>> = {
  detector: '44c321b37e633cc7080a52ea52f1f4e5a96cb254dd2a2986ac8bee53a162cbe0',
  landmarks: '4f631d30a5a21439f47e47f3fbeaf2e92be767c37767374cce5de8febebd434e',
  describer: '6ee47153c386a5e08f68e0c1d07c7af467a6e80edf63a44ceb2d41fce01082b3',
}

/**
 * One network as ONNX: from the `cache` folder, or converted from the installed package and put there.
 * What lies in the cache is used only when its hash is ours; a cache that cannot be written costs a
 * second at every start and nothing else. Throws when the package is missing or another one.
 */
export async function evaluationNetwork(
  network: FaceApiNetwork,
  cache: string | null,
): Promise<Uint8Array> {
  const wanted = evaluationHashes[network]
  const file =
    cache === null ? null : path.join(cache, `face-${network}-${wanted.slice(0, 12)}.onnx`)
  const kept = file === null ? null : await readFile(file).catch(() => null)
  if (kept !== null && sha256(kept) === wanted) return kept
  const made = converters[network](await readFaceApiWeights(network))
  if (sha256(made) !== wanted)
    throw new Error(`The ${network} of @vladmandic/face-api was not converted as it should be.`)
  if (file !== null) await keep(file, made).catch(() => undefined)
  return made
}

/** Written beside and then moved: a process that is killed leaves no half model under the name. */
async function keep(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const beside = `${file}.${randomUUID()}`
  try {
    await writeFile(beside, bytes)
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** The points that its description network was trained to have in place: nose, eyes, upper mouth. */
export const evaluationPoints: readonly number[] = [
  ...Array.from({ length: 28 }, (_, at) => 27 + at),
  60,
  61,
  62,
  63,
  64,
]

const meanX = [
  0.490127, 0.490127, 0.490127, 0.490127, 0.36688, 0.426036, 0.490127, 0.554217, 0.613373, 0.121737,
  0.187122, 0.265825, 0.334606, 0.260918, 0.182743, 0.645647, 0.714428, 0.793132, 0.858516, 0.79751,
  0.719335, 0.254149, 0.340985, 0.428858, 0.490127, 0.551395, 0.639268, 0.726104, 0.290379,
  0.428096, 0.490127, 0.552157, 0.689874,
]
const meanY = [
  0.203352, 0.307009, 0.409805, 0.515625, 0.587326, 0.609345, 0.628106, 0.609345, 0.587326,
  0.216423, 0.178758, 0.179852, 0.231733, 0.245099, 0.244077, 0.231733, 0.179852, 0.178758,
  0.216423, 0.244077, 0.245099, 0.780233, 0.745405, 0.727388, 0.742578, 0.727388, 0.745405,
  0.780233, 0.784792, 0.778746, 0.785343, 0.778746, 0.784792,
]
/** dlib's mean face with its border of a quarter, in a square of 150 pixels (dlib, get_face_chip_details). */
const chipSide = 150
const chipBorder = 0.25

export const evaluationAlignment: readonly Point[] = evaluationPoints.map((_, at) => ({
  x: ((chipBorder + (meanX[at] ?? 0)) / (1 + 2 * chipBorder)) * chipSide,
  y: ((chipBorder + (meanY[at] ?? 0)) / (1 + 2 * chipBorder)) * chipSide,
}))
