/** The models that ship with this package, and how they are run. */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'

import * as ort from 'onnxruntime-node'

export type PlateDetectorCard = {
  readonly name: string
  readonly sha256: string
  readonly input: { readonly width: number; readonly height: number }
  readonly stride: number
  readonly score_cut: number
}

export type PlateReaderCard = {
  readonly name: string
  readonly sha256: string
  readonly input: { readonly width: number; readonly height: number }
  readonly alphabet: string
  readonly jurisdictions: readonly string[]
}

export type LoadedModel<Card> = { readonly card: Card; readonly session: ort.InferenceSession }

/**
 * Loads `models/<name>.onnx` with its card. Throws when the weights are not the ones the card names:
 * a reader of unknown origin must not read.
 */
export async function loadModel<Card extends { readonly sha256: string }>(
  name: string,
  threads: number,
): Promise<LoadedModel<Card & { readonly name: string }>> {
  const at = (extension: string) => new URL(`../models/${name}.${extension}`, import.meta.url)
  const [weights, cardText] = await Promise.all([
    readFile(at('onnx')),
    readFile(at('json'), 'utf8'),
  ])
  const card = JSON.parse(cardText) as Card
  const sha256 = createHash('sha256').update(weights).digest('hex')
  if (sha256 !== card.sha256) {
    throw new Error(
      `The weights of ${name} do not match their card (${sha256.slice(0, 12)}…); check out packages/vision/models again.`,
    )
  }
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
