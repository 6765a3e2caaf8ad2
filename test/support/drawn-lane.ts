/** Crossings at a drawn lane, sealed by the lane's own code: real pictures, plates and traits of copies. */

import { createHash, randomBytes } from 'node:crypto'

import type { TrackedLook } from '@sallyport/core/crossing'
import type { Corners } from '@sallyport/core/plate'
import { agreeOnPlate } from '@sallyport/core/plate-pair'
import { systemClock } from '@sallyport/lane/clock'
import { limits } from '@sallyport/lane/limits'
import { composeCrossing, sealSighting } from '@sallyport/lane/sealing'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass, truthOf } from '@sallyport/lane/synth/pass-plan'
import { encodeBundle } from '@sallyport/proof/bundle'
import { noPrevious } from '@sallyport/proof/manifest'
import { cropPlate } from '@sallyport/vision/encode'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

import { readsOf, type TestDevice } from './device.ts'

export type DrawnPass = {
  readonly plate: string
  readonly corners: Corners
  readonly picture: Picture
}

/** Pass `number` at the lane of `seed`, at the moment in which its plate is largest. */
export async function drawnPass(seed: string, number: number): Promise<DrawnPass> {
  const lane = drawnLane(seed)
  const plan = planPass(lane, number)
  const nearest = plan.poses.toSorted((a, b) => a.distance - b.distance)[
    Math.floor(plan.poses.length / 3)
  ]
  if (nearest === undefined) throw new Error('a pass has poses')
  const { jpeg, corners } = await new Painter(lane).drawPose(plan, nearest)
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused' || corners === null) throw new Error('the pass shows a plate')
  return { plate: truthOf(plan).text, corners, picture: decoded.picture }
}

export type SealedPass = {
  readonly bytes: Uint8Array
  readonly crossing: string
  readonly scene: string
}

/** Seals passes of one device one after another. */
export function passSealer(device: TestDevice) {
  let sequence = 0
  let previous = noPrevious
  const boot = randomBytes(16).toString('hex')
  const signer = {
    device: device.id,
    lane: device.lane,
    port: device.port,
    boot,
    bootMonotonicMs: 0,
    signingSeed: device.seed,
  }
  return async (front: DrawnPass, rear: DrawnPass | null = null): Promise<SealedPass> => {
    const own = viewOf(front)
    const other = rear === null ? null : viewOf(rear)
    const both = other === null ? null : agreeOnPlate(own.plate, other.plate)
    const sealed = await sealSighting(
      {
        ...own,
        source: 'synthetic',
        plate: both?.plate ?? own.plate,
        faces: null,
        rear:
          other === null || both === null ? null : { ...other, pair: both.pair, front: own.plate },
        takenAt: new Date(),
        monotonicMs: 1_000 * (sequence + 1),
        triggeredMs: 1_000 * (sequence + 1),
        models: { detector: 'drawn', reader: 'drawn' },
      },
      { day: device.day, recipient: device.recipient, hybrid: null },
      { clock: systemClock, random: randomBytes },
    )
    sequence += 1
    const composed = composeCrossing(sealed, { sequence, previous }, signer)
    previous = createHash('sha256').update(composed.manifest).digest('hex')
    const { crossing, bodies } = sealed
    return { bytes: encodeBundle(composed), crossing, scene: bodies[0]?.id ?? '' }
  }
}

function viewOf({ plate, corners, picture }: DrawnPass) {
  const { plate: read, looks } = readsOf(plate)
  return {
    plate: read,
    looks: looks.map((look): TrackedLook => ({ ...look, corners })),
    scene: picture,
    platePicture: cropPlate(picture, corners, limits.plateMargin),
    plateCorners: corners,
  }
}
