/** One drawn picture of a vehicle that nobody has: for records that are planted among real ones. */

import { cropPlate, encodeJpeg } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import { limits } from '../limits.ts'
import { Painter } from './painter.ts'
import { drawnLane, planPass, truthOf } from './pass-plan.ts'
import { between, pick, randomFrom } from './random.ts'

export type Stranger = { readonly picture: Uint8Array; readonly plate: string }

/** Where a plate is large enough to be read: metres from the camera. */
const [near, far] = [4, 7]
/** The vehicle and light that `seed` stands for; of `plate` only its surroundings are kept. */
export async function drawStranger(seed: string, kind: 'scene' | 'plate'): Promise<Stranger> {
  const random = randomFrom(`stranger ${seed}`)
  const lane = drawnLane(seed)
  const plan = planPass(lane, Math.floor(between(random, 0, 1_000)))
  const poses = plan.poses.filter(({ distance }) => distance >= near && distance <= far)
  const { jpeg, corners } = await new Painter(lane).drawPose(plan, pick(random, poses))
  const plate = truthOf(plan).text
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  // Encoded as a lane encodes: what its camera gave is decoded once in between.
  if (kind === 'scene')
    return { picture: await encodeJpeg(decoded.picture, limits.sceneQuality), plate }
  if (corners === null) throw new Error('a vehicle so near shows its plate')
  const cut = cropPlate(decoded.picture, corners, limits.plateMargin)
  return { picture: await encodeJpeg(cut, limits.plateQuality), plate }
}
