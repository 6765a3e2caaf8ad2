/** What the route of openings under a grant gives. */

import { z } from '@hono/zod-openapi'

import { id } from './schemas.ts'

export const grantTimeline = z
  .object({
    since: z.iso.datetime(),
    until: z.iso.datetime(),
    /** False: there were more, and the oldest are left out. */
    complete: z.boolean(),
    openings: z.array(
      z.object({
        opening: id,
        at: z.iso.datetime(),
        by: z.object({ id, name: z.string() }),
        class: z.string(),
        view: z.string().nullable(),
        outcome: z.string(),
        code: z.string().nullable(),
        log_index: z.int().min(0).nullable(),
      }),
    ),
  })
  .openapi('GrantTimeline')
