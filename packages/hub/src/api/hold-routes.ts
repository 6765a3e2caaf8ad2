/** Legal holds: asked for by one person, approved by another, listed, lifted. */

import { createRoute, z } from '@hono/zod-openapi'
import { retentionReaders } from '@sallyport/core/retention'
import { type HoldScope, holdApprovers, holdRequesters } from '@sallyport/core/retention-hold'
import { holdById, listHolds } from '@sallyport/store/retention/holds'

import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { actOnHold, type HoldActAsk, requestHold } from '../retention/holds.ts'
import { holdView } from '../retention/views.ts'
import { type App, type HubParts, json, jsonBody, problems, signedIn } from './context.ts'
import * as schemas from './retention-schemas.ts'
import { id } from './schemas.ts'

type AskedScope = z.output<typeof schemas.holdAsk>['scope']

export function addHoldRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/holds',
    summary: 'Legal holds, those that end last first',
    middleware: [signedIn(parts, retentionReaders)] as const,
    responses: {
      200: json(z.object({ holds: z.array(schemas.hold) }), 'All that were asked for'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const now = parts.now()
    const rows = await listHolds(parts.db, limits.holdsListedMax)
    return context.json({ holds: rows.map((row) => holdView(row, now)) }, 200)
  })

  const request = createRoute({
    method: 'post',
    path: '/v1/holds',
    summary: 'Ask that something be kept from shredding; it holds once another person has approved',
    middleware: [signedIn(parts, holdRequesters)] as const,
    request: { body: jsonBody(schemas.holdAsk) },
    responses: { 201: json(schemas.hold, 'It waits for a second person'), ...problems },
  })
  app.openapi(request, async (context) => {
    const { scope, reason, expires_at } = context.req.valid('json')
    const done = await parts.retention.inTurn(() =>
      requestHold(
        {
          account: context.var.person.id,
          scope: scopeOf(scope),
          reason,
          expiresAt: new Date(expires_at),
        },
        parts,
      ),
    )
    if (done.kind === 'problem') return answer(context, done) as never
    return context.json(await viewOf(done.id), 201)
  })

  const approve = createRoute({
    method: 'post',
    path: '/v1/holds/{hold}/approval',
    summary:
      'Approve a hold that somebody else asked for: from now on nothing it covers is shredded',
    middleware: [signedIn(parts, holdApprovers)] as const,
    request: { params: z.object({ hold: id }) },
    responses: { 200: json(schemas.hold, 'It is in force and stands in the log'), ...problems },
  })
  app.openapi(approve, async (context) => {
    const { hold } = context.req.valid('param')
    const ask = { hold, account: context.var.person.id, act: 'approved', note: null } as const
    return await acted(ask, context)
  })

  const lift = createRoute({
    method: 'post',
    path: '/v1/holds/{hold}/lifting',
    summary: 'Lift a hold, or withdraw one that nobody has approved',
    middleware: [signedIn(parts, holdApprovers)] as const,
    request: { params: z.object({ hold: id }), body: jsonBody(schemas.holdLifting) },
    responses: { 200: json(schemas.hold, 'It holds no more, and stands in the log'), ...problems },
  })
  app.openapi(lift, async (context) => {
    const { hold } = context.req.valid('param')
    const note = context.req.valid('json').reason
    return await acted({ hold, account: context.var.person.id, act: 'lifted', note }, context)
  })

  async function acted(ask: HoldActAsk, context: Parameters<typeof answer>[0]) {
    const done = await parts.retention.inTurn(() => actOnHold(ask, parts))
    if (done.kind === 'problem') return answer(context, done) as never
    return context.json(await viewOf(ask.hold), 200)
  }

  async function viewOf(hold: string) {
    const row = await holdById(parts.db, hold)
    if (row === null) throw new Error('a hold that was just changed is there')
    return holdView(row, parts.now())
  }
}

function scopeOf(scope: AskedScope): HoldScope {
  return scope.kind === 'lane'
    ? { kind: 'lane', lane: scope.lane, fromDay: scope.from_day, toDay: scope.to_day }
    : scope
}
