/** What happens to copies: the rows of the table of marks. Places of cuts are drawn by chance with a seed. */

import { chanceOf } from '@sallyport/marks/chance'
import type { Pixels } from '@sallyport/marks/pixels'
import { rawImage } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

type Image = ReturnType<typeof rawImage>
type Attack = (
  copy: Image,
  size: { readonly width: number; readonly height: number },
  chance: () => number,
) => Image

/** Keeps this share of the area, anywhere. */
function crop(
  copy: Image,
  { width, height }: { width: number; height: number },
  area: number,
  chance: () => number,
) {
  const [wide, tall] = [Math.round(width * Math.sqrt(area)), Math.round(height * Math.sqrt(area))]
  const left = Math.floor(chance() * (width - wide + 1))
  const top = Math.floor(chance() * (height - tall + 1))
  return copy.extract({ left, top, width: wide, height: tall })
}

export const attacks: Readonly<Record<string, Attack>> = {
  none: (copy) => copy.png(),
  'JPEG 50': (copy) => copy.jpeg({ quality: 50 }),
  'resize 50 %': (copy, { width }) => copy.resize({ width: Math.round(width / 2) }).png(),
  'crop 50 %': (copy, size, chance) => crop(copy, size, 0.5, chance).png(),
  'crop 80 % + JPEG 70': (copy, size, chance) =>
    crop(copy, size, 0.8, chance).jpeg({ quality: 70 }),
  screenshot: (copy, { width, height }, chance) => {
    const side = (share: number) => Math.round(width * share * (0.5 + chance()))
    const border = { top: side(0.06), bottom: side(0.04), left: side(0.05), right: side(0.08) }
    return copy
      .resize({ width: Math.round(width * 0.72), height: Math.round(height * 0.72), fit: 'fill' })
      .extend({ ...border, background: '#e8e8ec' })
      .jpeg({ quality: 80 })
  },
  'resize 50 % + JPEG 70': (copy, { width }) =>
    copy.resize({ width: Math.round(width / 2) }).jpeg({ quality: 70 }),
  'rotate 2° + JPEG 70': (copy) => copy.rotate(2, { background: '#000' }).jpeg({ quality: 70 }),
  'JPEG 30': (copy) => copy.jpeg({ quality: 30 }),
  'text overlay + JPEG 70': (copy, { width, height }) =>
    copy.composite([{ input: overlay(width, height) }]).jpeg({ quality: 70 }),
}

/** The rows that are asked of readers without the original; of those with it, all. */
export const blindRows = Object.keys(attacks).slice(0, 8)

function overlay(width: number, height: number): Buffer {
  const size = Math.round(height / 12)
  return Buffer.from(
    `<svg width="${width}" height="${height}"><rect x="0" y="${height - 2 * size}" width="${width}" height="${2 * size}" fill="black" opacity="0.8"/><text x="${size}" y="${height - size * 0.6}" font-size="${size}" fill="white">LEAKED 2026 camera 4</text><rect x="${width * 0.7}" y="${size}" width="${width * 0.25}" height="${height * 0.18}" fill="#c22"/></svg>`,
  )
}

/** The copy after an attack, decoded. */
export async function attacked(copy: Pixels, name: string, seed: number): Promise<Pixels> {
  const attack = attacks[name]
  if (attack === undefined) throw new Error(`there is no attack ${name}`)
  const bytes = await attack(rawImage(copy), copy, chanceOf(seed)).toBuffer()
  return decoded(bytes)
}

/** Pixels of a picture's bytes. Throws when they are none. */
export async function decoded(bytes: Uint8Array): Promise<Pixels> {
  const picture = await decodePicture(bytes)
  if (picture.kind === 'refused') throw new Error(picture.detail)
  return { ...picture.picture, channels: 3 }
}
