/**
 * Small pictures in great number. A few hundred are drawn and encoded; each stored one is one of them
 * with its own number in a comment of the JPEG, so that all are different files of which each decodes.
 */

import { between, randomFrom, type Random } from '@sallyport/lane/synth/random'
import { encodeJpeg } from '@sallyport/vision/encode'
import type { Picture } from '@sallyport/vision/picture'

import { limits } from './limits.ts'

export type Stub = { readonly picture: Picture; readonly jpeg: Uint8Array }

const size = { scene: { width: 96, height: 54 }, face: { width: 40, height: 48 } } as const
const commentBytes = 8

/** Draws them; the same at every run. */
export async function drawStubs(kind: keyof typeof size): Promise<readonly Stub[]> {
  const random = randomFrom(`replay 2019 ${kind}`)
  return Promise.all(
    Array.from({ length: limits.stubsDrawn }, async () => {
      const picture = kind === 'scene' ? scene(random) : face(random)
      return { picture, jpeg: await encodeJpeg(picture, 50) }
    }),
  )
}

/** A JPEG with a comment segment after its first marker: four bytes of head, eight of number. */
export function numbered(jpeg: Uint8Array, number: number): Uint8Array {
  const comment = Buffer.alloc(4 + commentBytes)
  comment.writeUInt16BE(0xfffe, 0)
  comment.writeUInt16BE(2 + commentBytes, 2)
  comment.writeBigUInt64BE(BigInt(number), 4)
  return Buffer.concat([jpeg.subarray(0, 2), comment, jpeg.subarray(2)])
}

/** What a numbered JPEG was made of; the same bytes when it carries no number. */
export function withoutNumber(jpeg: Uint8Array): Uint8Array {
  if (jpeg[2] !== 0xff || jpeg[3] !== 0xfe || jpeg[5] !== 2 + commentBytes) return jpeg
  return Buffer.concat([jpeg.subarray(0, 2), jpeg.subarray(6 + commentBytes)])
}

/** A road, a sky, and a vehicle in one colour. */
function scene(random: Random): Picture {
  const [sky, road, car] = [colour(random, 150), colour(random, 60), colour(random, 20)]
  const [left, top] = [between(random, 10, 40), between(random, 14, 24)]
  const [right, bottom] = [left + between(random, 30, 46), top + between(random, 18, 26)]
  return drawn(size.scene, (x, y) =>
    x > left && x < right && y > top && y < bottom ? car : y < 20 ? sky : road,
  )
}

/** A head before a wall. */
function face(random: Random): Picture {
  const [wall, skin, hair] = [colour(random, 120), colour(random, 90), colour(random, 10)]
  const [middle, wide] = [between(random, 17, 23), between(random, 9, 13)]
  return drawn(size.face, (x, y) => {
    const away = ((x - middle) / wide) ** 2 + ((y - 25) / (wide * 1.4)) ** 2
    return away > 1 ? wall : y < 16 ? hair : skin
  })
}

type Colour = readonly [number, number, number]

function colour(random: Random, least: number): Colour {
  return [between(random, least, 255), between(random, least, 255), between(random, least, 255)]
}

function drawn(
  { width, height }: { readonly width: number; readonly height: number },
  at: (x: number, y: number) => Colour,
): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.set(at(x, y), (y * width + x) * 3)
  return { width, height, data }
}
