/** What the routes of contractors' models take and give of face models. */

import { z } from '@hono/zod-openapi'
import { faceReportLimits } from '@sallyport/core/evaluation-faces'
import { faceCardFormat, parseFaceCard } from '@sallyport/vision/face/face-card'

const count = z.int().min(0)

/** The card of docs/faces.md; what is wrong with it is told with the field's name. */
export const faceModelCard = z
  .looseObject({ format: z.literal(faceCardFormat) })
  .superRefine((card, context) => {
    const parsed = parseFaceCard(JSON.stringify(card))
    if (parsed.kind === 'refused') context.addIssue({ code: 'custom', message: parsed.detail })
  })
  .openapi('FaceModelCard')

const rising = (list: readonly number[]): boolean =>
  list.every((one, at) => at === 0 || one > (list[at - 1] ?? 0))

export const faceQuestions = {
  rates: z
    .array(z.number().min(0.000_01).max(0.5))
    .min(1)
    .max(faceReportLimits.ratesMax)
    .optional()
    .openapi({ description: 'False match rates at which is asked how many are missed' }),
  cuts: z
    .array(z.number().gt(0).lt(2))
    .min(1)
    .max(faceReportLimits.cutsMax)
    .refine(rising, 'the cuts do not rise')
    .optional()
    .openapi({ description: 'Distances between which pairs are counted, as the model has them' }),
}

const share = z.object({ share: z.number(), within: z.number() })
const point = z.object({ distance: z.number(), false_match: share, false_non_match: share })

const figures = z.object({
  cells: z.array(
    z.object({
      from: z.number(),
      to: z.number().nullable(),
      genuine: z.int(),
      strangers: z.int(),
    }),
  ),
  curve: z.array(point),
  rates: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('stated'), rate: z.number(), point }),
      z.object({ kind: z.literal('too_few_people'), rate: z.number() }),
    ]),
  ),
  not_acquired: count,
})

const people = z.array(z.object({ cohort: z.string(), matched: count, not_matched: count }))

export const faceReport = z
  .object({
    pictures: count,
    candidate: figures,
    service: figures,
    /** The smallest of the rates that can be stated of both; the tables below are counted there. */
    at_rate: z.number().nullable(),
    against: z
      .object({ both: count, only_candidate: count, only_service: count, neither: count })
      .nullable(),
    by_light: people,
    by_camera: people,
    by_issuer: people,
    plus_minus: z.object({
      strangers: count,
      genuine: count,
      strangers_service: count,
      genuine_service: count,
      against: count,
      acquisition: count,
      light: count,
      camera: count,
      issuer: count,
    }),
  })
  .openapi('FaceCandidateReport')
