/** Plates that are looked for: entries, their preview, and possible matches that a person judges. */

import { createRoute, z } from '@hono/zod-openapi'
import { parsePlateText } from '@sallyport/core/plate'
import { hitJudges, hitReaders, watchMakers, watchReaders } from '@sallyport/core/watch-decisions'
import { listWatchEntries, watchEntriesById } from '@sallyport/store/watch-entries'
import { countOpenHits, listWatchHits } from '@sallyport/store/watch-hits'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { importEntries, makeEntry, previewEntry, withdrawEntry } from '../watch/entries.ts'
import { judgeHit } from '../watch/judge.ts'
import { hitViews, watchEntryView } from '../watch/views.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import { id } from './schemas.ts'
import * as schemas from './watch-schemas.ts'

const page = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
}

export function addWatchRoutes(app: App, parts: HubParts): void {
  addEntryList(app, parts)
  addEntryChanges(app, parts)
  addHits(app, parts)
}

function addEntryList(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/watch/entries',
    summary:
      'Entries of the watch list, newest first; `plate` finds any part, alike characters as one',
    middleware: [signedIn(parts, watchReaders)] as const,
    request: {
      query: z.object({
        state: z.enum(['in_force', 'expired', 'withdrawn']).optional(),
        plate: z.string().max(40).optional(),
        ...page,
      }),
    },
    responses: {
      200: json(
        z.object({
          entries: z.array(schemas.entry),
          in_force: z.int().min(0),
          next: z.string().nullable(),
        }),
        'A page',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { state, plate, cursor, limit } = context.req.valid('query')
    const text = plate === undefined || plate.trim() === '' ? undefined : parsePlateText(plate)
    if (text === null)
      return refuse(context, 'malformed_request', 'A plate has letters and digits, at most 12.')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const now = parts.now()
    const rows = await listWatchEntries(
      parts.db,
      { state, plate: text },
      { limit: limit + 1, before, now },
    )
    const last = rows.length > limit ? rows[limit - 1] : undefined
    parts.watch.index.dropExpired(now)
    return context.json(
      {
        entries: rows.slice(0, limit).map((row) => watchEntryView(row, now)),
        in_force: parts.watch.index.size,
        next: last === undefined ? null : encodeCursor(last.made_at, last.id),
      },
      200,
    )
  })

  const preview = createRoute({
    method: 'post',
    path: '/v1/watch/previews',
    summary: 'Every plate that an entry would accept, and how many crossings it would have hit',
    middleware: [signedIn(parts, watchMakers)] as const,
    request: { body: jsonBody(schemas.previewAsk) },
    responses: { 200: json(schemas.preview, 'The preview; nothing is kept'), ...problems },
  })
  app.openapi(preview, async (context) =>
    context.json(await previewEntry(context.req.valid('json'), parts), 200),
  )
}

function addEntryChanges(app: App, parts: HubParts): void {
  const add = createRoute({
    method: 'post',
    path: '/v1/watch/entries',
    summary: 'Put a plate on the watch list, after its preview',
    middleware: [signedIn(parts, watchMakers)] as const,
    request: { body: jsonBody(schemas.newEntry) },
    responses: { 201: json(schemas.entry, 'It is in force and stands in the log'), ...problems },
  })
  app.openapi(add, async (context) => {
    const { accepts, expires_at: expiresAt, ...terms } = context.req.valid('json')
    const account = context.var.person.id
    const made = await makeEntry({ terms: { ...terms, expiresAt }, accepts, account }, parts)
    if (made.kind === 'problem') return answer(context, made) as never
    const [row] = await watchEntriesById(parts.db, [made.id])
    if (row === undefined) throw new Error('an entry that was just made is there')
    return context.json(watchEntryView(row, parts.now()), 201)
  })

  const withdraw = createRoute({
    method: 'post',
    path: '/v1/watch/entries/{entry}/withdrawal',
    summary: 'Withdraw an entry: it matches nothing from now on, and stays on record',
    middleware: [signedIn(parts, watchMakers)] as const,
    request: { params: z.object({ entry: id }), body: jsonBody(schemas.withdrawal) },
    responses: { 204: { description: 'Withdrawn' }, ...problems },
  })
  app.openapi(withdraw, async (context) => {
    const ask = {
      id: context.req.valid('param').entry,
      account: context.var.person.id,
      reason: context.req.valid('json').reason,
    }
    if (!(await withdrawEntry(ask, parts)))
      return refuse(context, 'not_found', 'There is no such entry, or it was withdrawn already.')
    return context.body(null, 204)
  })

  const bring = createRoute({
    method: 'post',
    path: '/v1/watch/imports',
    summary: 'Check many entries as CSV, or with `accepts` import all of them',
    middleware: [signedIn(parts, watchMakers)] as const,
    request: { body: jsonBody(schemas.importAsk) },
    responses: {
      200: json(schemas.imported, 'Every line is in order; nothing was imported yet'),
      201: json(schemas.imported, 'All are in force and stand in the log'),
      ...problems,
    },
  })
  app.openapi(bring, async (context) => {
    const { csv, accepts = null } = context.req.valid('json')
    const done = await importEntries({ csv, accepts, account: context.var.person.id }, parts)
    if (done.kind === 'problem') return answer(context, done) as never
    const { kind, ...sum } = done
    return kind === 'imported'
      ? context.json({ imported: true, ...sum }, 201)
      : context.json({ imported: false, ...sum }, 200)
  })
}

function addHits(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/watch/hits',
    summary: 'Possible matches, newest first: those that wait for a person, or those judged',
    middleware: [signedIn(parts, hitReaders)] as const,
    request: {
      query: z.object({
        state: z.enum(['unconfirmed', 'judged']).default('unconfirmed'),
        entry: id.optional(),
        ...page,
      }),
    },
    responses: {
      200: json(
        z.object({
          hits: z.array(schemas.hit),
          unconfirmed: z.int().min(0),
          next: z.string().nullable(),
        }),
        'A page',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { state, entry, cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', 'The cursor is not one of ours.')
    const rows = await listWatchHits(
      parts.db,
      { judged: state === 'judged', entry },
      limit + 1,
      before,
    )
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return context.json(
      {
        hits: await hitViews(rows.slice(0, limit), parts.db, parts.now()),
        unconfirmed: await countOpenHits(parts.db),
        next: last === undefined ? null : encodeCursor(last.at, last.id),
      },
      200,
    )
  })

  const judge = createRoute({
    method: 'post',
    path: '/v1/watch/hits/{hit}/judgement',
    summary: 'Say by name whether a possible match is one; confirming needs the opened picture',
    middleware: [signedIn(parts, hitJudges)] as const,
    request: { params: z.object({ hit: id }), body: jsonBody(schemas.judgement) },
    responses: { 200: json(schemas.hit, 'The verdict holds and stands in the log'), ...problems },
  })
  app.openapi(judge, async (context) => {
    const { verdict, note } = context.req.valid('json')
    const judged = await judgeHit(
      {
        hit: context.req.valid('param').hit,
        account: context.var.person.id,
        verdict,
        note: note === undefined || note === '' ? null : note,
      },
      parts,
    )
    if (judged.kind === 'problem') return answer(context, judged) as never
    return context.json(judged.hit, 200)
  })
}
