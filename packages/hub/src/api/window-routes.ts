/** What named people decide at the window and in secondary, and how long it takes. */

import { createRoute, z } from '@hono/zod-openapi'
import { parityOf } from '@sallyport/core/window/parity'
import { type Said, windowDeciders } from '@sallyport/core/window/window'
import { crossingById, crossingsById } from '@sallyport/store/crossings'
import { deviceById } from '@sallyport/store/lanes'
import { closedReferrals, verdictTimes } from '@sallyport/store/window/figures'
import { laneConflicts } from '@sallyport/store/window/lane-verdicts'
import { countReferrals, listReferrals, windowSteps } from '@sallyport/store/window/steps'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { crossingView } from '../views.ts'
import { checkLaneVerdict } from '../window/check-lane-verdict.ts'
import { parityView, windowView } from '../window/views.ts'
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
import { id } from './schemas.ts'
import * as schemas from './window-schemas.ts'

export function addWindowRoutes(app: App, parts: HubParts): void {
  addSteps(app, parts)
  addReferrals(app, parts)
  addFigures(app, parts)
  addLaneVerdicts(app, parts)
}

/** What lanes bring when the hub is back: signed by the device like everything that it says. */
function addLaneVerdicts(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/verdicts',
    summary: 'Deliver a verdict that was given at the lane while the hub was out of reach',
    request: { params: z.object({ device: id }), body: jsonBody(schemas.laneVerdict) },
    responses: {
      200: json(schemas.takenLaneVerdict, 'It was here already'),
      201: json(schemas.takenLaneVerdict, 'It is kept and stands in the log'),
      ...problems,
    },
  })
  app.openapi(route, async (context) => {
    const device = await deviceById(parts.db, context.req.valid('param').device)
    if (device === null)
      return refuse(context, 'unknown_device', 'This device is not enrolled here.')
    if (device.revoked_at !== null)
      return refuse(context, 'device_revoked', 'This device is revoked.')
    if (device.quarantined_at !== null)
      return refuse(
        context,
        'device_quarantined',
        'An incident is about this device. The lane keeps its verdicts until it is let back in.',
      )
    const sent = context.req.valid('json')
    const checked = await checkLaneVerdict(
      {
        statement: Buffer.from(sent.statement, 'base64'),
        signature: Buffer.from(sent.signature, 'hex'),
        epoch: sent.epoch,
        seal: Buffer.from(sent.seal, 'base64'),
      },
      device,
      parts,
    )
    if (checked.kind === 'problem') return answer(context, checked) as never
    const taken = await parts.window.ofLanes.take(checked)
    if (taken.kind === 'problem') return answer(context, taken, limits.retryAfterSeconds) as never
    const { verdict, place, logIndex, isNew } = taken
    return context.json({ verdict, place, log_index: logIndex }, isNew ? 201 : 200)
  })
}

function addSteps(app: App, parts: HubParts): void {
  const view = async (crossing: string, viewer: string) =>
    windowView(
      crossing,
      await windowSteps(parts.db, [crossing]),
      await laneConflicts(parts.db, [crossing]),
      viewer,
    )

  const one = createRoute({
    method: 'get',
    path: '/v1/crossings/{crossing}/window',
    summary: 'Where a crossing stands at the window, and everything that was said of it',
    middleware: [signedIn(parts, crossingReaders)] as const,
    request: { params: z.object({ crossing: id }) },
    responses: { 200: json(schemas.windowView, 'The crossing at the window'), ...problems },
  })
  app.openapi(one, async (context) => {
    const { crossing } = context.req.valid('param')
    if ((await crossingById(parts.db, crossing)) === null)
      return refuse(context, 'not_found', 'There is no such crossing.')
    return context.json(await view(crossing, context.var.person.id), 200)
  })

  const give = createRoute({
    method: 'post',
    path: '/v1/crossings/{crossing}/window',
    summary:
      'Say by name what is decided; it stands in the log first, and a correction erases nothing',
    middleware: [signedIn(parts, windowDeciders)] as const,
    request: { params: z.object({ crossing: id }), body: jsonBody(schemas.stepAsk) },
    responses: { 201: json(schemas.given, 'It counts and stands in the log'), ...problems },
  })
  app.openapi(give, async (context) => {
    const { crossing } = context.req.valid('param')
    const asked = context.req.valid('json')
    const { note, seen } = asked
    const { person } = context.var
    const done = await parts.window.give({
      crossing,
      account: person,
      said: saidOf(asked),
      note: note === undefined || note === '' ? null : note,
      seen,
    })
    if (done.kind === 'problem') return answer(context, done) as never
    const { step, logIndex } = done
    return context.json({ step, log_index: logIndex, window: await view(crossing, person.id) }, 201)
  })
}

