/** Copies as they turn up outside, made of stored pictures to measure what a search would miss. */

import type { Region } from '@sallyport/marks/hash/trim-border'
import { rawImage } from '@sallyport/vision/encode'
import type { Picture } from '@sallyport/vision/picture'

type Kind = {
  readonly name: string
  readonly make: (picture: Picture, plate: Region | null) => Promise<Uint8Array> | null
}

/** Every kind by its name in a statement. */
export const plantedKinds: readonly Kind[] = [
  { name: 'recompressed', make: (picture) => rawImage(picture).jpeg({ quality: 40 }).toBuffer() },
  {
    name: 'made smaller by half',
    make: (picture) =>
      rawImage(picture)
        .resize({ width: Math.max(64, Math.round(picture.width / 2)) })
        .jpeg({ quality: 70 })
        .toBuffer(),
  },
  {
    name: 'cut to 60 % around the plate',
    make: (picture, plate) => (plate === null ? null : cut(picture, plate)),
  },
  {
    name: 'in screenshots with a border',
    make: ({ width, height, ...picture }) =>
      rawImage({ width, height, ...picture })
        .resize({ width: Math.round(width * 0.72), height: Math.round(height * 0.72), fit: 'fill' })
        .extend({
          top: Math.round(height * 0.06),
          bottom: Math.round(height * 0.04),
          left: Math.round(width * 0.05),
          right: Math.round(width * 0.05),
          background: '#e8e8ec',
        })
        .jpeg({ quality: 80 })
        .toBuffer(),
  },
  {
    name: 'cut to the plate alone',
    make: (picture, plate) => (plate === null ? null : alone(picture, plate)),
  },
]

/** The name of faces cut out of their pictures, in a statement. */
export const plantedFaces = 'cut to the face alone'

/** The face with a fifth of its size around it. */
export function plantFace(picture: Picture, face: Region): Promise<Uint8Array> | null {
  return alone(picture, face)
}

/** Six tenths of the area, with the plate in it. */
function cut(picture: Picture, plate: Region): Promise<Uint8Array> {
  const side = Math.sqrt(0.6)
  const width = Math.round(picture.width * side)
  const height = Math.round(picture.height * side)
  const place = (middle: number, part: number, whole: number) =>
    Math.round(Math.min(whole - part, Math.max(0, middle - 0.45 * part)))
  const left = place(plate.x + plate.width / 2, width, picture.width)
  const top = place(plate.y + plate.height / 2, height, picture.height)
  return rawImage(picture).extract({ left, top, width, height }).jpeg({ quality: 75 }).toBuffer()
}

function alone(picture: Picture, plate: Region): Promise<Uint8Array> {
  const [across, down] = [plate.width * 0.2, plate.height * 0.2]
  const left = Math.max(0, Math.round(plate.x - across))
  const top = Math.max(0, Math.round(plate.y - down))
  const width = Math.min(picture.width - left, Math.round(plate.width + 2 * across))
  const height = Math.min(picture.height - top, Math.round(plate.height + 2 * down))
  return rawImage(picture).extract({ left, top, width, height }).jpeg({ quality: 75 }).toBuffer()
}
