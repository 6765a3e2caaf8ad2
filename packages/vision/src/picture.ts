/** Picture bytes in, RGB pixels out; the one place where untrusted picture bytes are parsed. */

import sharp from 'sharp'

import { limits } from './limits.ts'

/** Packed RGB, 8 bits a channel, row by row from the top: `data.length === width * height * 3`. */
export type Picture = {
  readonly width: number
  readonly height: number
  readonly data: Uint8Array
}

export type PictureRefusal =
  | 'not_a_picture'
  | 'truncated_picture'
  | 'too_many_bytes'
  | 'too_many_pixels'
  | 'animated_picture'
  | 'unsupported_picture'

export type DecodedPicture =
  | { readonly kind: 'picture'; readonly picture: Picture; readonly format: string }
  | PictureRefused

type PictureRefused = {
  readonly kind: 'refused'
  readonly code: PictureRefusal
  readonly detail: string
}

const accepted: ReadonlySet<string> = new Set([
  'jpeg',
  'png',
  'webp',
  'tiff',
  'heif',
  'avif',
  'gif',
])

// libvips keeps decoded pictures in a cache of its own: nothing may outlive its use in memory.
sharp.cache(false)
sharp.concurrency(1)

/**
 * Decodes one still picture (JPEG, PNG, WebP, TIFF, AVIF; any colour space, CMYK included) to
 * upright sRGB. The header is judged before a pixel is decoded; refusals are values.
 */
export async function decodePicture(bytes: Uint8Array): Promise<DecodedPicture> {
  if (bytes.length > limits.pictureBytesMax) {
    return refuse(
      'too_many_bytes',
      `The picture has ${bytes.length} bytes; at most ${limits.pictureBytesMax} are taken.`,
    )
  }
  // Cameras send JPEG, whose header the decoder itself judges against the same limits; what it refuses
  // is looked at again below for the reason.
  if (isJpeg(bytes)) {
    const decoded = await decodePixels(bytes, 'jpeg').catch(() => null)
    if (decoded !== null && isWithin(decoded.picture)) return decoded
  }
  const header = await judgeHeader(bytes)
  if (header.kind === 'refused') return header
  try {
    return await decodePixels(bytes, header.format)
  } catch (error) {
    return refuse('truncated_picture', `The picture is damaged or cut off (${reason(error)}).`)
  }
}

const decoding = { failOn: 'error', limitInputPixels: limits.picturePixelsMax } as const

async function decodePixels(bytes: Uint8Array, format: string) {
  const { data, info } = await sharp(bytes, decoding)
    .autoOrient()
    .toColourspace('srgb')
    .flatten({ background: '#000' })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const rgb = channels === 1 ? grayToRgb(data) : data
  return { kind: 'picture', picture: { width, height, data: rgb }, format } as const
}

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

function isWithin({ width, height }: { readonly width: number; readonly height: number }): boolean {
  const sides = [width, height]
  return sides.every((side) => side >= limits.pictureSideMin && side <= limits.pictureSideMax)
}

async function judgeHeader(
  bytes: Uint8Array,
): Promise<{ readonly kind: 'header'; readonly format: string } | PictureRefused> {
  let header
  try {
    // The pixel limit is applied below, so that "too large" can be told from "not a picture".
    header = await sharp(bytes, { ...decoding, limitInputPixels: false }).metadata()
  } catch (error) {
    return refuse(
      'not_a_picture',
      `The bytes are not a picture that can be read (${reason(error)}).`,
    )
  }
  const { width, height, format, pages = 1 } = header
  if (!accepted.has(format)) {
    return refuse(
      'unsupported_picture',
      `Pictures of format ${format} are not taken; use JPEG or PNG.`,
    )
  }
  if (pages > 1) {
    return refuse(
      'animated_picture',
      `The picture has ${pages} frames; one still picture is expected.`,
    )
  }
  if (
    width * height > limits.picturePixelsMax ||
    width > limits.pictureSideMax ||
    height > limits.pictureSideMax
  ) {
    return refuse(
      'too_many_pixels',
      `The picture is ${width} × ${height}; at most ${limits.picturePixelsMax} pixels and ${limits.pictureSideMax} a side are taken.`,
    )
  }
  if (width < limits.pictureSideMin || height < limits.pictureSideMin) {
    return refuse('unsupported_picture', `The picture is only ${width} × ${height} pixels.`)
  }
  return { kind: 'header', format }
}

function grayToRgb(gray: Uint8Array): Uint8Array {
  const rgb = new Uint8Array(gray.length * 3)
  for (let at = 0; at < gray.length; at++) rgb.fill(gray[at] ?? 0, at * 3, at * 3 + 3)
  return rgb
}

function refuse(code: PictureRefusal, detail: string): PictureRefused {
  return { kind: 'refused', code, detail }
}

function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return (text.split('\n')[0] ?? '').slice(0, 160)
}
