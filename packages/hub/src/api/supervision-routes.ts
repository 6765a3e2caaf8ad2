/** Contractors under supervision: every opening of their people is approved live. */

import { createRoute, z } from '@hono/zod-openapi'
import { supervisions } from '@sallyport/store/grants/supervision'

import { liftSupervision, setSupervision } from '../policy/supervision.ts'
import { answer } from '../problems.ts'
import { createTurns } from '../turns.ts'
import { type App, type HubParts, json, jsonBody, problems, signedIn } from './context.ts'
import { slug } from './grant-schemas.ts'
import { grantKeepers, grantReaders } from './party-routes.ts'
import { line } from './schemas.ts'

const supervision = z
  .object({
    party: slug,
    reason: z.string(),
    set_at: z.iso.datetime(),
    log_index: z.int().min(0),
    /** One person asked to end it; another of another unit does. */
    lifting_asked: z.boolean(),
  })
  .openapi('Supervision')

export function addSupervisionRoutes(app: App, parts: HubParts): void {
  const inTurn = createTurns()
  const list = createRoute({
    method: 'get',
    path: '/v1/supervision',
    summary: 'Contractors under supervision',
    middleware: [signedIn(parts, grantReaders)] as const,
    responses: {
      200: json(z.object({ supervision: z.array(supervision) }), 'Those in force'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = (await supervisions(parts.db)).map((row) => ({
      party: row.party,
      reason: row.reason,
      set_at: row.set_at.toISOString(),
      log_index: row.log_index,
      lifting_asked: row.lifting_asked_by !== null,
    }))
    return context.json({ supervision: rows }, 200)
  })

  const set = createRoute({
    method: 'post',
    path: '/v1/parties/{party}/supervision',
    summary: 'Every opening of its people is approved live from now on',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { params: z.object({ party: slug }), body: jsonBody(z.object({ reason: line(300) })) },
    responses: { 204: { description: 'It stands in the log' }, ...problems },
  })
  app.openapi(set, async (context) => {
    const { party } = context.req.valid('param')
    const { reason } = context.req.valid('json')
    const by = context.var.person.id
    const done = await inTurn(party, () => setSupervision({ party, reason }, by, parts))
    if (done.kind === 'problem') return answer(context, done) as never
    parts.events.publish('seconding', { party })
    return context.body(null, 204)
  })

  const lift = createRoute({
    method: 'post',
    path: '/v1/parties/{party}/supervision/lifting',
    summary: 'End it: one person asks, another of another unit ends it',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { params: z.object({ party: slug }) },
    responses: {
      200: json(z.object({ state: z.enum(['asked', 'lifted']) }), 'What it came to'),
      ...problems,
    },
  })
  app.openapi(lift, async (context) => {
    const { party } = context.req.valid('param')
    const done = await inTurn(party, () => liftSupervision(party, context.var.person.id, parts))
    if (done.kind === 'problem') return answer(context, done) as never
    parts.events.publish('seconding', { party })
    return context.json({ state: done.kind }, 200)
  })
}
