/** Pixels out: JPEG encoding and crops. */

import type { Box, Corners } from '@sallyport/core/plate'
import sharp, { type Sharp } from 'sharp'

import { boxOf } from './geometry.ts'
import type { Picture } from './picture.ts'

/** Encodes a picture as baseline JPEG in memory; `quality` is 1 to 100. No metadata is written. */
export async function encodeJpeg(picture: Picture, quality: number): Promise<Uint8Array> {
  return rawImage(picture)
    .jpeg({ quality, chromaSubsampling: quality >= 88 ? '4:4:4' : '4:2:0' })
    .toBuffer()
}

/** Scales a picture down so that its longer side is at most `sideMax`; smaller ones stay as they are. */
export async function shrink(picture: Picture, sideMax: number): Promise<Picture> {
  if (Math.max(picture.width, picture.height) <= sideMax) return picture
  const { data, info } = await rawImage(picture)
    .resize({ width: sideMax, height: sideMax, fit: 'inside' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

/** The upright part of the picture around a plate, `margin` of the plate's size on every side. */
export function cropPlate(picture: Picture, corners: Corners, margin: number): Picture {
  return cropBox(picture, boxOf(corners), margin)
}

/** The part of the picture around a box, `margin` of the box's size on every side. */
export function cropBox(picture: Picture, box: Box, margin: number): Picture {
  const left = clamp(Math.floor(box.x - box.width * margin), picture.width - 1)
  const top = clamp(Math.floor(box.y - box.height * margin), picture.height - 1)
  const right = clamp(Math.ceil(box.x + box.width * (1 + margin)), picture.width)
  const bottom = clamp(Math.ceil(box.y + box.height * (1 + margin)), picture.height)
  const width = Math.max(1, right - left)
  const height = Math.max(1, bottom - top)
  const data = new Uint8Array(width * height * 3)
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * picture.width + left) * 3
    data.set(picture.data.subarray(from, from + width * 3), row * width * 3)
  }
  return { width, height, data }
}

/** A sharp pipeline over the picture's pixels; the pixels are not copied. */
export function rawImage({ width, height, data }: Picture): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } })
}

function clamp(value: number, max: number): number {
  return Math.min(max, Math.max(0, value))
}
