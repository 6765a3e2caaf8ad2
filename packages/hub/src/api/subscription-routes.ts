/** Webhooks: who is told of events, where, what for, and whether it arrives. */

import { createRoute, z } from '@hono/zod-openapi'
import {
  listSubscriptions,
  type SubscriptionOverview,
  subscriptionById,
} from '@sallyport/store/deliveries'

import { shownSecret } from '../delivery/signature.ts'
import {
  disable,
  enable,
  endSubscription,
  rotateSecret,
  startWebhook,
} from '../delivery/subscriptions.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as integration from './integration-schemas.ts'
import * as schemas from './schemas.ts'

const keepers = ['integrator', 'supervisor', 'privacy'] as const
const watchers = [...keepers, 'auditor'] as const
const request = { params: z.object({ subscription: schemas.id }) }

export function addSubscriptionRoutes(app: App, parts: HubParts): void {
  for (const [name, schema] of Object.entries(integration.eventData))
    app.openAPIRegistry.register(name, schema)
  const list = createRoute({
    method: 'get',
    path: '/v1/subscriptions',
    summary: 'Who is told of events, and whether it arrives',
    middleware: [signedIn(parts, watchers)] as const,
    responses: {
      200: json(z.object({ subscriptions: z.array(integration.subscription) }), 'All of them'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listSubscriptions(parts.db)
    return context.json({ subscriptions: rows.map(subscriptionView) }, 200)
  })

  const add = createRoute({
    method: 'post',
    path: '/v1/subscriptions',
    summary: 'Set up a webhook',
    middleware: [signedIn(parts, keepers)] as const,
    request: { body: jsonBody(integration.newSubscription) },
    responses: { 201: json(integration.shownSecret, 'Its secret, shown once'), ...problems },
  })
  app.openapi(add, async (context) => {
    const { event_types: eventTypes, ...wanted } = context.req.valid('json')
    const started = await startWebhook({ ...wanted, eventTypes }, context.var.person, parts)
    if (started.kind === 'problem') return answer(context, started) as never
    const secret = parts.deliveries.secretNow({ id: started.id, generation: 1 })
    return context.json({ id: started.id, ...shownSecret(secret), previous_until: null }, 201)
  })
  addChanges(app, parts)
  addTest(app, parts)
}

function addChanges(app: App, parts: HubParts): void {
  const rotate = createRoute({
    method: 'post',
    path: '/v1/subscriptions/{subscription}/secret',
    summary: 'A new secret; the old one signs too for a day',
    middleware: [signedIn(parts, keepers)] as const,
    request,
    responses: { 201: json(integration.shownSecret, 'The new secret, shown once'), ...problems },
  })
  app.openapi(rotate, async (context) => {
    const row = await subscriptionById(parts.db, context.req.valid('param').subscription)
    if (row === null || row.kind !== 'webhook') return refuse(context, 'not_found', noWebhook)
    const until = await rotateSecret(row, parts)
    const secret = parts.deliveries.secretNow({ id: row.id, generation: row.generation + 1 })
    return context.json(
      { id: row.id, ...shownSecret(secret), previous_until: until.toISOString() },
      201,
    )
  })

  const change = createRoute({
    method: 'put',
    path: '/v1/subscriptions/{subscription}/state',
    summary: 'Switch it off, or on again; what waited goes out then',
    middleware: [signedIn(parts, keepers)] as const,
    request: { ...request, body: jsonBody(z.object({ enabled: z.boolean() })) },
    responses: { 204: { description: 'Changed' }, ...problems },
  })
  app.openapi(change, async (context) => {
    const row = await subscriptionById(parts.db, context.req.valid('param').subscription)
    if (row === null || row.kind !== 'webhook') return refuse(context, 'not_found', noWebhook)
    if (context.req.valid('json').enabled) await enable(row, parts)
    else await disable(row, parts)
    parts.deliveries.poke()
    return context.body(null, 204)
  })

  const end = createRoute({
    method: 'delete',
    path: '/v1/subscriptions/{subscription}',
    summary: 'End it, with what waits for it',
    middleware: [signedIn(parts, keepers)] as const,
    request,
    responses: { 204: { description: 'Ended' }, ...problems },
  })
  app.openapi(end, async (context) => {
    const row = await subscriptionById(parts.db, context.req.valid('param').subscription)
    if (row === null || row.kind !== 'webhook') return refuse(context, 'not_found', noWebhook)
    await endSubscription(row, context.var.person.id, parts)
    return context.body(null, 204)
  })
}

const noWebhook = 'There is no such webhook. The broker is changed in the settings of the hub.'

function addTest(app: App, parts: HubParts): void {
  const test = createRoute({
    method: 'post',
    path: '/v1/subscriptions/{subscription}/test',
    summary: 'Send an event that says nothing, and see whether it arrives',
    middleware: [signedIn(parts, keepers)] as const,
    request,
    responses: {
      200: json(
        z.object({ delivered: z.boolean(), reason: z.string().nullable() }),
        'What came of it',
      ),
      ...problems,
    },
  })
  app.openapi(test, async (context) => {
    const row = await subscriptionById(parts.db, context.req.valid('param').subscription)
    if (row === null) return refuse(context, 'not_found', 'There is no such subscription.')
    const attempt = await parts.deliveries.test(row)
    return context.json(
      attempt.kind === 'delivered'
        ? { delivered: true, reason: null }
        : { delivered: false, reason: attempt.reason },
      200,
    )
  })
}

function subscriptionView(row: SubscriptionOverview) {
  const time = (at: Date | null) => at?.toISOString() ?? null
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    purpose: row.purpose,
    url: row.url,
    event_types: row.event_types,
    plates: row.plates,
    account: row.account === null ? null : { id: row.account, name: row.account_name ?? '' },
    created_at: row.created_at.toISOString(),
    state:
      row.disabled_at !== null
        ? ('disabled' as const)
        : row.failing_since !== null
          ? ('failing' as const)
          : ('active' as const),
    disabled: row.disabled_code,
    failing_since: time(row.failing_since),
    last_success_at: time(row.last_success_at),
    last_failure: row.last_failure,
    retry_at: time(row.retry_at),
    waiting: row.waiting,
    given_up: row.given_up,
    previous_secret_until: time(row.previous_until),
  }
}
