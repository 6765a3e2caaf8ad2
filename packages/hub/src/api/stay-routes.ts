/** Who is inside, who stayed too long, what has no other side, and what people state about it. */

import { createRoute, z } from '@hono/zod-openapi'
import { parsePlateText } from '@sallyport/core/plate'
import { encodeKey, type StayKey } from '@sallyport/core/stays/passage'
import { stayReaders, stayRecomputers } from '@sallyport/core/stays/statement'
import { stayStates } from '@sallyport/core/stays/stay'
import { passagesById } from '@sallyport/store/stays/passages'
import {
  countStays,
  listOverstays,
  listStays,
  stayById,
  staysOfKey,
  staysOfPassages,
  unknownPassages,
} from '@sallyport/store/stays/queries'
import { statementsAbout } from '@sallyport/store/stays/statements'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { limits } from '../limits.ts'
import { candidatesFor, explanationOf } from '../stays/explain.ts'
import { stayLimits } from '../stays/limits.ts'
import { assessmentOf, passageView, statementView, stayViews } from '../stays/views.ts'
import { type App, type HubParts, json, problems, refuse, signedIn } from './context.ts'
import { id } from './schemas.ts'
import * as schemas from './stay-schemas.ts'
import { addStayStatementRoutes } from './stay-statement-routes.ts'

const page = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
}
const badCursor = 'The cursor is not one of ours.'
const badPlate = 'A plate has letters and digits, at most 12.'

export function addStayRoutes(app: App, parts: HubParts): void {
  addLists(app, parts)
  addOverstays(app, parts)
  addHistory(app, parts)
  // Last of those that read: its place in the path would take the others' names.
  addDetail(app, parts)
  addStayStatementRoutes(app, parts)
}

function addLists(app: App, parts: HubParts): void {
  const summary = createRoute({
    method: 'get',
    path: '/v1/stays/summary',
    summary: 'Stays by state, overstays, and the rules in force',
    middleware: [signedIn(parts, stayReaders)] as const,
    responses: { 200: json(schemas.summary, 'Counts'), ...problems },
  })
  app.openapi(summary, async (context) => {
    const { zone, rules } = parts.stays
    return context.json(
      {
        ...(await countStays(parts.db, parts.now())),
        waiting: await parts.stays.waiting(),
        zone: zone.name,
        rules: [...rules],
      },
      200,
    )
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/stays',
    summary: 'Stays, newest first; `state` may name several, `plate` is the whole plate',
    middleware: [signedIn(parts, stayReaders)] as const,
    request: {
      query: z.object({
        state: z
          .string()
          .max(200)
          .transform((text) => text.split(','))
          .pipe(z.array(z.enum(stayStates)).max(stayStates.length))
          .optional()
          .openapi({ type: 'string', example: 'open,ambiguous' }),
        doubted: z.enum(['true', 'false']).optional(),
        plate: z.string().max(40).optional(),
        ...page,
      }),
    },
    responses: { 200: json(schemas.stayPage, 'A page'), ...problems },
  })
  app.openapi(list, async (context) => {
    const { state, doubted, plate, cursor, limit } = context.req.valid('query')
    const text = plate === undefined || plate.trim() === '' ? undefined : parsePlateText(plate)
    if (text === null) return refuse(context, 'malformed_request', badPlate)
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', badCursor)
    const rows = await listStays(
      parts.db,
      {
        states: state ?? null,
        doubted: doubted === undefined ? undefined : doubted === 'true',
        key: text === undefined ? undefined : encodeKey({ kind: 'plate', text }),
      },
      limit + 1,
      before,
    )
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return context.json(
      {
        stays: [...(await stayViews(shown, parts.db, parts.now(), parts.stays.zone))],
        next: last === undefined ? null : encodeCursor(last.at, last.id),
      },
      200,
    )
  })

  const unknown = createRoute({
    method: 'get',
    path: '/v1/stays/unknown',
    summary: 'Entries and exits of which nobody knows surely whose they are, newest first',
    middleware: [signedIn(parts, stayReaders)] as const,
    request: { query: z.object(page) },
    responses: { 200: json(schemas.unknownPage, 'A page'), ...problems },
  })
  app.openapi(unknown, async (context) => {
    const { cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', badCursor)
    const rows = await unknownPassages(parts.db, limit + 1, before)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return context.json(
      {
        passages: shown.map((row) => passageView(row, parts.stays.zone)),
        next: last === undefined ? null : encodeCursor(last.at, last.id),
      },
      200,
    )
  })
}

function addOverstays(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/stays/overstays',
    summary: 'Stays longer than their rule allows: still inside (longest first), or left',
    middleware: [signedIn(parts, stayReaders)] as const,
    request: { query: z.object({ where: z.enum(['inside', 'left']).default('inside'), ...page }) },
    responses: { 200: json(schemas.stayPage, 'A page'), ...problems },
  })
  app.openapi(list, async (context) => {
    const { where, cursor, limit } = context.req.valid('query')
    const after = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && after === null)
      return refuse(context, 'malformed_request', badCursor)
    const now = parts.now()
    const rows = await listOverstays(parts.db, where, now, limit + 1, after)
    const shown = rows.slice(0, limit)
    const last = rows.length > limit ? shown.at(-1) : undefined
    return context.json(
      {
        stays: [...(await stayViews(shown, parts.db, now, parts.stays.zone))],
        next:
          last === undefined || last.due_at === null ? null : encodeCursor(last.due_at, last.id),
      },
      200,
    )
  })

  const recompute = createRoute({
    method: 'post',
    path: '/v1/stays/recomputations',
    summary: 'Compute every stay again from what was recorded; the answer does not wait for it',
    middleware: [signedIn(parts, stayRecomputers)] as const,
    responses: { 202: json(schemas.recomputing, 'How many keys wait'), ...problems },
  })
  app.openapi(recompute, async (context) =>
    context.json({ waiting: await parts.stays.recompute() }, 202),
  )

  const waiting = createRoute({
    method: 'get',
    path: '/v1/stays/recomputations',
    summary: 'How many keys wait to be computed',
    middleware: [signedIn(parts, stayRecomputers)] as const,
    responses: { 200: json(schemas.recomputing, '0 when everything is computed'), ...problems },
  })
  app.openapi(waiting, async (context) =>
    context.json({ waiting: await parts.stays.waiting() }, 200),
  )
}

