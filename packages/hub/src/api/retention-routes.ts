/** How long things are kept: the policy in force, what becomes due when, and what was shredded. */

import { createRoute, z } from '@hono/zod-openapi'
import { policyMakers, retentionReaders } from '@sallyport/core/retention'
import { packs } from '@sallyport/core/retention-packs'
import { countClasses } from '@sallyport/store/retention/due'
import { countHolds } from '@sallyport/store/retention/holds'
import { listPolicies, policyInForce } from '@sallyport/store/retention/policies'
import { openShreddings } from '@sallyport/store/retention/shreddings'

import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { countdownOf } from '../retention/countdown.ts'
import { planOf } from '../retention/plan.ts'
import { choosePolicy, policyOf } from '../retention/policies.ts'
import { countdownView, planView, policyView } from '../retention/views.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  json,
  jsonBody,
  problems,
  refuse,
  signedIn,
} from './context.ts'
import * as schemas from './retention-schemas.ts'
import { id } from './schemas.ts'

export function addRetentionRoutes(app: App, parts: HubParts): void {
  addStatus(app, parts)
  addPolicies(app, parts)
  addPlan(app, parts)
  addCountdown(app, parts)
}

function addCountdown(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/crossings/{crossing}/retention',
    summary: 'When each picture of a crossing is due, by which rule, and what became of it',
    middleware: [signedIn(parts, crossingReaders)] as const,
    request: { params: z.object({ crossing: id }) },
    responses: { 200: json(schemas.countdown, 'As it stands'), ...problems },
  })
  app.openapi(route, async (context) => {
    const { crossing } = context.req.valid('param')
    const found = await countdownOf(crossing, parts)
    if (found === null) return refuse(context, 'not_found', 'There is no such crossing.')
    return context.json(countdownView(crossing, found), 200)
  })
}

function addStatus(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/retention',
    summary: 'The policy in force, and what is kept and shredded by class',
    middleware: [signedIn(parts, retentionReaders)] as const,
    responses: { 200: json(schemas.status, 'As it stands'), ...problems },
  })
  app.openapi(route, async (context) => {
    const now = parts.now()
    const row = await policyInForce(parts.db)
    const holds = await countHolds(parts.db, now)
    return context.json(
      {
        at: now.toISOString(),
        zone: parts.port.zone,
        in_force: row === null ? null : policyView(row),
        classes: (await countClasses(parts.db)).map((one) => ({
          class: one.class,
          kept: one.bodies,
          bytes: one.bytes,
          oldest: one.oldest?.toISOString() ?? null,
          shredded: one.shredded,
        })),
        holds: { in_force: holds.inForce, waiting: holds.waiting },
        pending: (await openShreddings(parts.db)).length,
      },
      200,
    )
  })
}

function addPolicies(app: App, parts: HubParts): void {
  const listPacks = createRoute({
    method: 'get',
    path: '/v1/retention/packs',
    summary: 'Policies to begin with, each period with its source',
    middleware: [signedIn(parts, retentionReaders)] as const,
    responses: { 200: json(schemas.packList, 'All of them'), ...problems },
  })
  app.openapi(listPacks, (context) =>
    context.json(
      {
        packs: packs.map(({ id, about, policy }) => ({
          id,
          about,
          policy: schemas.policy.parse(policy),
        })),
      },
      200,
    ),
  )

  const list = createRoute({
    method: 'get',
    path: '/v1/retention/policies',
    summary: 'Every policy that was chosen, newest first; the first is in force',
    middleware: [signedIn(parts, retentionReaders)] as const,
    responses: {
      200: json(z.object({ policies: z.array(schemas.policyVersion) }), 'The versions'),
      ...problems,
    },
  })
  app.openapi(list, async (context) =>
    context.json({ policies: (await listPolicies(parts.db, limits.pageMax)).map(policyView) }, 200),
  )

  const choose = createRoute({
    method: 'post',
    path: '/v1/retention/policies',
    summary: 'Put a policy in force, after its dry run',
    middleware: [signedIn(parts, policyMakers)] as const,
    request: { body: jsonBody(schemas.policyAsk) },
    responses: {
      201: json(schemas.policyVersion, 'It is in force and stands in the log'),
      ...problems,
    },
  })
  app.openapi(choose, async (context) => {
    const { policy, accepts_due: acceptsDue } = context.req.valid('json')
    const ask = { account: context.var.person.id, chosen: policy, acceptsDue }
    const done = await parts.retention.inTurn(() => choosePolicy(ask, parts))
    if (done.kind === 'problem') return answer(context, done) as never
    const row = (await listPolicies(parts.db, limits.pageMax)).find(({ id }) => id === done.id)
    if (row === undefined) throw new Error('a policy that was just chosen is there')
    return context.json(policyView(row), 201)
  })
}

function addPlan(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/retention/plans',
    summary: 'The dry run: what a policy would shred now, and what becomes due on which day',
    middleware: [signedIn(parts, retentionReaders)] as const,
    request: { body: jsonBody(schemas.planAsk) },
    responses: { 200: json(schemas.plan, 'The counts; nothing is changed'), ...problems },
  })
  app.openapi(route, async (context) => {
    const { policy: asked, days } = context.req.valid('json')
    const found = asked === undefined ? await inForce() : policyOf(asked)
    if (found === null)
      return refuse(
        context,
        'no_policy',
        'No retention policy is chosen, so nothing is ever due. Name one to see what it would do.',
      )
    if (found.kind === 'problem') return answer(context, found) as never
    const plan = await planOf(found.policy, days, parts)
    return context.json(planView(plan, found.policy, parts.port.zone), 200)
  })

  async function inForce() {
    const row = await policyInForce(parts.db)
    return row === null ? null : ({ kind: 'policy', policy: row.policy } as const)
  }
}
