/** Face models that people bring: a folder with a card and ONNX files, taken only when both agree. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'

import * as ort from 'onnxruntime-node'

import type { Describer, Describing } from './describe-face.ts'
import { type FaceCard, type NetworkCard, parseFaceCard } from './face-card.ts'
import { openFaceSession } from './face-session.ts'

export type OwnModel = {
  readonly card: FaceCard
  readonly detector: ort.InferenceSession | null
  readonly describer: Describer
}

export const cardFile = 'face-model.json'

/**
 * Opens the model in `folder`. Throws, naming field or file, when the card is malformed, a file is
 * missing, of another hash, cut off, or gives other outputs than its card promises.
 */
export async function openOwnModel(folder: string, threads: number): Promise<OwnModel> {
  const parsed = parseFaceCard((await readModelFile(folder, cardFile)).toString('utf8'))
  if (parsed.kind === 'refused') throw new Error(parsed.detail)
  const { card } = parsed
  const describer = await openNetwork(folder, card.describer, threads)
  try {
    await tryDescriber(card, describer)
    const detector =
      card.detector === null ? null : await openNetwork(folder, card.detector, threads)
    return { card, detector, describer: { ...describingOf(card), session: describer } }
  } catch (error) {
    await describer.release()
    throw error
  }
}

/** What the card's description network wants to see. */
export function describingOf({ describer }: FaceCard): Describing {
  const { input, output, dimensions, normalisation, outside, mirror } = describer
  const alignment = describer.alignment.map(([x, y]) => ({ x, y }))
  return { input, output, dimensions, normalisation, outside, mirror, alignment }
}

async function openNetwork(
  folder: string,
  { file, sha256, input }: NetworkCard,
  threads: number,
): Promise<ort.InferenceSession> {
  const weights = await readModelFile(folder, file)
  const found = createHash('sha256').update(weights).digest('hex')
  if (found !== sha256) {
    throw new Error(
      `${file} does not match its card (${found.slice(0, 12)}…): it is damaged, cut off or another one.`,
    )
  }
  const session = await openFaceSession(file, weights, threads)
  if (session.inputNames.includes(input.name)) return session
  await session.release()
  throw new Error(`${file} takes ${session.inputNames.join(', ')}; its card says ${input.name}.`)
}

/** One empty picture through the network: a wrong shape is found here, not at the first traveller. */
async function tryDescriber({ describer }: FaceCard, session: ort.InferenceSession): Promise<void> {
  const { file, input, output, dimensions, mirror } = describer
  const pictures = mirror ? 2 : 1
  const data = new Float32Array(pictures * 3 * input.width * input.height)
  const image = new ort.Tensor('float32', data, [pictures, 3, input.height, input.width])
  let outputs
  try {
    outputs = await session.run({ [input.name]: image })
  } catch (error) {
    throw new Error(
      `${file} cannot take ${pictures} × 3 × ${input.height} × ${input.width}, as its card says${mirror ? ' ("mirror" needs pictures in pairs)' : ''}.`,
      { cause: error },
    )
  }
  const dims = outputs[output]?.dims ?? []
  if (dims.reduce((product, size) => product * size, 1) === pictures * dimensions) return
  throw new Error(
    `${file} gives ${output} as ${dims.join(' × ')}; its card promises ${pictures} × ${dimensions}.`,
  )
}

async function readModelFile(folder: string, file: string): Promise<Buffer> {
  try {
    return await readFile(path.join(folder, file))
  } catch (error) {
    throw new Error(`The face model file ${file} cannot be read in ${folder}.`, { cause: error })
  }
}
