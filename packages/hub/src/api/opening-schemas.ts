/** What an opening takes and gives. */

import { z } from '@hono/zod-openapi'

import { id, note, openingPurpose } from './schemas.ts'

export const openingAsk = z
  .object({
    purpose: openingPurpose,
    note,
    view: z.enum(['plate_crop', 'original']).optional().openapi({
      description:
        'Without it a contractor is shown the plate cut out, the agency’s people the original',
    }),
    grant: id.optional().openapi({ description: 'A contractor’s; needed when it has several' }),
  })
  .openapi('OpeningRequest')

export const openedPicture = z
  .object({
    opening: id,
    log_index: z.int().min(0),
    receipt: z.string().openapi({ description: 'C2SP tlog-proof of the opening' }),
    entry: z.string().openapi({ description: 'Exact bytes of the log entry, base64' }),
    media_type: z.literal('image/jpeg'),
    picture: z.string().openapi({ description: 'The unsealed picture, base64' }),
  })
  .openapi('OpenedPicture')
