/** The sealed reads of a crossing, parsed at the edge: what a lane says is not believed unseen. */

import { type CrossingReads, sourceKinds } from '@sallyport/core/crossing'
import { platePairs } from '@sallyport/core/plate-pair'
import { reasonPattern } from '@sallyport/core/reason'
import { limits } from '@sallyport/proof/limits'
import { z } from 'zod'

const unit = z.number().min(0).max(1)
const text = z.string().regex(/^[A-Z0-9]{0,12}$/)
const symbol = z.string().regex(/^[A-Z0-9]$/)
/** Printable: what no row can hold must not fail the batch that other lanes' crossings are in. */
const word = (longest: number) =>
  z
    .string()
    .regex(/^[\x20-\x7e]*$/)
    .max(longest)
const character = z.object({
  character: symbol,
  confidence: unit,
  alternatives: z.array(z.object({ character: symbol, confidence: unit })).max(8),
})
const jurisdiction = z.object({ code: word(8), confidence: unit }).nullable()
const plateType = z
  .object({ code: word(20), confidence: unit })
  .nullable()
  .optional()
const point = z.object({ x: z.number(), y: z.number() })
const voted = {
  text,
  confidence: unit,
  characters: z.array(character).max(12),
  jurisdiction,
  looks: z.int().min(0).max(1000),
  agreement: unit,
  alternatives: z
    .array(z.object({ text, confidence: unit }))
    .max(16)
    .optional(),
  plateType,
}

const look = z.object({
  text,
  confidence: unit,
  characters: z.array(character).max(12),
  jurisdiction,
  corners: z.tuple([point, point, point, point]),
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
  alternatives: z.array(z.object({ text, confidence: unit })).max(16),
  detection: unit,
  plateWidthPx: z.number(),
  sharpness: z.number().optional(),
  plausible: z.boolean().optional(),
  plateType,
  frame: z.int().min(0),
  atMs: z.number(),
})

const plate = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('read'), ...voted }),
  z.object({
    kind: z.literal('unsure'),
    // A newer lane may give reasons that this hub has no words for.
    reason: z.string().regex(reasonPattern),
    ...voted,
  }),
  z.object({
    kind: z.literal('unreadable'),
    reason: z.enum(['no_plate_found', 'no_characters', 'on_foot']),
  }),
])

const captureId = z.string().regex(/^[0-9a-f]{32}$/)
const side = z.int().min(0).max(100_000)
const copyTrait = z.object({
  capture: captureId,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  quality: z.int().min(0).max(100),
  width: side,
  height: side,
  plate: z.object({ x: z.int(), y: z.int(), width: side, height: side }).nullable(),
})

const picture = z.object({ width: z.int().positive(), height: z.int().positive() })
const reads = z.object({
  version: z.literal(1),
  source: z.enum(sourceKinds),
  picture,
  plate,
  looks: z.array(look).max(200),
  rear: z
    .object({
      pair: z.enum(platePairs),
      front: plate,
      plate,
      looks: z.array(look).max(200),
      picture,
      captures: z.array(captureId).max(2),
    })
    .optional(),
  models: z.object({ detector: word(100), reader: word(100) }),
  laneMs: z.number().min(0),
  copies: z
    .object({ algorithm: word(32), pictures: z.array(copyTrait).max(limits.bodiesMax) })
    .optional(),
})

export type ParsedReads =
  | {
      readonly kind: 'reads'
      /** As rows hold them: without faces. */
      readonly reads: CrossingReads
      /** The part `faces`, not parsed; undefined where the lane sends none. */
      readonly faces: unknown
    }
  | { readonly kind: 'refused'; readonly detail: string }

/** Parses the plaintext of a body of class `reads` (UTF-8 JSON). */
export function parseReads(bytes: Uint8Array): ParsedReads {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { kind: 'refused', detail: 'The reads are not JSON.' }
  }
  const parsed = reads.safeParse(json)
  if (parsed.success) return { kind: 'reads', reads: parsed.data, faces: facesIn(json) }
  const [issue] = parsed.error.issues
  return {
    kind: 'refused',
    detail: `The reads are not understood at ${issue?.path.join('.') ?? '?'}: ${issue?.message ?? ''}`,
  }
}

function facesIn(json: unknown): unknown {
  return typeof json === 'object' && json !== null && 'faces' in json ? json.faces : undefined
}