function addDetail(app: App, parts: HubParts): void {
  const one = createRoute({
    method: 'get',
    path: '/v1/stays/{stay}',
    summary:
      'The stay that an entry or exit is in: its computation step by step, what it may belong to, statements',
    middleware: [signedIn(parts, stayReaders)] as const,
    request: { params: z.object({ stay: id }) },
    responses: { 200: json(schemas.stayDetail, 'The stay'), ...problems },
  })
  app.openapi(one, async (context) => {
    const { stay } = context.req.valid('param')
    // What a stay began with may belong to another since somebody stated so.
    const row = (await stayById(parts.db, stay)) ?? (await staysOfPassages(parts.db, [stay]))[0]
    if (row === undefined) return refuse(context, 'not_found', 'There is no such stay.')
    const now = parts.now()
    const [view] = await stayViews([row], parts.db, now, parts.stays.zone)
    const [passage] = await passagesById(parts.db, [row.id])
    if (view === undefined || passage === undefined)
      return refuse(context, 'not_found', 'The stay was erased meanwhile.')
    const explanation = await explanationOf(row, parts.db, now)
    return context.json(
      {
        ...view,
        assessment: await assessmentOf(row, parts.db, now, parts.stays),
        explanation,
        candidates:
          explanation === null ? [] : await candidatesFor(passage, parts.db, parts.stays.zone),
        statements: (await statementsAbout(parts.db, row.passages)).map(statementView),
      },
      200,
    )
  })
}

function addHistory(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/stays/history',
    summary:
      'Everything recorded of one plate, or of the traveller with one document: stays, and what people stated',
    middleware: [signedIn(parts, stayReaders)] as const,
    request: {
      query: z.object({
        plate: z.string().max(40).optional(),
        document: z
          .string()
          .regex(/^[A-Z]{1,3}:[A-Z0-9]{1,35}$/)
          .optional()
          .openapi({ example: 'MEX:G12345678' }),
      }),
    },
    responses: { 200: json(schemas.history, 'The history'), ...problems },
  })
  app.openapi(list, async (context) => {
    const key = historyKey(context.req.valid('query'))
    if (key === null)
      return refuse(
        context,
        'malformed_request',
        'Name a plate (letters and digits, at most 12) or a document (ISSUER:NUMBER), one of them.',
      )
    const rows = await staysOfKey(parts.db, encodeKey(key), stayLimits.historyMax + 1)
    const shown = rows.slice(0, stayLimits.historyMax)
    const statements = await statementsAbout(
      parts.db,
      shown.flatMap(({ passages }) => passages),
    )
    return context.json(
      {
        plate: key.kind === 'plate' ? key.text : null,
        document: key.kind === 'document' ? { issuer: key.issuer, number: key.number } : null,
        stays: [...(await stayViews(shown, parts.db, parts.now(), parts.stays.zone))],
        more: rows.length > shown.length,
        statements: statements.map(statementView),
      },
      200,
    )
  })
}

function historyKey({
  plate,
  document,
}: {
  readonly plate?: string | undefined
  readonly document?: string | undefined
}): Extract<StayKey, { kind: 'plate' | 'document' }> | null {
  if ((plate === undefined) === (document === undefined)) return null
  if (plate !== undefined) {
    const text = parsePlateText(plate)
    return text === null ? null : { kind: 'plate', text }
  }
  const [issuer = '', number = ''] = (document ?? '').split(':')
  return { kind: 'document', issuer, number }
}
