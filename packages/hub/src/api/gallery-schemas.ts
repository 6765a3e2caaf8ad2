/** Schemas of galleries. */

import { z } from '@hono/zod-openapi'
import { directions } from '@sallyport/core/crossing'
import { galleryKinds, galleryLimits, madeGalleryKinds } from '@sallyport/core/faces/gallery-terms'

import { faceHubLimits } from '../faces/limits.ts'
import { faceQuality } from './face-schemas.ts'
import { id, name as laneName } from './schemas.ts'

const instant = z.iso.datetime()
const optional = z.string().nullable()
const galleryName = z
  .string()
  .trim()
  .min(1)
  .max(galleryLimits.nameLengthMax)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds characters that cannot be kept')

export const galleryAsk = z
  .object({
    kind: z.enum(madeGalleryKinds),
    list: id.openapi({ description: 'The passenger list whose people it is for' }),
    name: galleryName,
    lanes: z
      .array(laneName)
      .max(galleryLimits.lanesMax)
      .default([])
      .openapi({ description: 'Empty: every lane of the direction. A flight names its gates' }),
    direction: z
      .enum(directions)
      .nullable()
      .default(null)
      .openapi({ description: 'At gates: `out` is boarding, `in` is arrival' }),
    opens_at: z.iso.datetime({ offset: true }),
    expires_at: z.iso.datetime({ offset: true }),
  })
  .openapi('GalleryRequest')

export const gallery = z
  .object({
    id,
    kind: z.enum(galleryKinds),
    name: z.string(),
    list: id.nullable(),
    rule: id
      .nullable()
      .openapi({ description: 'Of those who cross often: the rule it is made by' }),
    lanes: z.array(z.string()),
    direction: z.enum(directions).nullable(),
    opens_at: instant,
    expires_at: instant,
    state: z.enum(['to_come', 'in_force', 'ended']),
    people: z.int().min(0),
    described: z
      .int()
      .min(0)
      .openapi({ description: 'People with a photograph that could be taken' }),
    searchable: z
      .int()
      .min(0)
      .openapi({ description: 'Templates that are searched at this moment' }),
    model: z.string(),
    made: z.object({ at: instant, by: z.object({ id: z.string(), name: z.string() }).nullable() }),
    log_index: z.int().min(0).nullable(),
  })
  .openapi('Gallery')

export const galleryDetail = gallery
  .extend({
    entries: z.array(
      z.object({
        id,
        place: z.int().min(1),
        name: z.string(),
        born: optional,
        nationality: optional,
        document_kind: optional,
        document_number: optional,
        has_photo: z.boolean(),
        described: z.boolean(),
        quality: faceQuality.nullable(),
      }),
    ),
  })
  .openapi('GalleryDetail')

/** What faces are compared with here; null where they are off. */
export const matchingState = z
  .object({
    profile: z.enum(['evaluation', 'production']),
    model: z.object({ identity: z.string(), label: z.string(), evaluation: z.boolean() }),
    calibrations: z.array(
      z.object({
        camera_class: z.string(),
        made_from: z.string(),
        made: z.string(),
        signed: z.boolean(),
        sha256: z.string(),
        false_positive_identification_rate: z.number(),
        people_max: z.int().min(0).openapi({
          description: 'Templates up to which the rate of a search can be promised',
        }),
      }),
    ),
  })
  .openapi('FaceMatching')

export const photosAsk = z
  .object({
    photos: z
      .array(
        z.object({
          name: z.string().min(1).max(120).openapi({
            description: 'The document number with or without `.jpg`, or the id of an entry',
          }),
          picture: z.base64().max(Math.ceil(faceHubLimits.photoBytesMax * 1.4)),
        }),
      )
      .min(1)
      .max(faceHubLimits.photosAtOnce),
  })
  .openapi('GalleryPhotosRequest')

export const photosAnswer = z
  .object({
    described: z.int().min(0),
    photos: z.array(
      z.object({
        name: z.string(),
        entry: id.nullable(),
        result: z.enum([
          'described',
          'nobody_of_that_name',
          'several_of_that_name',
          'given_twice',
          'too_young',
          'not_a_picture',
          'no_face',
          'several_faces',
          'not_good_enough',
        ]),
        detail: z.string(),
      }),
    ),
  })
  .openapi('GalleryPhotos')
