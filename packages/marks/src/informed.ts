/** Reading a mark beside the original: what the copy has that the original has not. */

import { blurred, gaussian } from './blur.ts'
import { type ChipField, chipField } from './chips.ts'
import { pitchOf } from './grid.ts'
import { limits } from './limits.ts'
import { type MarkReading, noMark } from './mark-reading.ts'
import { lumaOf, type Pixels, type Plane } from './pixels.ts'
import { fingerprintAt, lengthOf, readPlaced } from './read-field.ts'
import { register } from './register.ts'
import { type Code, fingerprintOf, type MarkKey, tileOf } from './secret.ts'
import { type Affine, scaleOf, warped } from './warp.ts'
import { whiten } from './whiten.ts'

/** Chips of a copy in the grid of its original: what readers and accusers look at. */
export type Comparison =
  | { readonly kind: 'compared'; readonly field: ChipField }
  /** The copy shows too little of the original to be laid over it. */
  | { readonly kind: 'unlike' }

/** Lays a found copy over the original, exactly the pixels that were marked, and takes the chips of the difference. */
export function compare(found: Pixels, original: Pixels): Comparison {
  const [copy, whole] = [lumaOf(found), lumaOf(original)]
  const map = register(whole, copy)
  if (map === null) return { kind: 'unlike' }
  const pitch = pitchOf(original.width, original.height)
  const even = whiten(difference(whole, copy, map, pitch)).plane
  const field = chipField(even, { x0: 0, y0: 0, ax: pitch, ay: 0, bx: 0, by: pitch })
  return { kind: 'compared', field }
}

/** The copy in the original's place, less the original as sharp and as contrasty as the copy has it. */
function difference(original: Plane, copy: Plane, map: Affine, pitch: number): Plane {
  const { width, height } = original
  const scale = scaleOf(map)
  // A copy that is larger than the original is brought back without losing what lies between.
  const fine = scale > 1 ? gaussian(copy, 0.5 * Math.sqrt(scale * scale - 1)) : copy
  const { plane, covered } = warped(fine, map, width, height, 'none')
  const blur = scale < 1 ? 0.5 * Math.sqrt(1 / (scale * scale) - 1) + 0.25 : 0.25
  const soft = gaussian(original, blur)
  for (let at = 0; at < covered.length; at++) if (covered[at] === 0) plane.data[at] = soft.data[at]!
  const radius = Math.max(2, Math.round(pitch))
  const [ours, theirs] = [quick(soft, radius), quick(plane, radius)]
  const product = new Float32Array(width * height)
  const square = new Float32Array(width * height)
  for (let at = 0; at < product.length; at++) {
    product[at] = ours[at]! * theirs[at]!
    square[at] = ours[at]! * ours[at]!
  }
  const near = Math.round(4 * pitch)
  const shared = blurred({ width, height, data: product }, near).data
  const own = blurred({ width, height, data: square }, near).data
  const data = new Float32Array(width * height)
  for (let at = 0; at < data.length; at++) {
    const contrast = Math.min(1.7, Math.max(0.3, shared[at]! / (own[at]! + 0.5)))
    data[at] = covered[at] === 0 ? 0 : theirs[at]! - contrast * ours[at]!
  }
  return { width, height, data }
}

/** What varies within a few pixels. */
function quick(plane: Plane, radius: number): Float32Array {
  const slow = blurred(plane, radius).data
  return plane.data.map((one, at) => one - slow[at]!)
}

/** The code that the difference carries, or null. One place is looked at: nothing but codes and keys is tried. */
export function readInformed(
  found: Pixels,
  original: Pixels,
  keys: readonly MarkKey[],
): MarkReading {
  const comparison = compare(found, original)
  if (comparison.kind === 'unlike') return noMark
  let best = noMark
  for (const key of keys) {
    const reading = readPlaced(comparison.field, tileOf(key), key)
    const evidence = (reading.tileScore ** 2 + reading.fingerprintScore ** 2) / 2
    const score = Math.hypot(reading.tileScore, reading.fingerprintScore)
    if (score <= best.score) continue
    const bound = Math.min(1, Math.exp(64 * Math.LN2 + Math.log(keys.length) - evidence))
    const confirmed = Math.exp(-(reading.fingerprintScore ** 2) / 2) <= limits.unconfirmedMax
    const is = bound <= limits.falsePositiveMax && confirmed && reading.fingerprintScore > 0
    best = {
      code: is ? reading.code : null,
      epoch: is ? key.epoch : null,
      score,
      falsePositiveBound: bound,
    }
  }
  return best
}

export type Suspect = {
  readonly code: Code
  /** Standard deviations by which its fingerprint stands out. */
  readonly score: number
  /** Chance, at most, that any of the codes in question scores so without having been released to whoever made the copy. */
  readonly falsePositiveBound: number
  readonly named: boolean
}

/**
 * Which of `codes` went into a copy, also one that several made of theirs: each is scored by its own
 * fingerprint alone, and all that are compared count in the bound. Surest first.
 */
export function suspects(
  field: ChipField,
  codes: readonly Code[],
  keys: readonly MarkKey[],
): readonly Suspect[] {
  const length = lengthOf(field)
  return codes
    .map((code) => {
      const score = Math.max(
        ...keys.map((key) => fingerprintAt(field, fingerprintOf(key, code), 0, 0) / length),
      )
      const chance = score > 0 ? Math.exp(-(score ** 2) / 2) : 1
      const falsePositiveBound = Math.min(1, codes.length * keys.length * chance)
      return {
        code,
        score,
        falsePositiveBound,
        named: falsePositiveBound <= limits.falsePositiveMax,
      }
    })
    .toSorted((a, b) => b.score - a.score)
}
