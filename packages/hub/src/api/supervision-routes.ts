/** Contractors under supervision: every opening, and whatever else their people do, is approved live. */

import { createRoute, z } from '@hono/zod-openapi'
import { type NamedActRow, supervisedActs } from '@sallyport/store/grants/supervised-acts'
import { supervisions } from '@sallyport/store/grants/supervision'

import { limits } from '../limits.ts'
import { answerSupervisedAct, reachOf } from '../policy/supervised-acts.ts'
import { liftSupervision, setSupervision } from '../policy/supervision.ts'
import { answer } from '../problems.ts'
import { createTurns } from '../turns.ts'
import { type App, type HubParts, json, jsonBody, problems, signedIn } from './context.ts'
import { slug, supervisedAct } from './grant-schemas.ts'
import { grantKeepers, grantReaders } from './party-routes.ts'
import { id, line } from './schemas.ts'

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
  addActs(app, parts)
}

function addActs(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/supervised-acts',
    summary: 'What people under supervision asked to do; to them what they asked themselves',
    middleware: [signedIn(parts)] as const,
    responses: {
      200: json(z.object({ acts: z.array(supervisedAct) }), 'Of the past hour'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { person } = context.var
    const now = parts.now()
    const since = new Date(now.getTime() - limits.secondingMinutesMax * 60_000)
    const keeper = person.roles.some((role) => grantKeepers.some((one) => one === role))
    const of = keeper ? {} : { account: person.id }
    const rows = await supervisedActs(parts.db, since, limits.pageMax, of)
    return context.json({ acts: rows.map((row) => actView(row, now)) }, 200)
  })

  const inTurn = createTurns()
  const say = createRoute({
    method: 'post',
    path: '/v1/supervised-acts/{act}/answer',
    summary: 'Let one request of somebody under supervision go on, once, or decline',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: {
      params: z.object({ act: id }),
      body: jsonBody(z.object({ agreed: z.boolean(), reason: line(300).optional() })),
    },
    responses: { 204: { description: 'It stands in the log' }, ...problems },
  })
  app.openapi(say, async (context) => {
    const { act } = context.req.valid('param')
    const { agreed, reason = null } = context.req.valid('json')
    const by = context.var.person.id
    const done = await inTurn(act, () => answerSupervisedAct(act, { agreed, reason }, by, parts))
    if (done.kind === 'problem') return answer(context, done) as never
    parts.events.publish('seconding', { act })
    return context.body(null, 204)
  })
}

function actView(row: NamedActRow, now: Date): z.infer<typeof supervisedAct> {
  return {
    id: row.id,
    act: row.act,
    request: row.request,
    asked_at: row.asked_at.toISOString(),
    asked_by: { id: row.asked_by, name: row.asked_by_name, party: row.party },
    state: stateOf(row, now),
    answer_reason: row.answer_reason,
    log_index: row.log_index,
  }
}

function stateOf(
  { used_at, agreed, asked_at }: NamedActRow,
  now: Date,
): z.infer<typeof supervisedAct>['state'] {
  if (used_at !== null) return 'used'
  if (agreed !== null) return agreed ? 'agreed' : 'declined'
  return asked_at < reachOf(now) ? 'over' : 'waiting'
}
