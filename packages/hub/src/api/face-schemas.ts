/** Schemas of faces of crossings. No distance, score or probability is ever among them. */

import { z } from '@hono/zod-openapi'
import { acquisitionFaults } from '@sallyport/core/faces/acquisition'
import { galleryKinds } from '@sallyport/core/faces/gallery-terms'
import { offReasons } from '@sallyport/core/faces/outcome'

import { id } from './schemas.ts'

/** Names of ISO/IEC 29794-5; the computation is ours (docs/faces.md). */
export const faceQuality = z
  .object({
    algorithm: z.string(),
    inter_eye_distance: z.number(),
    sharpness: z.number(),
    head_pose_yaw: z.number(),
    head_pose_pitch: z.number(),
    head_pose_roll: z.number(),
    luminance_mean: z.number(),
    under_exposure_prevention: z.number(),
    over_exposure_prevention: z.number(),
    dynamic_range: z.number(),
  })
  .openapi('FaceQuality')

export const faceCandidate = z
  .object({
    entry_id: id,
    gallery_id: id.nullable().openapi({ description: 'Null: it is a watch entry' }),
    gallery: z
      .object({ kind: z.enum(galleryKinds), name: z.string() })
      .nullable()
      .openapi({ description: 'Which gallery answers; null once it has ended' }),
    name: z.string().nullable().openapi({ description: 'Null once its gallery has ended' }),
    document_kind: z.string().nullable(),
    document_number_tail: z
      .string()
      .nullable()
      .openapi({ description: 'The last four characters of the number' }),
    has_photo: z.boolean(),
    mark_of_watch: z.boolean(),
    looked_for: z
      .object({ issuer: z.string(), reason: z.string() })
      .nullable()
      .openapi({ description: 'Of a watch entry: by whom, and why' }),
  })
  .openapi('FaceCandidate')

const candidates = z.array(faceCandidate)

export const faceOutcome = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('off'), reason: z.enum(offReasons) }),
    z.object({ kind: z.literal('opted_out') }),
    z.object({ kind: z.literal('not_acquired'), why: z.enum(acquisitionFaults) }),
    z.object({ kind: z.literal('no_gallery') }),
    z.object({ kind: z.literal('no_match') }),
    z.object({ kind: z.literal('too_close'), candidates }),
    z.object({ kind: z.literal('match'), candidates: candidates.length(1) }),
    z.object({ kind: z.literal('withheld') }),
  ])
  .openapi('FaceOutcome')

export const crossingFace = z
  .object({
    id,
    capture_id: id,
    quality: faceQuality.nullable().openapi({ description: 'Null once the face was forgotten' }),
    outcome: faceOutcome,
    model: z.string(),
    evaluation: z
      .boolean()
      .openapi({ description: 'Described by an evaluation model: for trying out, not to act on' }),
    log_index: z.int().min(0).nullable(),
  })
  .openapi('CrossingFace')

export const crossingFaces = z
  .object({
    crossing_id: id,
    faces: z.array(crossingFace),
    /** Whether a living person stands there is another question, which nothing here answers. */
    presentation_attack: z.literal('not_checked'),
  })
  .openapi('CrossingFaces')
