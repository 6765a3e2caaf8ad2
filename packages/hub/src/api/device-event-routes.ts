/** What devices saw of themselves: how it comes in, and how people of the agency read it. */

import { createRoute, z } from '@hono/zod-openapi'
import { alarmKinds } from '@sallyport/core/alarm'
import { deviceEventKinds } from '@sallyport/proof/device-event'
import { listDeviceEvents } from '@sallyport/store/device-events'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { eventView, takeEvent } from '../device-events.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { createTurns } from '../turns.ts'
import { type App, type HubParts, json, ofAgency, problems, refuse } from './context.ts'
import { deviceStatement, statementRequest } from './device-statement.ts'
import { id, name } from './schemas.ts'

export const deviceEvent = z
  .object({
    id,
    device: id,
    lane: name,
    sequence: z.int().min(1),
    kind: z.enum(deviceEventKinds),
    observed_at: z.iso.datetime(),
    received_at: z.iso.datetime(),
    detail: z.string(),
    /** The alarm that it raised. */
    alarm: z.enum(alarmKinds).nullable(),
    log_index: z.int().min(0),
  })
  .openapi('DeviceEvent')

const acknowledged = z.object({ sequence: z.int().min(1), log_index: z.int().min(0) })

export function addDeviceEventRoutes(app: App, parts: HubParts): void {
  const take = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/events',
    summary: 'A device says what happened to it (specs/manifest.md); signed in sallyport-signature',
    request: statementRequest,
    responses: {
      200: json(acknowledged, 'It was here already'),
      201: json(acknowledged, 'It stands in the log'),
      ...problems,
    },
  })
  const inTurn = createTurns()
  app.openapi(take, async (context) => {
    const { device: asked } = context.req.valid('param')
    const signature = context.req.valid('header')['sallyport-signature']
    const said = await deviceStatement(context, { device: asked, signature }, 'statement', parts)
    if (said.kind === 'problem') return answer(context, said) as never
    const taken = await inTurn(said.device.id, () => takeEvent(said, parts))
    if (taken.kind === 'problem') return answer(context, taken) as never
    const body = { sequence: taken.sequence, log_index: taken.logIndex }
    return taken.isNew ? context.json(body, 201) : context.json(body, 200)
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/device-events',
    summary: 'What devices saw of themselves, newest first',
    middleware: [ofAgency(parts)] as const,
    request: {
      query: z.object({
        device: id.optional(),
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(limits.pageMax).default(50),
      }),
    },
    responses: {
      200: json(
        z.object({ events: z.array(deviceEvent), next: z.string().nullable() }),
        'The events',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { device = null, cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const rows = await listDeviceEvents(parts.db, { device, before, limit })
    const last = rows.length === limit ? rows.at(-1) : undefined
    const next = last === undefined ? null : encodeCursor(last.received_at, last.id)
    return context.json({ events: rows.map(eventView), next }, 200)
  })
}
