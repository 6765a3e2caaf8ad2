/** Searches for leaked copies, as the API tells them. */

import { z } from '@hono/zod-openapi'
import { findingLevels, findingVerdicts } from '@sallyport/core/leaks/finding'

import { limits } from '../limits.ts'
import * as schemas from './schemas.ts'

const said = z.string().trim().min(1).max(200)

export const leakSearchAsk = z
  .object({
    reference: said.openapi({ description: 'The case that it is for' }),
    sources: z.array(said).min(1).max(50).openapi({ description: 'Where the files are from' }),
  })
  .openapi('LeakSearchAsk')

const planted = z.object({ kind: z.string(), planted: z.int(), found: z.int() })

export const leakSearch = z
  .object({
    id: schemas.id,
    at: z.iso.datetime(),
    by: z.object({ id: schemas.id, name: z.string() }),
    reference: z.string(),
    sources: z.array(z.string()),
    state: z.enum(['running', 'ended']),
    ended_at: z.iso.datetime().nullable(),
    captures: z.int(),
    captures_hashed: z.int(),
    index_root: z.string(),
    files: z.int(),
    ours: z.int(),
    unsure: z.int(),
    attributed: z.int(),
    self_test: z.array(planted).nullable(),
    statement: z.array(z.string()).openapi({ description: 'What may be said of it, and no more' }),
    log_index: z.int(),
    end_log_index: z.int().nullable(),
  })
  .openapi('LeakSearch')

/** Why a file of a source could not be sent: it counts as unsure, never as not ours. */
export const unreadReasons = {
  too_large: 'It is larger than what is taken.',
  not_fetched: 'It could not be fetched.',
  encrypted: 'It is encrypted.',
  nested_too_deep: 'It is an archive inside archives, deeper than is opened.',
  bomb: 'It grows beyond every measure when it is unpacked.',
  unreadable: 'It cannot be read.',
} as const

const named = z.object({ name: z.string().min(1).max(1_000) })

export const leakFileAsk = z
  .union([
    named.extend({
      content: z
        .base64()
        .max(Math.ceil(limits.leakFileBytesMax / 3) * 4)
        .openapi({ description: 'Its bytes; they are forgotten with the answer' }),
    }),
    named.extend({ unread: z.enum(Object.keys(unreadReasons) as [keyof typeof unreadReasons]) }),
  ])
  .openapi('LeakFileAsk')

export const leakFile = z
  .object({
    number: z.int(),
    file: z.string(),
    sha256: z.string().nullable(),
    verdict: z.enum(findingVerdicts),
    level: z.enum(findingLevels).nullable(),
    capture: schemas.id.nullable(),
    crossing: schemas.id.nullable(),
    opening: schemas.id.nullable(),
    release: schemas.id.nullable(),
    party: z.string().nullable(),
    error_probability: z
      .number()
      .nullable()
      .openapi({ description: 'That the verdict is wrong, at most; null where nothing says' }),
    evidence: z.array(z.looseObject({ kind: z.string() })),
  })
  .openapi('LeakFile')

export const leakFilePage = z.object({ files: z.array(leakFile), more: z.boolean() })

export const selfTestAsk = z
  .object({ pictures: z.int().min(1).max(limits.leakPlantedMax) })
  .openapi('LeakSelfTestAsk')
