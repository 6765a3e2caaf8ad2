/** Pictures that tests deliver: drawn, each with bytes of its own, so that marked copies can be made of them. */

import { randomBytes } from 'node:crypto'

import { drawnPicture } from '@sallyport/marks/drawn'
import { encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

const drawing = Buffer.from(await encodeJpeg(drawnPicture(128, 96, 1), 85))

/** A JPEG of `bytes` bytes or a little more; random ones follow its end, where no decoder looks. */
export function drawnJpeg(bytes: number): Buffer {
  return Buffer.concat([drawing, randomBytes(Math.max(32, bytes - drawing.length))])
}

/** Decibels of a copy against its original; what is not of the same size is no copy at all. */
export async function likeness(copy: Uint8Array, original: Uint8Array): Promise<number> {
  const [a, b] = [await decodePicture(copy), await decodePicture(original)]
  if (a.kind === 'refused' || b.kind === 'refused') return 0
  if (a.picture.width !== b.picture.width || a.picture.height !== b.picture.height) return 0
  let squares = 0
  for (let at = 0; at < a.picture.data.length; at++) {
    squares += ((a.picture.data[at] ?? 0) - (b.picture.data[at] ?? 0)) ** 2
  }
  return 10 * Math.log10((255 * 255 * a.picture.data.length) / Math.max(1, squares))
}
