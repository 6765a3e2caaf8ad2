/** Photographs that no document has: nobody in it, ten people, somebody else on a shirt. */

import { encodeJpeg, rawImage } from '@sallyport/vision/encode'
import type { Picture } from '@sallyport/vision/picture'

import { headPicture } from './faces.ts'

const grey = { r: 128, g: 128, b: 128 }

type Placed = {
  readonly who: number
  /** Side of the head's picture, pixels. */
  readonly side: number
  readonly left: number
  readonly top: number
}

/** Heads on one grey wall. */
async function wallOf(
  heads: readonly Placed[],
  { width, height }: { readonly width: number; readonly height: number },
): Promise<Picture> {
  const wall: Picture = { width, height, data: new Uint8Array(width * height * 3).fill(grey.r) }
  const layers = await Promise.all(
    heads.map(async ({ who, side, left, top }) => {
      const resized = rawImage(await headPicture(who)).resize(side, side)
      return { input: await resized.png().toBuffer(), left, top }
    }),
  )
  const data = await rawImage(wall).composite(layers).removeAlpha().raw().toBuffer()
  return { width, height, data: new Uint8Array(data) }
}

export async function nobody(): Promise<Uint8Array> {
  return encodeJpeg(await wallOf([], { width: 640, height: 640 }), 92)
}

/** Ten people in two rows. */
export async function tenPeople(): Promise<Uint8Array> {
  const heads = Array.from({ length: 10 }, (_, at) => ({
    who: at,
    side: 600,
    left: (at % 5) * 420,
    top: at < 5 ? 0 : 520,
  }))
  return encodeJpeg(await wallOf(heads, { width: 2_300, height: 1_140 }), 92)
}

/** Somebody with another face, a quarter as large, on their chest. */
export async function onShirt(who: number, shirt: number): Promise<Uint8Array> {
  const heads = [
    { who, side: 736, left: 0, top: 0 },
    { who: shirt, side: 200, left: 268, top: 536 },
  ]
  return encodeJpeg(await wallOf(heads, { width: 736, height: 736 }), 92)
}
