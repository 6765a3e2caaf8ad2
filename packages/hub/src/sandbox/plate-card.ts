/** The card of a plate reader that a contractor brings (docs/contractors.md): parsed here, then trusted. */

import { z } from '@hono/zod-openapi'
import type { PlateReaderCard } from '@sallyport/vision/models'

import type { Promised } from './sandbox.ts'

const weight = z.number().min(-1e6).max(1e6)
const share = z.number().min(0).max(1)

const logistic = z.object({
  bias: weight,
  weights: z.record(z.string().max(40), weight),
  curve: z
    .array(z.tuple([share, share]))
    .max(200)
    .optional(),
})

/** What is beyond these fields is not looked at. */
export const plateCard = z
  .object({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._ -]{0,63}$/),
    input: z.object({
      width: z.int().min(16).max(640).multipleOf(4),
      height: z.int().min(8).max(320),
    }),
    /** Class n is character n; class 0 is "nothing". */
    alphabet: z
      .string()
      .regex(/^[0-9A-Z]{2,36}$/)
      .refine((text) => new Set(text).size === text.length, 'a character stands there twice'),
    slots: z.int().min(1).max(16).optional(),
    outputs: z.record(z.string().max(40), z.unknown()).optional(),
    calibration: logistic.optional(),
    plausibility: logistic.extend({ cut: share }).optional(),
  })
  .openapi('PlateReaderCard')

export type PlateCard = z.infer<typeof plateCard>

/** What the network takes for one picture, and how many numbers each of its outputs has. */
export function promisedBy({ input, alphabet, slots, outputs }: PlateCard): Promised {
  const classes = alphabet.length + 1
  return {
    input: { name: 'image', ...input },
    outputs: {
      characters: (input.width / 4) * classes,
      ...(slots === undefined ? {} : { slots: slots * classes }),
      ...(outputs?.['legibility'] === undefined ? {} : { legibility: 1 }),
    },
  } as const
}

/** The card as `vision` takes it. */
export function readerCard(card: PlateCard, sha256: string): PlateReaderCard {
  const { name, input, alphabet, slots, calibration, plausibility } = card
  return {
    name,
    sha256,
    input,
    alphabet,
    ...(slots === undefined ? {} : { slots }),
    ...(calibration === undefined ? {} : { calibration: curved(calibration) }),
    ...(plausibility === undefined
      ? {}
      : { plausibility: { ...curved(plausibility), cut: plausibility.cut } }),
  }
}

function curved({ bias, weights, curve }: z.infer<typeof logistic>) {
  return { bias, weights, ...(curve === undefined ? {} : { curve }) }
}
