/** Plates cut out, set upright and put through the reader's network. */

import type { Corners } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import { type CtcOutput, decodeCtc, type SpelledText } from './ctc.ts'
import { growCorners, rectify } from './geometry.ts'
import { floatsOf, type LoadedModel, type PlateReaderCard } from './models.ts'
import type { Picture } from './picture.ts'
import { fillPlanes } from './planes.ts'

/** One reading of one crop, as the network gave it. */
export type View = {
  readonly output: CtcOutput
  /** What the output spells, best first. */
  readonly texts: readonly SpelledText[]
  /** Log-probabilities of the second head, position by position; class 0 ends the text. */
  readonly slots: CtcOutput | null
  /** Logit that there is something to read; null where the network does not say. */
  readonly legibility: number | null
  /** Logits of the reader's own jurisdictions, empty where it has none. */
  readonly places: Float32Array
  /** Of the crop, see `sharpnessOf`. */
  readonly sharpness: number
}

/** How much of a plate's width and of its height a crop reaches beyond its corners. */
export type Margin = readonly [x: number, y: number]

export type Cut = { readonly corners: Corners; readonly margin: Margin }

/** Reads crops; one view for each, in order. */
export async function viewCrops(
  { card, session }: LoadedModel<PlateReaderCard>,
  picture: Picture,
  cuts: readonly Cut[],
): Promise<readonly View[]> {
  if (cuts.length === 0) return []
  const { width, height } = card.input
  const size = width * height * 3
  const data = new Float32Array(cuts.length * size)
  const sharpness = cuts.map(({ corners, margin }, index) => {
    const crop = rectify(picture, growCorners(corners, ...margin), width, height)
    fillPlanes(crop, { data: data.subarray(index * size, (index + 1) * size), width, height })
    return sharpnessOf(crop)
  })
  const outputs = await session.run({
    image: new ort.Tensor('float32', data, [cuts.length, 3, height, width]),
  })
  const classes = card.alphabet.length + 1
  const part = (name: string, index: number): Float32Array | null => {
    if (outputs[name] === undefined) return null
    const all = floatsOf(outputs, name)
    const each = all.length / cuts.length
    return all.subarray(index * each, (index + 1) * each)
  }
  return cuts.map((_, index) => {
    const characters = part('characters', index) ?? new Float32Array()
    const slots = card.slots === undefined ? null : part('slots', index)
    const output = { logProbs: characters, steps: characters.length / classes, classes }
    return {
      output,
      texts: decodeCtc(output),
      slots: slots === null ? null : { logProbs: slots, steps: slots.length / classes, classes },
      legibility: part('legibility', index)?.[0] ?? null,
      places: part('jurisdiction', index) ?? new Float32Array(),
      sharpness: sharpness[index] ?? 0,
    }
  })
}

/**
 * How much of a crop's contrast lies between neighbouring columns: about 0.1 for a blurred plate, 0.5
 * for a sharp one. Neither light nor contrast changes it.
 */
export function sharpnessOf({ data, width, height }: Picture): number {
  let sum = 0
  let squares = 0
  let steps = 0
  for (let row = 0, at = 0; row < height; row++) {
    let left = 0
    for (let column = 0; column < width; column++, at += 3) {
      const grey = (data[at] as number) + 2 * (data[at + 1] as number) + (data[at + 2] as number)
      sum += grey
      squares += grey * grey
      if (column > 0) steps += (grey - left) * (grey - left)
      left = grey
    }
  }
  const count = width * height
  const variance = squares / count - (sum / count) ** 2
  return variance < 1 ? 0 : Math.sqrt(steps / count / variance)
}
