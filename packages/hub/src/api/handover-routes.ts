/** A lane handed from one officer to the next. */

import { createRoute, z } from '@hono/zod-openapi'
import {
  handoverById,
  type HandoverRow,
  listHandovers,
  standingsOf,
} from '@sallyport/store/window/handovers'

import { limits } from '../limits.ts'
import { answer, type Problem } from '../problems.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  json,
  jsonBody,
  problems,
  signedIn,
} from './context.ts'
import * as schemas from './handover-schemas.ts'
import { id, name } from './schemas.ts'

export function addHandoverRoutes(app: App, parts: HubParts): void {
  const { db, handovers } = parts
  const viewOf = async (done: { readonly handover: string } & { readonly kind: 'done' }) => {
    const row = await handoverById(db, done.handover)
    if (row === null) throw new Error('what was just logged is there')
    return (await views([row], parts))[0]!
  }

  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/handovers',
      summary: 'What officers wrote who left a lane, newest first',
      middleware: [signedIn(parts, crossingReaders)] as const,
      request: { query: z.object({ lane: name.optional() }) },
      responses: { 200: json(schemas.handoverList, 'The hand-overs'), ...problems },
    }),
    async (context) => {
      const { lane } = context.req.valid('query')
      const rows = await listHandovers(db, lane ?? null, limits.handoversShown)
      return context.json({ handovers: await views(rows, parts) }, 200)
    },
  )
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/handovers',
      summary: 'Hand the lane of one’s shift over: a note, its open referrals, and the shift ends',
      middleware: [signedIn(parts, ['officer'])] as const,
      request: { body: jsonBody(schemas.newHandover) },
      responses: { 201: json(schemas.handover, 'It waits for the next officer'), ...problems },
    }),
    async (context) => {
      const done = await handovers.write(context.var.person, context.req.valid('json').note)
      if (done.kind === 'problem') return refused(context, done)
      return context.json(await viewOf(done), 201)
    },
  )
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/handovers/{handover}/taking',
      summary: 'Say that it was read, and start the shift at its lane',
      middleware: [signedIn(parts, ['officer'])] as const,
      request: { params: z.object({ handover: id }) },
      responses: { 201: json(schemas.handover, 'The shift has started'), ...problems },
    }),
    async (context) => {
      const done = await handovers.take(context.var.person, context.req.valid('param').handover)
      if (done.kind === 'problem') return refused(context, done)
      return context.json(await viewOf(done), 201)
    },
  )
}

function refused(context: Parameters<typeof answer>[0], done: Problem): never {
  return answer(context, done) as never
}

async function views(rows: readonly HandoverRow[], { db }: HubParts) {
  const standings = await standingsOf(
    db,
    rows.flatMap(({ referrals }) => referrals),
  )
  return rows.map((row) => {
    const of = (act: 'written' | 'taken') => {
      const found = row.acts.find((one) => one.act === act)
      if (found === undefined) return null
      const { account, account_name, at, log_index } = found
      return { by: { id: account, name: account_name }, at: at.toISOString(), log_index }
    }
    const written = of('written')
    if (written === null) throw new Error('what is listed was written')
    return {
      id: row.id,
      lane: row.lane,
      note: row.note,
      // Of a crossing that was erased nothing is left to say.
      referrals: standings.filter(({ crossing }) => row.referrals.includes(crossing)),
      written,
      taken: of('taken'),
    }
  })
}
