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
    sha256: z
      .string()
      .nullable()
      .openapi({ description: 'Of its text without signatures: in service it is named by it' }),
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

const curveShare = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('share'),
    value: z.number(),
    low: z.number().openapi({ description: 'Clopper-Pearson, 95 %, of so many comparisons' }),
    high: z.number(),
  }),
  z
    .object({ kind: z.enum(['at_most', 'at_least']), value: z.number() })
    .openapi({ description: 'What was compared reaches no further' }),
])
const tradeOff = z.object({ false_match: curveShare, false_non_match: curveShare })
const measured = z
  .object({
    errors: count,
    trials: count,
    value: z.number(),
    low: z.number(),
    high: z.number(),
  })
  .nullable()
  .openapi({ description: 'Null: nothing of the kind was compared' })

const calibrationInService = z.object({
  camera_class: z
    .string()
    .openapi({ description: '`any`: of every kind that has none of its own' }),
  sha256: z.string(),
  made: z.string(),
  made_from: z.object({
    name: z.string(),
    people: count,
    pictures: count,
    pictures_without_face: count,
    impostors: count,
    genuine: count,
  }),
  signers: z
    .array(z.string())
    .openapi({ description: 'Trusted keys whose signature held when the hub started' }),
  production: z
    .object({ code: z.string(), detail: z.string() })
    .nullable()
    .openapi({ description: 'Why `faces = "production"` would not start with it; null: it would' }),
  false_match_rate: z.number(),
  false_positive_identification_rate: z.number(),
  false_non_match_rate: z.number(),
  trade_off: z.array(tradeOff),
  at_line: tradeOff.nullable(),
  on_others: z.object({ false_match: measured, false_non_match: measured }).nullable().openapi({
    description: 'On people whom the fit had not seen; null where nobody was kept apart',
  }),
  failure_to_acquire: measured,
  searches: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('promised'), people: count, false_non_match: curveShare }),
      z.object({ kind: z.literal('too_few'), people: count }),
    ]),
  ),
  people_max: count.openapi({ description: 'Up to which the rate of a search can be promised' }),
})

export const calibrationsInService = z
  .object({
    profile: z.enum(['evaluation', 'production']),
    model: z.object({ identity: z.string(), label: z.string(), evaluation: z.boolean() }),
    lanes: z.array(z.object({ kind: z.enum(laneKinds), sha256: z.string().nullable() })),
    calibrations: z.array(calibrationInService),
  })
  .openapi('FaceCalibrationsInService')
