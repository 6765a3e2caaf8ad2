/** What named people state about entries and exits. */

import { createRoute, z } from '@hono/zod-openapi'
import { stayCorrectors } from '@sallyport/core/stays/statement'

import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, signedIn } from './context.ts'
import { id } from './schemas.ts'
import * as schemas from './stay-schemas.ts'

export function addStayStatementRoutes(app: App, parts: HubParts): void {
  const make = createRoute({
    method: 'post',
    path: '/v1/stays/statements',
    summary: 'State something by name about an entry or exit; what was recorded stays as it was',
    middleware: [signedIn(parts, stayCorrectors)] as const,
    request: { body: jsonBody(schemas.statementAsk) },
    responses: { 201: json(schemas.stated, 'It counts and stands in the log'), ...problems },
  })
  app.openapi(make, async (context) => {
    const account = context.var.person.id
    const done = await parts.stays.statements.state({ ...context.req.valid('json'), account })
    if (done.kind === 'problem') return answer(context, done) as never
    await parts.stays.settled()
    return context.json({ statement: done.statement, log_index: done.logIndex }, 201)
  })

  const withdraw = createRoute({
    method: 'post',
    path: '/v1/stays/statements/{statement}/withdrawal',
    summary: 'Take a statement back; it stays on record',
    middleware: [signedIn(parts, stayCorrectors)] as const,
    request: { params: z.object({ statement: id }), body: jsonBody(schemas.withdrawalAsk) },
    responses: { 201: json(schemas.stated, 'It is taken back'), ...problems },
  })
  app.openapi(withdraw, async (context) => {
    const done = await parts.stays.statements.withdraw({
      ...context.req.valid('json'),
      statement: context.req.valid('param').statement,
      account: context.var.person.id,
    })
    if (done.kind === 'problem') return answer(context, done) as never
    await parts.stays.settled()
    return context.json({ statement: done.statement, log_index: done.logIndex }, 201)
  })
}
