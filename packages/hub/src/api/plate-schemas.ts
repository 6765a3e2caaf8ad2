/** A plate as the API gives it: what was read of it, and each look. */

import { z } from '@hono/zod-openapi'

const unit = z.number().min(0).max(1)
const jurisdiction = z.object({ code: z.string(), confidence: unit }).nullable()
const characterRead = z.object({
  character: z.string(),
  confidence: unit,
  alternatives: z.array(z.object({ character: z.string(), confidence: unit })).readonly(),
})

export const plate = z.object({
  kind: z.enum(['read', 'unsure', 'unreadable']),
  text: z.string().nullable(),
  confidence: unit.nullable(),
  reason: z.string().nullable(),
  jurisdiction,
  looks: z.int().min(0),
  agreement: unit,
  characters: z.array(characterRead),
})

export const look = z.object({
  text: z.string(),
  confidence: unit,
  frame: z.int(),
  at_ms: z.number(),
  plate_width_px: z.number(),
  jurisdiction,
})
