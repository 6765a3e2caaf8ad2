/** What the routes of the review take and give. */

import { z } from '@hono/zod-openapi'
import { parseJurisdiction } from '@sallyport/core/jurisdiction'
import { parsePlateText } from '@sallyport/core/plate'
import { reasonPattern } from '@sallyport/core/reason'

import { crossing, crossingDetail, id, name } from './schemas.ts'

const instant = z.iso.datetime()
const account = z.object({ id, name: z.string() })

export const reviewClaim = z.object({ by: account, until: instant }).openapi('ReviewClaim')

export const reviewItem = z
  .object({
    crossing,
    reason: z.string(),
    /** Who is looking at it now. */
    claim: reviewClaim.nullable(),
  })
  .openapi('ReviewItem')

export const reviewQueue = z
  .object({
    items: z.array(reviewItem),
    next: z.string().nullable(),
    /** The lanes that this person reviews now; null: all of them. */
    lanes: z.array(name).nullable(),
    counts: z.array(z.object({ lane: name, reason: z.string(), count: z.int().min(1) })),
  })
  .openapi('ReviewQueue')

export const reviewDetail = crossingDetail
  .extend({
    reason: z.string(),
    candidates: z.array(
      z.object({ text: z.string(), share: z.number().min(0).max(1), looks: z.int().min(0) }),
    ),
    /** What a verdict or its withdrawal has to name as the one before; null for the first. */
    head: id.nullable(),
    claim: reviewClaim.nullable(),
    manifest: z.string().openapi({ description: 'The bytes that the lane signed, base64' }),
  })
  .openapi('ReviewDetail')

const plateText = z
  .string()
  .max(40)
  .transform((text, context) => {
    const plate = parsePlateText(text)
    if (plate !== null) return plate
    context.addIssue({ code: 'custom', message: 'a plate has letters and digits, at most 12' })
    return z.NEVER
  })

const jurisdiction = z
  .string()
  .max(20)
  .transform((text, context) => {
    const code = parseJurisdiction(text)
    if (code !== null) return code
    context.addIssue({
      code: 'custom',
      message: 'a jurisdiction is written like us-ca, mx-bcn or gb',
    })
    return z.NEVER
  })

export const verdictAsk = z
  .object({
    /** What the plate bears; null: it cannot be read. */
    text: plateText.nullable(),
    jurisdiction: jurisdiction.nullable().default(null),
    /** One's own opening of the picture; null where the crossing has no picture. */
    opening: id.nullable(),
    supersedes: id.nullable(),
  })
  .openapi('VerdictRequest')

export const givenVerdict = z
  .object({ verdict: id, log_index: z.int().min(0), crossing })
  .openapi('GivenVerdict')

export const reasonLabel = z.string().regex(reasonPattern)

export const evaluationAsk = z
  .object({
    lane: name.optional(),
    /** Of the verdicts. */
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
    /** Only sure reads that were drawn at random: what the confidence of sure reads is worth. */
    sample: z.boolean().default(false),
  })
  .openapi('EvaluationRequest')

const count = z.int().min(0)

export const evaluation = z
  .object({
    id,
    at: instant,
    by: account,
    state: z.enum(['running', 'done', 'failed']),
    labels: count,
    pictures_done: count,
    pictures_failed: count,
    models: z.object({ detector: z.string(), reader: z.string() }).nullable(),
    totals: z
      .object({
        pictures: count,
        labelled: count,
        exact: count,
        wrong: count,
        silent: count,
        unreadable: count,
        read_unreadable: count,
        characters: count,
        character_errors: count,
        kept: z.array(z.object({ cut: z.number(), kept: count, wrong: count })),
        confusions: z.array(z.object({ label: z.string(), read: z.string(), count })),
      })
      .nullable(),
    /** Of the sealed list of labels in the vault. */
    label_set_sha256: z.string(),
    log_index: count.nullable(),
  })
  .openapi('Evaluation')

export const evaluationDetail = evaluation
  .extend({
    /** Of the newest evaluation, for those who may see plates. */
    misread: z
      .array(
        z.object({
          crossing: id,
          label: z.string().nullable(),
          read: z.string(),
          confidence: z.number().min(0).max(1),
        }),
      )
      .nullable(),
  })
  .openapi('EvaluationDetail')
