/** Scopes: stated, listed, read, exported. */

import { createRoute, z } from '@hono/zod-openapi'
import type { Asker } from '@sallyport/core/incident/room'
import { scopeAskers } from '@sallyport/core/scope/question'
import { questionOf } from '@sallyport/core/scope/scope'
import { listScopes, type ScopeRow, scopeById } from '@sallyport/store/incidents/scopes'
import { stream } from 'hono/streaming'

import { enterRoom, incidentsFor } from '../incidents/incidents.ts'
import { incidentLimits } from '../incidents/limits.ts'
import { documentOf, stateScope } from '../incidents/scopes.ts'
import { scopeBundle } from '../incidents/write-bundle.ts'
import { answer, problem } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import { id } from './schemas.ts'
import * as schemas from './scope-schemas.ts'

export function addScopeRoutes(app: App, parts: HubParts): void {
  const state = createRoute({
    method: 'post',
    path: '/v1/scopes',
    summary: 'What a suspicion reached: pictures, people, plates, lanes and days, by grade',
    middleware: [signedIn(parts, scopeAskers)] as const,
    request: { body: jsonBody(schemas.scopeAsk) },
    responses: { 201: json(schemas.statedScope, 'The scope; it stands in the log'), ...problems },
  })
  app.openapi(state, async (context) => {
    const {
      why,
      incident: named,
      revises,
      by_face: byFace,
      ...question
    } = context.req.valid('json')
    const { person } = context.var
    const before = revises === undefined ? null : await scopeFor(revises, person, parts)
    if (revises !== undefined && before === null)
      return refuse(context, 'not_found', 'There is no such scope to revise.')
    // A later version tells numbers of the one before: it stays in the same room.
    const incident = named ?? before?.incident ?? null
    if (incident !== null && (await enterRoom(incident, person, parts)) === null)
      return refuse(context, 'not_found', 'There is no such incident.')
    const done = await stateScope(
      { question: questionOf(question), byFace, why, incident, before, account: person.id },
      parts,
    )
    if (done.kind === 'problem') return answer(context, done) as never
    const { document, logIndex, countedMs } = done
    const by = { id: person.id, name: person.name }
    return context.json(
      { ...viewOf(document, by, logIndex), counted_ms: Math.round(countedMs * 10) / 10 },
      201,
    )
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/scopes',
    summary: 'Scopes in all their versions, newest first',
    middleware: [signedIn(parts, scopeAskers)] as const,
    request: { query: z.object({ incident: id.optional() }) },
    responses: { 200: json(z.object({ scopes: z.array(schemas.scope) }), 'Scopes'), ...problems },
  })
  app.openapi(list, async (context) => {
    const { incident } = context.req.valid('query')
    const rows = await listScopes(parts.db, { incident, limit: incidentLimits.scopesListedMax })
    const entered = new Set(
      (await incidentsFor(context.var.person, parts)).map(({ id: room }) => room),
    )
    const told = rows.filter((row) => row.incident === null || entered.has(row.incident))
    return context.json({ scopes: told.map(viewOfRow) }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: '/v1/scopes/{scope}',
    summary: 'One scope as it was stated',
    middleware: [signedIn(parts, scopeAskers)] as const,
    request: { params: z.object({ scope: id }) },
    responses: { 200: json(schemas.scope, 'The scope'), ...problems },
  })
  app.openapi(one, async (context) => {
    const row = await scopeFor(context.req.valid('param').scope, context.var.person, parts)
    return row === null
      ? refuse(context, 'not_found', 'There is no such scope.')
      : context.json(viewOfRow(row), 200)
  })
  addRecount(app, parts)
  addBundle(app, parts)
}

function addRecount(app: App, parts: HubParts): void {
  const recount = createRoute({
    method: 'post',
    path: '/v1/scopes/{scope}/recount',
    summary: 'Counts a scope again, by the database and by a second engine over files of its own',
    middleware: [signedIn(parts, scopeAskers)] as const,
    request: { params: z.object({ scope: id }) },
    responses: { 200: json(schemas.recounted, 'Whether they agree'), ...problems },
  })
  app.openapi(recount, async (context) => {
    const { person } = context.var
    const row = await scopeFor(context.req.valid('param').scope, person, parts)
    if (row === null) return refuse(context, 'not_found', 'There is no such scope.')
    const done = await parts.months.recount(row, person.id)
    if (done.kind === 'problem') return answer(context, done) as never
    const { difference, moved, months, logIndex, countedMs } = done
    return context.json(
      {
        scope: row.id,
        agrees: difference === null,
        difference,
        moved,
        months: [...months],
        counted_ms: Math.round(countedMs * 10) / 10,
        log_index: logIndex,
      },
      200,
    )
  })
}

/** A stream of lines is no JSON answer: the route is written by hand and only described here. */
function addBundle(app: App, parts: HubParts): void {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/v1/scopes/{scope}/bundle',
    summary: 'Everything that reproduces the numbers offline, signed (specs/scope.md)',
    request: { params: z.object({ scope: id }) },
    responses: {
      200: {
        description: 'Lines of JSON, the last of which is the signature',
        content: { 'application/x-ndjson': { schema: z.string() } },
      },
      ...problems,
    },
  })
  const address = '/v1/scopes/:scope/bundle'
  app.get(address, signedIn(parts, scopeAskers), async (context) => {
    const wanted = id.safeParse(context.req.param('scope'))
    const row = wanted.success ? await scopeFor(wanted.data, context.var.person, parts) : null
    if (row === null) return answer(context, problem('not_found', 'There is no such scope.'))
    const bundle = await scopeBundle(row, parts)
    if (bundle.kind === 'problem') return answer(context, bundle)
    context.header('content-type', 'application/x-ndjson')
    context.header('content-disposition', `attachment; filename="scope-${row.id}.jsonl"`)
    return stream(context, async (out) => {
      // A failure cuts the lines off; without its last one nobody takes it for a bundle.
      for await (const line of bundle.lines) await out.write(`${line}\n`)
    })
  })
}

/** A scope of an incident is for those who may know of that. */
export async function scopeFor(
  wanted: string,
  person: Asker,
  parts: Pick<HubParts, 'db'>,
): Promise<ScopeRow | null> {
  const row = await scopeById(parts.db, wanted)
  if (row === null || row.incident === null) return row
  return (await enterRoom(row.incident, person, parts)) === null ? null : row
}

function viewOfRow(row: ScopeRow) {
  return viewOf(documentOf(row), { id: row.account, name: row.account_name }, Number(row.log_index))
}

function viewOf(
  document: ReturnType<typeof documentOf>,
  by: { readonly id: string; readonly name: string },
  logIndex: number,
): z.output<typeof schemas.scope> {
  const { v: _, question, result, faces, ...rest } = document
  return {
    ...rest,
    question: { ...question, suspicions: [...question.suspicions] },
    result: structuredClone(result) as z.output<typeof schemas.scope>['result'],
    ...(faces === undefined ? {} : { faces: { ...faces, calibrations: [...faces.calibrations] } }),
    by,
    log_index: logIndex,
  }
}
