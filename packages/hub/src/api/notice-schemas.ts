/** Schemas of notices, public sentences and subject requests. */

import { z } from '@hono/zod-openapi'
import { noticeLanguages } from '@sallyport/core/notices/rules'

import { incidentLimits } from '../incidents/limits.ts'
import { id } from './schemas.ts'
import { why } from './scope-schemas.ts'

const instant = z.iso.datetime()
const count = z.int().min(0)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
export const language = z.enum(noticeLanguages)
export const rule = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/)

export const noticeBoard = z
  .object({
    scope: z.object({ id, version: z.int().min(1) }).nullable(),
    unreachable: z.object({ low: count, high: count }).nullable(),
    notices: z.array(
      z.object({
        rule,
        to: z.string(),
        law: z.string(),
        languages: z.array(language),
        due_at: instant,
        owed: z.enum(['yes', 'perhaps', 'no']),
        reason: z.string(),
        late: z.boolean(),
        sent: z.array(
          z.object({
            version: z.int().min(1),
            language: z.string(),
            sent_at: instant,
            sent_to: z.string(),
            proof_sha256: sha256,
            pdf_sha256: sha256.nullable(),
            scope: id.nullable(),
            log_index: count,
          }),
        ),
      }),
    ),
  })
  .openapi('NoticeBoard')

export const sendingAsk = z
  .object({
    language,
    sent_to: why,
    proof: z
      .base64()
      .max(incidentLimits.proofLengthMax)
      .openapi({ description: 'What shows that it was sent, as base64; only its hash is kept' }),
  })
  .openapi('NoticeSending')

export const recordedSending = z
  .object({
    version: z.int().min(1),
    log_index: count,
    pdf_sha256: sha256.nullable().openapi({
      description: 'Of the PDF of this version; null where its letters cannot be set here',
    }),
  })
  .openapi('RecordedSending')

export const fileQuery = z.object({
  language: language.default('en'),
  version: z.coerce.number().int().min(1).max(1_000_000).optional(),
})

export const sentences = z.object({
  sentences: z.array(
    z.object({
      text: z.string(),
      from: z.object({ scope: id, version: z.int().min(1), figures: z.array(z.string()) }),
    }),
  ),
})

export const subjectAsk = z
  .object({ plate: z.string().trim().min(1).max(20), reference: why })
  .openapi('SubjectRequest')

export const subjectAnswer = z
  .object({
    request: id,
    at: instant,
    reference: z.string(),
    more: z.boolean().openapi({ description: 'There are more crossings than were told' }),
    crossings: z.array(
      z.object({
        id,
        captured_at: instant,
        port: z.string(),
        lane: z.string(),
        direction: z.string(),
        plate_by: z.enum(['machine', 'person']),
        held: z.array(z.object({ class: z.string(), shredded_at: instant.nullable() })),
        seen: z.array(
          z.object({ at: instant, class: z.string(), purpose: z.string(), party: z.string() }),
        ),
      }),
    ),
    log_index: count,
  })
  .openapi('SubjectAnswer')
