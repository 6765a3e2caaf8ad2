/** The thread that looks at found files: they are decoded, hashed and compared in its memory, and forgotten. */

import { readBlind } from '@sallyport/marks/blind'
import { boxByFrame } from '@sallyport/marks/copies/frame'
import {
  type Hint,
  type Likeness,
  type LikenessBoxes,
  likenessOf,
} from '@sallyport/marks/copies/likeness'
import { turned } from '@sallyport/marks/copies/turn'
import { type Orientation, pdqOrientations } from '@sallyport/marks/hash/pdq'
import { cut, type Region, withoutBorder } from '@sallyport/marks/hash/trim-border'
import { compare, type Suspect, suspects } from '@sallyport/marks/informed'
import type { MarkReading } from '@sallyport/marks/mark-reading'
import type { Pixels } from '@sallyport/marks/pixels'
import type { MarkKey } from '@sallyport/marks/secret'
import { shrink } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import { answerTasks } from '../task-answers.ts'

export type Turned = { readonly bytes: Uint8Array; readonly orientation: Orientation }

export type LeakAsk =
  | { readonly kind: 'traits'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'likeness'
      readonly found: Turned
      readonly stored: Uint8Array
      /** In pixels of the pictures as they are. */
      readonly boxes: LikenessBoxes
      /** Whether the whole pictures look alike: then their frames say where the box lies. */
      readonly framed: boolean
    }
  | {
      readonly kind: 'suspects'
      readonly found: Turned
      readonly stored: Uint8Array
      readonly codes: readonly string[]
      readonly keys: readonly MarkKey[]
    }
  | { readonly kind: 'blind'; readonly bytes: Uint8Array; readonly keys: readonly MarkKey[] }

export type TurnedHash = { readonly orientation: Orientation; readonly hash: Uint32Array }

export type LeakAnswer =
  | {
      readonly kind: 'traits'
      readonly width: number
      readonly height: number
      readonly quality: number
      /** Of the picture as it is and within its border, in eight orientations each. */
      readonly hashes: readonly TurnedHash[]
    }
  | { readonly kind: 'likeness'; readonly likeness: Likeness }
  | { readonly kind: 'suspects'; readonly suspects: readonly Suspect[] }
  | { readonly kind: 'blind'; readonly reading: MarkReading }
  | { readonly kind: 'refused'; readonly detail: string }

/** A larger found picture is compared from a smaller copy. */
const sideMax = 2560

async function answerTo(ask: LeakAsk): Promise<LeakAnswer> {
  switch (ask.kind) {
    case 'traits': {
      const found = await pixelsOf(ask.bytes)
      if (found.kind === 'refused') return found
      return traitsOf(found.pixels)
    }
    case 'likeness': {
      const pair = await pairOf(ask.found, ask.stored)
      if (pair.kind === 'refused') return pair
      const boxes = placed(ask.boxes, pair, ask.framed)
      return { kind: 'likeness', likeness: likenessOf(pair.found, pair.stored, boxes) }
    }
    case 'suspects': {
      const pair = await pairOf(ask.found, ask.stored)
      if (pair.kind === 'refused') return pair
      const compared = compare(pair.found, pair.stored)
      const named = compared.kind === 'unlike' ? [] : suspects(compared.field, ask.codes, ask.keys)
      return { kind: 'suspects', suspects: named.slice(0, 10) }
    }
    case 'blind': {
      const found = await pixelsOf(ask.bytes)
      if (found.kind === 'refused') return found
      return { kind: 'blind', reading: readBlind(found.pixels, ask.keys) }
    }
  }
}

function traitsOf(pixels: Pixels): LeakAnswer {
  const region = withoutBorder(pixels)
  const trimmed = region.width < pixels.width || region.height < pixels.height
  const parts = trimmed ? [pixels, cut(pixels, region)] : [pixels]
  const found = parts.map((part) => pdqOrientations(part))
  return {
    kind: 'traits',
    width: pixels.width,
    height: pixels.height,
    quality: Math.max(...found.map(({ quality }) => quality)),
    hashes: found.flatMap(({ hashes }) =>
      [...hashes].map(([orientation, hash]) => ({ orientation, hash })),
    ),
  }
}

type Pair = {
  readonly found: Pixels
  readonly stored: Pixels
  /** How far each was scaled down. */
  readonly foundScale: number
  readonly storedScale: number
}

/** The boxes in the pixels that are compared, and where the frame says that the stored one lies. */
function placed(boxes: LikenessBoxes, pair: Pair, framed: boolean): LikenessBoxes {
  const stored = scaled(boxes.stored, pair.storedScale)
  const found = boxes.found.map(({ box, loose }) => ({ box: scaled(box, pair.foundScale), loose }))
  if (!framed) return { ...boxes, stored, found }
  const byFrame: Hint = { box: boxByFrame(pair.found, pair.stored, stored), loose: false }
  return { ...boxes, stored, found: [byFrame, ...found] }
}

function scaled({ x, y, width, height }: Region, by: number): Region {
  return { x: x * by, y: y * by, width: width * by, height: height * by }
}

async function pairOf(
  found: Turned,
  stored: Uint8Array,
): Promise<({ readonly kind: 'pair' } & Pair) | Extract<LeakAnswer, { kind: 'refused' }>> {
  const [copy, whole] = [await pixelsOf(found.bytes), await pixelsOf(stored)]
  if (copy.kind === 'refused') return copy
  if (whole.kind === 'refused') return whole
  return {
    kind: 'pair',
    found: turned(copy.pixels, found.orientation),
    stored: whole.pixels,
    foundScale: copy.scale,
    storedScale: whole.scale,
  }
}

async function pixelsOf(
  bytes: Uint8Array,
): Promise<
  | { readonly kind: 'pixels'; readonly pixels: Pixels; readonly scale: number }
  | Extract<LeakAnswer, { kind: 'refused' }>
> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return { kind: 'refused', detail: decoded.detail }
  const small = await shrink(decoded.picture, sideMax)
  return {
    kind: 'pixels',
    pixels: { ...small, channels: 3 },
    scale: small.width / decoded.picture.width,
  }
}

answerTasks(answerTo, (detail): LeakAnswer => ({ kind: 'refused', detail }))
