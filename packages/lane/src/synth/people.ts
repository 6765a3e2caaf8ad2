/** People of the drawn lanes: numbers that stand for heads, and those heads as pictures. */

import { drawLooseHead } from '@sallyport/vision/face/drawn-head'
import sharp from 'sharp'

import type { Light } from './paint.ts'
import { between, pick, type Random } from './random.ts'

/** Everybody who ever passes a drawn lane, numbers from 0. */
export const populationSize = 48

export type DrawnPerson = {
  readonly who: number
  /** Degrees; to the left of the person, and down, are positive. */
  readonly yaw: number
  readonly pitch: number
  readonly clothes: string
}

/** Metres of a person that the picture of a head spans; drawn heads are a little large. */
export const headMetres = 0.41

const headSide = 176
const headsKept = 12
const clothes = ['#34495e', '#7b2d26', '#2f5d45', '#8a8f94', '#c9b79c', '#1f2933', '#5b4b8a']

export function somebody(random: Random): DrawnPerson {
  return {
    who: Math.floor(random() * populationSize),
    yaw: between(random, -14, 14),
    pitch: between(random, -4, 6),
    clothes: pick(random, clothes),
  }
}

/** Pictures of heads by who, turned and lit how; the newest are kept, because every pixel is marched. */
export class HeadPainter {
  readonly #drawn = new Map<string, Promise<string>>()

  /** A `data:` address of a square picture, transparent around the head. `light`: of what falls on it. */
  async draw({ who, yaw, pitch }: DrawnPerson, light: Light): Promise<string> {
    // A lamp in the lane lights faces by night: the camera would see nobody otherwise.
    const strength = 0.42 + 0.36 * Math.min(1, (light[0] + light[1] + light[2]) / 3)
    const key = JSON.stringify([who, yaw, pitch, strength])
    const drawn = this.#drawn.get(key) ?? headAddress(who, { yaw, pitch, light: strength })
    this.#drawn.set(key, drawn)
    for (const old of [...this.#drawn.keys()].slice(0, -headsKept)) this.#drawn.delete(old)
    return drawn
  }
}

async function headAddress(
  who: number,
  pose: Parameters<typeof drawLooseHead>[2],
): Promise<string> {
  const { width, height, data } = drawLooseHead(who, headSide, pose)
  const png = await sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}
