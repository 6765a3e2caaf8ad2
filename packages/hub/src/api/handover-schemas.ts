/** What the routes of hand-overs take and give. */

import { z } from '@hono/zod-openapi'

import { id, name, note } from './schemas.ts'

const act = z.object({
  by: z.object({ id, name: z.string() }),
  at: z.iso.datetime(),
  log_index: z.int().min(0).nullable(),
})

export const newHandover = z.object({ note: note.unwrap().default('') }).openapi('NewHandover')

export const handover = z
  .object({
    id,
    lane: name,
    note: z.string(),
    /** Referrals of the lane that waited when it was written, as they stand now. */
    referrals: z.array(
      z.object({
        crossing: id,
        plate: z.string().nullable(),
        standing: z.enum(['waiting', 'admitted', 'referred', 'closed']),
      }),
    ),
    written: act,
    /** Null until the next officer said that they have read it. */
    taken: act.nullable(),
  })
  .openapi('Handover')

export const handoverList = z.object({ handovers: z.array(handover) }).openapi('Handovers')
