/** The openings under one grant, beside what it allows. */

import { createRoute, z } from '@hono/zod-openapi'
import { grantOpenings } from '@sallyport/store/grants/grant-openings'
import { grantVersions } from '@sallyport/store/grants/grants'

import { limits } from '../limits.ts'
import { type App, type HubParts, json, problems, refuse, signedIn } from './context.ts'
import { grantTimeline } from './grant-opening-schemas.ts'
import { grantReaders } from './party-routes.ts'
import { id } from './schemas.ts'

export function addGrantOpeningRoutes(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/grants/{grant}/openings',
    summary: 'What was opened and refused under a grant in the past two weeks, newest first',
    middleware: [signedIn(parts)] as const,
    request: { params: z.object({ grant: id }) },
    responses: { 200: json(grantTimeline, 'The openings'), ...problems },
  })
  app.openapi(route, async (context) => {
    const { person } = context.var
    const { grant } = context.req.valid('param')
    const [version] = await grantVersions(parts.db, grant)
    const reads = person.roles.some((role) => grantReaders.some((reader) => reader === role))
    const own = person.party !== 'agency' && version?.party === person.party
    if (version === undefined || !(own || reads))
      return refuse(context, 'not_found', 'There is no such grant.')
    const now = parts.now()
    const since = new Date(now.getTime() - limits.timelineDays * 86_400_000)
    const rows = await grantOpenings(parts.db, grant, since, limits.timelineMax + 1)
    return context.json(
      {
        since: since.toISOString(),
        until: now.toISOString(),
        complete: rows.length <= limits.timelineMax,
        openings: rows.slice(0, limits.timelineMax).map((row) => ({
          opening: row.id,
          at: row.at.toISOString(),
          by: { id: row.account, name: row.account_name },
          class: row.capture_class,
          view: row.view,
          outcome: row.outcome,
          code: row.code,
          log_index: row.log_index,
        })),
      },
      200,
    )
  })
}
