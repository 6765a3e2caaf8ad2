/** Travellers who are looked for by a photograph, and faces that two people judge. */

import { createRoute, z } from '@hono/zod-openapi'
import { hitJudges, hitReaders, watchMakers, watchReaders } from '@sallyport/core/watch-decisions'
import {
  listTravellerHits,
  travellerHitById,
  travellerVerdicts,
} from '@sallyport/store/travellers/hits'
import { listSought, soughtById } from '@sallyport/store/travellers/sought'

import { decodeCursor, encodeCursor } from '../cursor.ts'
import { faceHubLimits } from '../faces/limits.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { judgeTravellerHit } from '../watch/judge-traveller.ts'
import { soughtView, travellerHitViews, withheldFrom } from '../watch/traveller-views.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import { id } from './schemas.ts'
import * as schemas from './traveller-schemas.ts'
import { judgement, withdrawal } from './watch-schemas.ts'

const page = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageMax).default(limits.pageDefault),
}
const foreignCursor = 'The cursor is not one of ours.'

export function addTravellerRoutes(app: App, parts: HubParts): void {
  addEntries(app, parts)
  addHitList(app, parts)
  addJudgement(app, parts)
}

function addEntries(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/watch/travellers',
    summary: 'Travellers who are or were looked for, newest first',
    middleware: [signedIn(parts, watchReaders)] as const,
    request: {
      query: z.object({ state: z.enum(['in_force', 'expired', 'withdrawn']).optional(), ...page }),
    },
    responses: {
      200: json(
        z.object({ entries: z.array(schemas.traveller), next: z.string().nullable() }),
        'A page',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { state, cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', foreignCursor)
    const now = parts.now()
    const rows = await listSought(parts.db, state, { limit: limit + 1, before, now })
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return context.json(
      {
        entries: rows.slice(0, limit).map((row) => soughtView(row, now, parts.travellers)),
        next: last === undefined ? null : encodeCursor(last.made_at, last.id),
      },
      200,
    )
  })

  const add = createRoute({
    method: 'post',
    path: '/v1/watch/travellers',
    summary: 'Look for a traveller by a photograph, which is described inside the hub',
    middleware: [signedIn(parts, watchMakers)] as const,
    request: { body: jsonBody(schemas.newTraveller) },
    responses: { 201: json(schemas.traveller, 'In force; it stands in the log'), ...problems },
  })
  app.openapi(add, async (context) => {
    const { photograph, ...said } = context.req.valid('json')
    const made = await parts.travellers.make({
      terms: {
        issuer: said.issuer,
        reason: said.reason,
        expiresAt: said.expires_at,
        name: said.name,
        born: said.born,
        documentIssuer: said.document_issuer,
        documentNumber: said.document_number,
      },
      photograph: Buffer.from(photograph, 'base64'),
      account: context.var.person.id,
    })
    if (made.kind === 'problem') return answer(context, made) as never
    const [row] = await soughtById(parts.db, [made.id])
    if (row === undefined) throw new Error('an entry that was just made is there')
    return context.json(soughtView(row, parts.now(), parts.travellers), 201)
  })

  const withdraw = createRoute({
    method: 'post',
    path: '/v1/watch/travellers/{entry}/withdrawal',
    summary: 'Look for them no longer: template and photograph are gone, the entry stays on record',
    middleware: [signedIn(parts, watchMakers)] as const,
    request: { params: z.object({ entry: id }), body: jsonBody(withdrawal) },
    responses: { 204: { description: 'Withdrawn' }, ...problems },
  })
  app.openapi(withdraw, async (context) => {
    const done = await parts.travellers.withdraw({
      id: context.req.valid('param').entry,
      account: context.var.person.id,
      reason: context.req.valid('json').reason,
    })
    return done
      ? context.body(null, 204)
      : refuse(context, 'not_found', 'There is no such entry, or it is over already.')
  })
}

function addHitList(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/watch/traveller-hits',
    summary:
      'Faces that may be of somebody who is looked for, newest first: open ones, or those judged',
    middleware: [signedIn(parts, hitReaders)] as const,
    request: {
      query: z.object({ state: z.enum(['unconfirmed', 'judged']).default('unconfirmed'), ...page }),
    },
    responses: {
      200: json(
        z.object({
          hits: z.array(schemas.travellerHit),
          waiting: z
            .int()
            .min(0)
            .openapi({ description: 'Open ones that you have not judged, of the newest 500' }),
          next: z.string().nullable(),
        }),
        'A page; what is withheld from you is left out',
      ),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const { state, cursor, limit } = context.req.valid('query')
    const before = cursor === undefined ? null : decodeCursor(cursor)
    if (cursor !== undefined && before === null)
      return refuse(context, 'malformed_request', foreignCursor)
    const viewer = context.var.person.id
    const rows = await listTravellerHits(parts.db, state === 'judged', limit + 1, before)
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return context.json(
      {
        hits: await travellerHitViews(rows.slice(0, limit), viewer, parts),
        waiting: await countWaiting(parts, viewer),
        next: last === undefined ? null : encodeCursor(last.at, last.id),
      },
      200,
    )
  })
}

/** How many this person could judge. */
async function countWaiting({ db }: Pick<HubParts, 'db'>, viewer: string): Promise<number> {
  const open = await listTravellerHits(db, false, faceHubLimits.travellerHitsCounted, null)
  const withheld = await withheldFrom(db, viewer, open)
  const given = await travellerVerdicts(
    db,
    open.map(({ id: hit }) => hit),
  )
  const own = new Set(given.filter(({ account }) => account === viewer).map(({ hit }) => hit))
  return open.filter(({ id: hit }) => !withheld.has(hit) && !own.has(hit)).length
}

function addJudgement(app: App, parts: HubParts): void {
  const judge = createRoute({
    method: 'post',
    path: '/v1/watch/traveller-hits/{hit}/judgement',
    summary:
      'Say by name whether a face is of somebody who is looked for; it takes two people, and both pictures opened',
    middleware: [signedIn(parts, hitJudges)] as const,
    request: { params: z.object({ hit: id }), body: jsonBody(judgement) },
    responses: {
      200: json(schemas.travellerHit, 'Your verdict counts and stands in the log'),
      ...problems,
    },
  })
  app.openapi(judge, async (context) => {
    const { hit } = context.req.valid('param')
    const { verdict, note } = context.req.valid('json')
    const account = context.var.person.id
    const said = note === undefined || note === '' ? null : note
    const judged = await judgeTravellerHit({ hit, account, verdict, note: said }, parts)
    if (judged.kind === 'problem') return answer(context, judged) as never
    const row = await travellerHitById(parts.db, hit)
    const [view] = row === null ? [] : await travellerHitViews([row], account, parts)
    if (view === undefined)
      return refuse(context, 'not_found', 'The picture of this face is gone meanwhile.')
    return context.json(view, 200)
  })
}
