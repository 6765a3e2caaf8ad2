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

/** The margin the network was trained with: name bands and rims belong to the plate. */
const originMargin = 0.04

/** Tells the origin of the plate at `corners`; null for what the network does not know. */
export async function originOf(
  { card, session }: LoadedModel<PlateOriginCard>,
  picture: Picture,
  corners: Corners,
): Promise<PlateOrigin> {
  const { width, height } = card.input
  const crop = rectify(picture, growCorners(corners, originMargin), width, height)
  const data = new Float32Array(width * height * 3)
  fillPlanes(crop, { data, width, height })
  const outputs = await session.run({
    image: new ort.Tensor('float32', data, [1, 3, height, width]),
  })
  const { temperature } = card.calibration
  return {
    jurisdiction: surest(
      floatsOf(outputs, 'jurisdiction'),
      card.jurisdictions,
      temperature,
      card.cut,
    ),
    plateType: surest(floatsOf(outputs, 'type'), card.types, temperature, card.cut),
  }
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
