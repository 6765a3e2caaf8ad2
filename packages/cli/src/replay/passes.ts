/** Vehicles drawn at full size by the lanes' own painter: those that are opened, and strangers. */

import type { TrackedLook } from '@sallyport/core/crossing'
import type { Corners, PlateRead } from '@sallyport/core/plate'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass, truthOf } from '@sallyport/lane/synth/pass-plan'
import { boxOf } from '@sallyport/vision/geometry'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

export type DrawnPass = {
  readonly plate: string
  readonly corners: Corners
  readonly picture: Picture
}

/** Pass `number` before the camera of `seed`, where its plate is large. */
export async function drawPass(seed: string, number: number): Promise<DrawnPass> {
  const lane = drawnLane(seed)
  const plan = planPass(lane, number)
  const near = plan.poses.toSorted((a, b) => a.distance - b.distance)
  const pose = near[Math.floor(near.length / 3)]
  if (pose === undefined) throw new Error('a pass has poses')
  const { jpeg, corners } = await new Painter(lane).drawPose(plan, pose)
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused' || corners === null) throw new Error('the pass shows its plate')
  return { plate: truthOf(plan).text, corners, picture: decoded.picture }
}

/** What a reader says of a plate that it read in one look, surely or not. */
export function readOf(
  text: string,
  corners: Corners,
  sure = true,
): { readonly plate: PlateRead; readonly looks: readonly TrackedLook[] } {
  const confidence = sure ? 0.97 : 0.55
  const characters = Array.from(text, (character) => ({ character, confidence, alternatives: [] }))
  const common = { text, confidence, characters, jurisdiction: null }
  const box = boxOf(corners)
  return {
    plate: sure
      ? { kind: 'read', ...common, looks: 1, agreement: 1 }
      : { kind: 'unsure', reason: 'low_confidence', ...common, looks: 1, agreement: 1 },
    looks: [
      {
        ...common,
        corners,
        box,
        alternatives: [],
        detection: 0.95,
        plateWidthPx: box.width,
        frame: 0,
        atMs: 0,
      },
    ],
  }
}
