/** Crossings, openings, figures. */

import { createRoute, z } from '@hono/zod-openapi'
import { directions } from '@sallyport/core/crossing'
import type { Role } from '@sallyport/core/opening'
import { parsePlateText } from '@sallyport/core/plate'
import { crossingById, figures, listCrossings } from '@sallyport/store/crossings'
import { listOpenings } from '@sallyport/store/openings'
import { verdictsOf } from '@sallyport/store/verdicts'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { limits } from '../limits.ts'
import { openCapture } from '../openings.ts'
import { createLiveApprovals } from '../policy/live.ts'
import { answer } from '../problems.ts'
import { crossingDetailView, crossingView, openingView } from '../views.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  openingReaders,
  json,
  jsonBody,
  problems,
  refuse,
  signedIn,
  ofAgency,
} from './context.ts'
import { openedPicture, openingAsk } from './opening-schemas.ts'
import * as schemas from './schemas.ts'

const page = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
}

export function addCrossingRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/crossings',
    summary: 'Crossings, newest first; `plate` finds any part, O and 0 alike',
    middleware: [signedIn(parts, crossingReaders)] as const,
    request: {
      query: z.object({
        plate: z.string().max(40).optional(),
        lane: schemas.name.optional(),
        direction: z.enum(directions).optional(),
        kind: z.enum(['read', 'unsure', 'unreadable']).optional(),
        from: z.iso.datetime({ offset: true }).optional(),
        to: z.iso.datetime({ offset: true }).optional(),
        ...page,
      }),
    },
    responses: {
      200: json(
        z.object({ crossings: z.array(schemas.crossing), next: z.string().nullable() }),
        'A page',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { plate, from, to, cursor, limit, ...filter } = context.req.valid('query')
    const text = plate === undefined || plate.trim() === '' ? undefined : parsePlateText(plate)
    if (text === null)
      return refuse(context, 'malformed_request', 'A plate has letters and digits, at most 12.')
    const after = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && after === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const found = await listCrossings(
      parts.db,
      {
        ...filter,
        plate: text,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
      },
      limit + 1,
      after === null ? null : { receivedAt: after.at, id: after.id },
    )
    const last = found.length > limit ? found[limit - 1] : undefined
    return context.json(
      {
        crossings: found.slice(0, limit).map(crossingView),
        next: last === undefined ? null : encodeCursor(last.crossing.received_at, last.crossing.id),
      },
      200,
    )
  })

  const one = createRoute({
    method: 'get',
    path: '/v1/crossings/{crossing}',
    summary: 'One crossing with everything known of it',
    middleware: [signedIn(parts, crossingReaders)] as const,
    request: { params: z.object({ crossing: schemas.id }) },
    responses: { 200: json(schemas.crossingDetail, 'The crossing'), ...problems },
  })
  app.openapi(one, async (context) => {
    const { crossing } = context.req.valid('param')
    const found = await crossingById(parts.db, crossing)
    if (found === null) return refuse(context, 'not_found', 'There is no such crossing.')
    const { person } = context.var
    const seesAll = person.roles.some((role) => (openingReaders as readonly Role[]).includes(role))
    const openings = (await listOpenings(parts.db, { crossing, limit: limits.pageMax })).filter(
      (opening) => seesAll || opening.account === person.id,
    )
    const verdicts = await verdictsOf(parts.db, crossing)
    return context.json(crossingDetailView(found, openings, verdicts), 200)
  })
  addOpenings(app, parts)
  addFigures(app, parts)
}

function addOpenings(app: App, parts: HubParts): void {
  const open = createRoute({
    method: 'post',
    path: '/v1/captures/{capture}/openings',
    summary: 'Open one picture for a purpose; the log has it first',
    middleware: [signedIn(parts)] as const,
    request: { params: z.object({ capture: schemas.id }), body: jsonBody(openingAsk) },
    responses: { 201: json(openedPicture, 'The picture with its receipt'), ...problems },
  })
  const live = createLiveApprovals(parts)
  app.openapi(open, async (context) => {
    const { purpose, note, view, grant } = context.req.valid('json')
    const { person } = context.var
    const ask = {
      capture: context.req.valid('param').capture,
      account: person,
      purpose,
      note: note === undefined || note === '' ? null : note,
      view: view ?? null,
      grant: grant ?? null,
    }
    const held = await live.hold(ask, context.req.raw.signal)
    if (held !== null) return answer(context, held) as never
    const opened = await openCapture(ask, parts)
    if (opened.kind === 'problem') return answer(context, opened) as never
    const { opening, receipt, picture, crossing } = opened
    const row = (await listOpenings(parts.db, { crossing, limit: limits.pageMax })).find(
      ({ id }) => id === opening,
    )
    if (row !== undefined)
      parts.events.publish('opening', { opening: openingView(row), log_index: receipt.index })
    return context.json(
      {
        opening,
        log_index: receipt.index,
        receipt: receipt.receipt,
        entry: Buffer.from(receipt.entry).toString('base64'),
        media_type: 'image/jpeg' as const,
        picture: Buffer.from(picture).toString('base64'),
      },
      201,
    )
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/openings',
    summary: 'Who opened or was refused what, newest first',
    middleware: [signedIn(parts, openingReaders)] as const,
    request: { query: z.object(page) },
    responses: {
      200: json(
        z.object({ openings: z.array(schemas.opening), next: z.string().nullable() }),
        'A page',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const rows = await listOpenings(parts.db, { limit: limit + 1, before })
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return context.json(
      {
        openings: rows.slice(0, limit).map(openingView),
        next: last === undefined ? null : encodeCursor(last.at, last.id),
      },
      200,
    )
  })
}

function addFigures(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/figures',
    summary: 'Counts for the front page',
    middleware: [ofAgency(parts)] as const,
    responses: { 200: json(schemas.figures, 'The figures'), ...problems },
  })
  app.openapi(route, async (context) => {
    const now = parts.now()
    const counted = await figures(parts.db, now, startOfDay(now, parts.port.zone))
    const vaultBytes = (await parts.vault.segments()).reduce((sum, { bytes }) => sum + bytes, 0)
    return context.json(
      {
        crossings_today: counted.crossingsToday,
        crossings_last_hour: counted.crossingsLastHour,
        by_hour: counted.byHour.map((hour) => ({
          hour: hour.hour.toISOString(),
          in: hour.in,
          out: hour.out,
        })),
        read_share: counted.crossingsToday === 0 ? 0 : counted.readToday / counted.crossingsToday,
        unsure_today: counted.unsureToday,
        openings_today: counted.openingsToday,
        alarms_open: counted.alarmsOpen,
        log_size: parts.journal.size(),
        vault_bytes: vaultBytes,
      },
      200,
    )
  })
}

/** The last midnight in an IANA zone. */
export function startOfDay(now: Date, zone: string): Date {
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
  const parts = Object.fromEntries(
    clock.formatToParts(now).map(({ type, value }) => [type, Number(value)]),
  )
  const sinceMs =
    ((parts['hour'] ?? 0) * 3600 + (parts['minute'] ?? 0) * 60 + (parts['second'] ?? 0)) * 1000 +
    now.getMilliseconds()
  return new Date(now.getTime() - sinceMs)
}
