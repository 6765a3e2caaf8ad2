/** The models that ship with this package, and how they are run. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import * as ort from 'onnxruntime-node'

export type PlateDetectorCard = {
  readonly name: string
  readonly sha256: string
  readonly input: { readonly width: number; readonly height: number }
  readonly stride: number
  /** Plates the detector is less sure of than this, 0 to 1, are none. */
  readonly scoreCut: number
}

export type PlateReaderCard = {
  readonly name: string
  readonly sha256: string
  readonly input: { readonly width: number; readonly height: number }
  readonly alphabet: string
  readonly jurisdictions: readonly string[]
}

export type LoadedModel<Card> = { readonly card: Card; readonly session: ort.InferenceSession }

/** Folder of the models that ship with this package. */
export const shippedModels = fileURLToPath(new URL('../models/', import.meta.url))

/**
 * Loads `<name>.onnx` of a folder with its card. Throws when the weights are not the ones the card
 * names (a reader of unknown origin must not read), or when the card lacks one of `fields`.
 */
export async function loadModel<Card extends { readonly sha256: string }>(
  name: string,
  fields: readonly (keyof Card & string)[],
  { folder, threads }: { readonly folder: string; readonly threads: number },
): Promise<LoadedModel<Card & { readonly name: string }>> {
  const [weights, cardText] = await Promise.all([
    readFile(path.join(folder, `${name}.onnx`)),
    readFile(path.join(folder, `${name}.json`), 'utf8'),
  ])
  const card = JSON.parse(cardText) as Card
  const sha256 = createHash('sha256').update(weights).digest('hex')
  if (sha256 !== card.sha256) {
    throw new Error(
      `The weights of ${name} do not match their card (${sha256.slice(0, 12)}…); check out packages/vision/models again.`,
    )
  }
  const missing = fields.filter((field) => card[field] === undefined)
  if (missing.length > 0) throw new Error(`The card of ${name} lacks ${missing.join(', ')}.`)
  const session = await ort.InferenceSession.create(weights, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    // A spinning worker would take the core that the next lane needs.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
    logSeverityLevel: 3,
  })
  return { card: { ...card, name: `${name}@${sha256.slice(0, 12)}` }, session }
}
