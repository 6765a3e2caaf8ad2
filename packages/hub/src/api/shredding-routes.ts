/** What was shredded: asked for and effective, and a run on demand. */

import { createRoute, z } from '@hono/zod-openapi'
import { policyMakers, retentionReaders } from '@sallyport/core/retention'
import { listShreddings } from '@sallyport/store/retention/shreddings'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { limits } from '../limits.ts'
import { shreddingView } from '../retention/views.ts'
import { type App, type HubParts, json, problems, refuse, signedIn } from './context.ts'
import * as schemas from './retention-schemas.ts'

export function addShreddingRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/retention/shreddings',
    summary: 'Shreddings, newest first: when each was asked for and when it was effective',
    middleware: [signedIn(parts, retentionReaders)] as const,
    request: {
      query: z.object({
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
      }),
    },
    responses: {
      200: json(
        z.object({ shreddings: z.array(schemas.shredding), next: z.string().nullable() }),
        'A page',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const rows = await listShreddings(parts.db, limit + 1, before)
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return context.json(
      {
        shreddings: rows
          .slice(0, limit)
          .map((row) => shreddingView(row, parts.keks.keystore.status().pending)),
        next: last === undefined ? null : encodeCursor(last.requested_at, last.id),
      },
      200,
    )
  })

  const run = createRoute({
    method: 'post',
    path: '/v1/retention/runs',
    summary: 'Shred what is due now, instead of within a quarter of an hour',
    middleware: [signedIn(parts, policyMakers)] as const,
    responses: {
      200: json(z.object({ shreddings: z.int().min(0) }), 'So many were asked for'),
      ...problems,
    },
  })
  app.openapi(run, async (context) =>
    context.json({ shreddings: await parts.retention.run() }, 200),
  )
}
