/** Work at lanes: orders, beginning and end, and the word that a lane asks for. */

import { createRoute, z } from '@hono/zod-openapi'
import { deviceById } from '@sallyport/store/lanes'
import { listMaintenance, type NamedMaintenanceRow } from '@sallyport/store/maintenance'

import { limits } from '../limits.ts'
import { beginMaintenance, dutyOf, endMaintenance, orderMaintenance } from '../maintenance.ts'
import { answer } from '../problems.ts'
import { createTurns } from '../turns.ts'
import {
  type App,
  type HubParts,
  json,
  jsonBody,
  ofAgency,
  problems,
  refuse,
  signedIn,
} from './context.ts'
import { slug } from './grant-schemas.ts'
import { id, line, name } from './schemas.ts'

const instant = z.iso.datetime({ offset: true })
const done = z.object({ at: z.iso.datetime(), by: z.string(), log_index: z.int().min(0) })

export const maintenanceOrder = z
  .object({
    id,
    lane: name,
    device: id,
    number: z.string(),
    technician: z.string(),
    party: slug,
    from: z.iso.datetime(),
    until: z.iso.datetime(),
    ordered: done,
    begun: done.nullable(),
    over: done.nullable(),
    /** Whoever let it begin said that they stay beside it. */
    watched: z.boolean(),
    /** Past its time and not over. */
    overrun: z.boolean(),
  })
  .openapi('MaintenanceOrder')

const newOrder = z
  .object({
    lane: name,
    number: line(80),
    technician: line(80),
    party: slug,
    from: instant,
    until: instant,
  })
  .openapi('NewMaintenanceOrder')

/** `watching`: whoever begins it stays beside the work, as that of a party under supervision needs. */
const turnAsk = z.object({ watching: z.boolean().optional() })

const keepers = ['supervisor', 'integrator'] as const

export function addMaintenanceRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/maintenance',
    summary: 'Work orders for lanes, newest first',
    middleware: [ofAgency(parts)] as const,
    responses: {
      200: json(z.object({ orders: z.array(maintenanceOrder) }), 'The orders'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const now = parts.now()
    const rows = await listMaintenance(parts.db, limits.pageMax)
    return context.json({ orders: rows.map((row) => orderView(row, now)) }, 200)
  })

  const order = createRoute({
    method: 'post',
    path: '/v1/maintenance',
    summary: 'Write a work order for a lane',
    middleware: [signedIn(parts, keepers)] as const,
    request: { body: jsonBody(newOrder) },
    responses: { 201: json(z.object({ order: id }), 'It stands in the log'), ...problems },
  })
  app.openapi(order, async (context) => {
    const { from, until, ...rest } = context.req.valid('json')
    const asked = { ...rest, from: new Date(from), until: new Date(until) }
    const ordered = await orderMaintenance(asked, context.var.person.id, parts)
    if (ordered.kind === 'problem') return answer(context, ordered) as never
    return context.json({ order: ordered.id }, 201)
  })
  addTurns(app, parts)
  addDuty(app, parts)
}

function addTurns(app: App, parts: HubParts): void {
  const turns = [
    ['/v1/maintenance/{order}/beginning', beginMaintenance, 'Let it begin; a second person does'],
    ['/v1/maintenance/{order}/ending', endMaintenance, 'End it: the lane goes back into service'],
  ] as const
  const inTurn = createTurns()
  for (const [path, turn, summary] of turns) {
    const route = createRoute({
      method: 'post',
      path,
      summary,
      middleware: [signedIn(parts, keepers)] as const,
      request: {
        params: z.object({ order: id }),
        body: { content: { 'application/json': { schema: turnAsk } } },
      },
      responses: { 204: { description: 'It stands in the log' }, ...problems },
    })
    app.openapi(route, async (context) => {
      const { order } = context.req.valid('param')
      const { watching } = context.req.valid('json')
      const by = context.var.person.id
      const turned = await inTurn('maintenance', () =>
        turn({ id: order, watching: watching === true }, by, parts),
      )
      if (turned.kind === 'problem') return answer(context, turned) as never
      parts.events.publish('device_event', { maintenance: order })
      return context.body(null, 204)
    })
  }
}

function addDuty(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/devices/{device}/duty',
    summary: 'Whether a device is in service, signed by the agency (specs/manifest.md)',
    request: { params: z.object({ device: id }) },
    responses: {
      200: json(z.object({ document: z.string(), signature: z.string() }), 'The signed word'),
      ...problems,
    },
  })
  app.openapi(route, async (context) => {
    const { device } = context.req.valid('param')
    if ((await deviceById(parts.db, device)) === null)
      return refuse(context, 'unknown_device', 'This device is not enrolled here.')
    const { document, signature } = await dutyOf(device, parts)
    return context.json(
      {
        document: Buffer.from(document).toString('base64'),
        signature: Buffer.from(signature).toString('hex'),
      },
      200,
    )
  })
}

function orderView(row: NamedMaintenanceRow, now: Date): z.infer<typeof maintenanceOrder> {
  const { begun_at, begun_by_name, begun_log_index, over_at, over_by_name, over_log_index } = row
  const act = (at: Date | null, by: string | null, index: number | null) =>
    at === null || by === null || index === null
      ? null
      : { at: at.toISOString(), by, log_index: index }
  return {
    id: row.id,
    lane: row.lane,
    device: row.device,
    number: row.number,
    technician: row.technician,
    party: row.party,
    from: row.starts_at.toISOString(),
    until: row.ends_at.toISOString(),
    ordered: { at: row.made_at.toISOString(), by: row.made_by_name, log_index: row.log_index },
    begun: act(begun_at, begun_by_name, begun_log_index),
    over: act(over_at, over_by_name, over_log_index),
    watched: row.watched,
    overrun: begun_at !== null && over_at === null && now >= row.ends_at,
  }
}