function saidOf(asked: z.output<typeof schemas.stepAsk>): Said {
  switch (asked.says) {
    case 'referred':
      return { kind: asked.says, reason: asked.reason }
    case 'looked':
      return { kind: asked.says, finding: asked.finding }
    case 'closed':
      return { kind: asked.says, outcome: asked.outcome, wrong: [...new Set(asked.wrong)] }
    case 'admitted':
    case 'opted_out':
    case 'undone':
      return { kind: asked.says }
  }
}

function addReferrals(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/window/referrals',
    summary:
      'Crossings that were referred to secondary, newest first: those that wait, or closed ones',
    middleware: [signedIn(parts, windowDeciders)] as const,
    request: {
      query: z.object({
        state: z.enum(['referred', 'closed']).default('referred'),
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
      }),
    },
    responses: { 200: json(schemas.referralPage, 'A page'), ...problems },
  })
  app.openapi(list, async (context) => {
    const { state, cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const rows = await listReferrals(parts.db, state, limit + 1, before)
    const shown = rows.slice(0, limit)
    const ids = shown.map(({ crossing }) => crossing)
    const [crossings, steps, beside] = await Promise.all([
      crossingsById(parts.db, ids),
      windowSteps(parts.db, ids),
      laneConflicts(parts.db, ids),
    ])
    const last = rows.length > limit ? shown.at(-1) : undefined
    return context.json(
      {
        referrals: shown.flatMap((row) => {
          const found = crossings.find(({ crossing }) => crossing.id === row.crossing)
          const own = steps.filter(({ crossing }) => crossing === row.crossing)
          const ofLane = beside.filter(({ crossing }) => crossing === row.crossing)
          if (found === undefined) return []
          return [
            {
              crossing: crossingView(found),
              window: windowView(row.crossing, own, ofLane, context.var.person.id),
              changed_at: row.changed_at.toISOString(),
            },
          ]
        }),
        waiting: await countReferrals(parts.db),
        next: last === undefined ? null : encodeCursor(last.changed_at, last.crossing),
      },
      200,
    )
  })
}

function addFigures(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/window/figures',
    summary: 'Time from arrival to verdict, opted out beside others, and how referrals ended',
    middleware: [signedIn(parts, crossingReaders)] as const,
    request: { query: z.object({ days: z.coerce.number().int().min(1).max(90).default(30) }) },
    responses: { 200: json(schemas.figures, 'The figures'), ...problems },
  })
  app.openapi(route, async (context) => {
    const { days } = context.req.valid('query')
    const since = new Date(parts.now().getTime() - days * 86_400_000)
    const [times, closed] = await Promise.all([
      verdictTimes(parts.db, since),
      closedReferrals(parts.db, since),
    ])
    const seconds = (optedOut: boolean) =>
      times.filter((one) => one.optedOut === optedOut).map((one) => one.seconds)
    return context.json(
      {
        since: since.toISOString(),
        parity: parityView(parityOf(seconds(true), seconds(false))),
        closed: [...closed.outcomes],
        wrong: [...closed.wrong],
      },
      200,
    )
  })
}
