/** Where a plate comes from and what kind it is, by the look of the whole plate. */

import type { Corners, Jurisdiction, PlateType } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { growCorners, rectify } from './geometry.ts'
import { floatsOf, type LoadedModel, type PlateOriginCard } from './models.ts'
import type { Picture } from './picture.ts'
import { fillPlanes } from './planes.ts'

export type PlateOrigin = {
  readonly jurisdiction: Jurisdiction | null
  readonly plateType: PlateType | null
}

/** Name bands and rims belong to the plate. */
const usualMargins = [0.04]

/** Tells the origin of the plate at `corners`, by the mean of what its views say; null for what is not known. */
export async function originOf(
  { card, session }: LoadedModel<PlateOriginCard>,
  picture: Picture,
  corners: Corners,
): Promise<PlateOrigin> {
  const { width, height } = card.input
  const places = new Float32Array(card.jurisdictions.length)
  const types = new Float32Array(card.types.length)
  const margins = card.margins ?? usualMargins
  for (const margin of margins) {
    const crop = rectify(picture, growCorners(corners, margin), width, height)
    const data = new Float32Array(width * height * 3)
    fillPlanes(crop, { data, width, height })
    const image = new ort.Tensor('float32', data, [1, 3, height, width])
    const outputs = await session.run({ image })
    addShare(places, floatsOf(outputs, 'jurisdiction'), margins.length)
    addShare(types, floatsOf(outputs, 'type'), margins.length)
  }
  const { temperature } = card.calibration
  return {
    jurisdiction: surest(places, card.jurisdictions, temperature, card.cut),
    plateType: surest(types, card.types, temperature, card.typeCut ?? card.cut),
  }
}

function addShare(sum: Float32Array, view: Float32Array, views: number): void {
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (view[at] ?? 0) / views
}

/** The likeliest code by softmax; null when it is "unknown" or less sure than `cut`. */
export function surest(
  logits: Float32Array,
  codes: readonly string[],
  temperature: number,
  cut: number,
): { readonly code: string; readonly confidence: number } | null {
  const highest = Math.max(...logits)
  const total = logits.reduce((sum, one) => sum + Math.exp((one - highest) / temperature), 0)
  const code = codes[logits.indexOf(highest)] ?? 'unknown'
  const confidence = Math.round((1 / total) * 10_000) / 10_000
  return code === 'unknown' || code === 'other' || confidence < cut ? null : { code, confidence }
}
