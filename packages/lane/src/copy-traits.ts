/** What copies of a crossing's pictures will be recognised by: taken in memory, sealed with the reads. */

import type { BodyClass, CopyTrait, CopyTraits } from '@sallyport/core/crossing'
import type { Corners } from '@sallyport/core/plate'
import { pdqOf, pdqText, pdqVersion } from '@sallyport/marks/hash/pdq'
import { cut, withoutBorder } from '@sallyport/marks/hash/trim-border'
import { boxOf } from '@sallyport/vision/geometry'
import type { Picture } from '@sallyport/vision/picture'

import { limits } from './limits.ts'

type Sealed = {
  readonly capture: string
  readonly class: BodyClass
  readonly picture: Picture
  /** Corners in pixels of the frame, whose width tells how far the scene was scaled; null for a face. */
  readonly plate: { readonly corners: Corners | null; readonly frameWidth: number } | null
}

export function copyTraitsOf(sealed: readonly Sealed[]): CopyTraits {
  return { algorithm: pdqVersion, pictures: sealed.map(traitOf) }
}

function traitOf({ capture, class: bodyClass, picture, plate }: Sealed): CopyTrait {
  const pixels = { ...picture, channels: 3 } as const
  // A search trims what it finds, so that a screenshot's frame does not hide it: both sides must.
  const { hash, quality } = pdqOf(cut(pixels, withoutBorder(pixels)))
  const { width, height } = picture
  const traits = { capture, hash: pdqText(hash), quality, width, height }
  if (plate === null || plate.corners === null) return { ...traits, plate: null }
  const box = boxOf(plate.corners)
  if (bodyClass === 'scene') return { ...traits, plate: rounded(box, width / plate.frameWidth) }
  // As `cropPlate` cut it out, also where the frame's edge cut it short.
  const { plateMargin } = limits
  const left = Math.max(0, Math.floor(box.x - box.width * plateMargin))
  const top = Math.max(0, Math.floor(box.y - box.height * plateMargin))
  return { ...traits, plate: rounded({ ...box, x: box.x - left, y: box.y - top }, 1) }
}

function rounded(box: NonNullable<CopyTrait['plate']>, scale: number) {
  return {
    x: Math.round(box.x * scale),
    y: Math.round(box.y * scale),
    width: Math.max(1, Math.round(box.width * scale)),
    height: Math.max(1, Math.round(box.height * scale)),
  }
}
