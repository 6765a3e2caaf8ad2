/** Faces of a crossing, parsed at the edge: what a lane says is not believed unseen. */

import type { CrossingFaces } from '@sallyport/core/faces/crossing-faces'
import { z } from 'zod'

import { faceHubLimits } from './limits.ts'

const measure = z.number().min(-1_000_000).max(1_000_000)
const quality = z.object({
  algorithm: z.string().regex(/^[\x20-\x7e]{1,100}$/),
  inter_eye_distance: measure,
  sharpness: measure,
  head_pose_yaw: measure,
  head_pose_pitch: measure,
  head_pose_roll: measure,
  luminance_mean: measure,
  under_exposure_prevention: measure,
  over_exposure_prevention: measure,
  dynamic_range: measure,
})

const faces = z.object({
  version: z.literal(1),
  model: z.string().regex(/^[\x20-\x7e]{1,200}$/),
  evaluation: z.boolean(),
  looks: z.int().min(0).max(100_000),
  found: z
    .array(
      z.object({
        capture: z.string().regex(/^[0-9a-f]{32}$/),
        box: z.object({ x: measure, y: measure, width: measure, height: measure }),
        confidence: z.number().min(0).max(1),
        looks: z.int().min(0).max(100_000),
        quality,
        template: z.base64().max(faceHubLimits.templateTextMax),
      }),
    )
    .max(faceHubLimits.facesPerCrossingMax),
  more: z.int().min(0).max(100_000),
})

export type ParsedFaces =
  | { readonly kind: 'faces'; readonly faces: CrossingFaces }
  | { readonly kind: 'refused'; readonly detail: string }

/** Parses the part `faces` of the sealed reads. */
export function parseFaces(value: unknown): ParsedFaces {
  const parsed = faces.safeParse(value)
  if (parsed.success) return { kind: 'faces', faces: parsed.data }
  const [issue] = parsed.error.issues
  return {
    kind: 'refused',
    detail: `The faces are not understood at ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? ''}`,
  }
}
