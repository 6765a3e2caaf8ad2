/** Schemas of calibrations from what the hub holds. */

import { z } from '@hono/zod-openapi'
import { laneKinds } from '@sallyport/core/crossing'
import { defaultThresholds } from '@sallyport/core/face-calibration'
import { calibrationPurposes } from '@sallyport/core/faces/vault-calibration'

import { id } from './schemas.ts'

const share = z.number().gt(0).lt(0.5)
const count = z.int().min(0)

export const calibrationAsk = z
  .object({
    purpose: z.enum(calibrationPurposes).openapi({
      description: '`evaluation` makes calibrations; `audit` looks at those in service',
    }),
    camera_class: z
      .enum(laneKinds)
      .nullable()
      .default(null)
      .openapi({ description: 'Null: each class of camera for itself' }),
    false_match_rate: share.default(defaultThresholds.falseMatchRate),
    false_positive_identification_rate: share.default(
      defaultThresholds.falsePositiveIdentificationRate,
    ),
    false_non_match_rate: share.default(defaultThresholds.falseNonMatchRate),
  })
  .openapi('FaceCalibrationRequest')

const counts = z.object({
  people: count,
  genuine: count.openapi({ description: 'Pictures with the photograph they were confirmed by' }),
  impostors: count.openapi({ description: 'Pictures with photographs of others' }),
})

const rate = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('rate'),
    errors: count,
    trials: count,
    value: z.number(),
    low: z.number().openapi({ description: 'Clopper-Pearson, 95 %' }),
    high: z.number(),
  }),
  z.object({
    kind: z.literal('too_few'),
    trials: count,
    needed: count.openapi({ description: 'Comparisons below which nothing is said' }),
  }),
])
const rates = { false_match: rate, false_non_match: rate }

const classReport = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('too_few'),
    camera_class: z.enum(laneKinds),
    counts,
    needed: counts,
  }),
  z.object({ kind: z.literal('no_calibration'), camera_class: z.enum(laneKinds) }),
  z.object({
    kind: z.literal('measured'),
    camera_class: z.enum(laneKinds),
    counts,
    not_opened: count,
    promised: z.number().openapi({ description: 'The false match rate that the line promises' }),
    ...rates,
    groups: z.array(z.object({ group: z.string(), ...rates })),
    calibration: z.string().nullable().openapi({
      description: 'A signed note, as `face_calibrations` takes it; null for an audit',
    }),
  }),
])

export const faceCalibration = z
  .object({
    id,
    at: z.iso.datetime(),
    by: z.object({ id: z.string(), name: z.string() }),
    purpose: z.enum(calibrationPurposes),
    model: z.string(),
    captures: count,
    people: count,
    classes: z
      .array(classReport)
      .nullable()
      .openapi({ description: 'Null: it was begun and did not end' }),
    vkey: z
      .string()
      .nullable()
      .openapi({ description: 'For `face_calibration_keys`: whose signature the notes bear' }),
    log_index: z.int().min(0).nullable(),
    report_log_index: z.int().min(0).nullable(),
  })
  .openapi('FaceCalibration')
