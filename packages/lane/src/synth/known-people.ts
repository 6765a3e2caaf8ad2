/** Pictures of drawn people who are known: their document's, and as the cameras of drawn lanes see them. */

import { encodeJpeg } from '@sallyport/vision/encode'
import { drawLooseHead } from '@sallyport/vision/face/drawn-head'
import sharp from 'sharp'

import { Painter } from './painter.ts'
import { drawnLane, type Pose } from './pass-plan.ts'
import { somebody } from './people.ts'
import { between, pick, type Random, randomFrom } from './random.ts'
import { planNext } from './traffic.ts'

/** Side of the drawn head and of its picture in the photograph, and of the wall around it, pixels. */
const document = { headSide: 160, shownSide: 400, wall: 140, quality: 92 } as const

/** JPEG of the photograph in a drawn person's document; another `variant` is another photograph. */
export async function documentPhotograph(who: number, variant = 0): Promise<Uint8Array> {
  const random = randomFrom(`document ${who} ${variant}`)
  const { headSide, shownSide, wall, quality } = document
  const pose = { yaw: between(random, -4, 4), pitch: between(random, -3, 3), light: 0.75 }
  const { data, width, height } = drawLooseHead(who, headSide, pose)
  const level = Math.round(between(random, 150, 190))
  const grey = { r: level, g: level, b: level }
  // Laid on the wall first: `extend` comes after `flatten`, and would bring the transparency back.
  const onWall = await sharp(data, { raw: { width, height, channels: 4 } })
    .flatten({ background: grey })
    .raw()
    .toBuffer()
  const photograph = await sharp(onWall, { raw: { width, height, channels: 3 } })
    .resize(shownSide, shownSide)
    .extend({ top: wall, bottom: wall, left: wall, right: wall, background: grey })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { info } = photograph
  return encodeJpeg({ width: info.width, height: info.height, data: photograph.data }, quality)
}

export type KnownPicture = { readonly name: string; readonly jpeg: Uint8Array }

/** The lanes that known people pass; few, because an empty lane is drawn once. */
const lanesOfKind = 3

/** Draws everybody's pictures; the lanes that it draws stay in memory. */
export class KnownPeople {
  readonly #painters = new Map<string, Painter>()

  /** Two photographs of documents, and two looks each of a vehicle lane and of a walking lane. */
  async *pictures(who: number): AsyncGenerator<KnownPicture, void> {
    for (const variant of [0, 1])
      yield { name: `document-${variant}.jpg`, jpeg: await documentPhotograph(who, variant) }
    for (const kind of ['people', 'walk'] as const) {
      for (const look of [0, 1]) {
        const random = randomFrom(`known ${kind} ${who} ${look}`)
        yield { name: `${kind}-${look}.jpg`, jpeg: await this.#passBy(who, kind, random) }
      }
    }
  }

  async #passBy(who: number, kind: 'people' | 'walk', random: Random): Promise<Uint8Array> {
    const lane = drawnLane(`known ${Math.floor(random() * lanesOfKind)}:${kind}`)
    const plan = planNext(lane, Math.floor(random() * 1_000), 1)
    const person = { ...somebody(random), who }
    const alone =
      plan.kind === 'walk'
        ? { ...plan, walkers: [{ ...person, aside: 0, behind: 0 }] }
        : { ...plan, vehicle: { ...plan.vehicle, people: [person] } }
    const painter = this.#painters.get(lane.seed) ?? new Painter(lane)
    this.#painters.set(lane.seed, painter)
    const { jpeg } = await painter.drawPose(alone, pick(random, near(plan.poses)))
    return jpeg
  }
}

/** From just before the stop to the stop: where lanes keep the look that says most. */
function near(poses: readonly Pose[]): readonly Pose[] {
  const stop = poses.findIndex(({ speed }) => speed === 0)
  return poses.slice(Math.max(0, stop - 2), stop + 1)
}
