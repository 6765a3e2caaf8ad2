/** Searching what was found outside for copies of stored pictures. */

import { createRoute, z } from '@hono/zod-openapi'
import type { PlantedCopies } from '@sallyport/core/leaks/statement'
import type { Role } from '@sallyport/core/opening'
import {
  countLeakFiles,
  type LeakFileRow,
  leakSearchById,
  type LeakSearchRow,
  listLeakFiles,
  listLeakSearches,
} from '@sallyport/store/leaks/searches'

import type { FileFinding } from '../leaks/leaks.ts'
import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as shapes from './leak-schemas.ts'
import * as schemas from './schemas.ts'

const searchers = ['responder'] as const
/** Who may see what was searched and found. */
export const leakReaders: readonly Role[] = ['responder', 'privacy', 'auditor']
const params = z.object({ search: schemas.id })

/** Whether a request carries a found file, which is larger than other requests. */
export function isLeakFilePath(path: string): boolean {
  return /^\/v1\/leak-searches\/[0-9a-f]{32}\/files$/.test(path)
}

export function addLeakRoutes(app: App, parts: HubParts): void {
  const { db, leaks } = parts

  const begin = createRoute({
    method: 'post',
    path: '/v1/leak-searches',
    summary: 'Begin to search files from outside for copies of stored pictures',
    middleware: [signedIn(parts, searchers)] as const,
    request: { body: jsonBody(shapes.leakSearchAsk) },
    responses: { 201: json(shapes.leakSearch, 'It stands in the log'), ...problems },
  })
  app.openapi(begin, async (context) => {
    const begun = await leaks.begin({
      account: context.var.person.id,
      ...context.req.valid('json'),
    })
    if (begun.kind === 'problem') return answer(context, begun) as never
    return context.json(await searchView(await expected(begun.search), parts), 201)
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/leak-searches',
    summary: 'Searches, newest first',
    middleware: [signedIn(parts, leakReaders)] as const,
    responses: {
      200: json(z.object({ searches: z.array(shapes.leakSearch) }), 'The newest'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listLeakSearches(db, limits.pageDefault)
    return context.json(
      { searches: await Promise.all(rows.map((row) => searchView(row, parts))) },
      200,
    )
  })

  const one = createRoute({
    method: 'get',
    path: '/v1/leak-searches/{search}',
    summary: 'One search, with what may be said of it',
    middleware: [signedIn(parts, leakReaders)] as const,
    request: { params },
    responses: { 200: json(shapes.leakSearch, 'The search'), ...problems },
  })
  app.openapi(one, async (context) => {
    const row = await leakSearchById(db, context.req.valid('param').search)
    if (row === null) return refuse(context, 'not_found', 'There is no such search.')
    return context.json(await searchView(row, parts), 200)
  })

  const files = createRoute({
    method: 'get',
    path: '/v1/leak-searches/{search}/files',
    summary: 'What was found out about each file',
    middleware: [signedIn(parts, leakReaders)] as const,
    request: {
      params,
      query: z.object({
        after: z.coerce.number().int().min(0).default(0),
        verdict: shapes.leakFile.shape.verdict.optional(),
      }),
    },
    responses: { 200: json(shapes.leakFilePage, 'In the order of looking'), ...problems },
  })
  app.openapi(files, async (context) => {
    const { search } = context.req.valid('param')
    const { after, verdict } = context.req.valid('query')
    const rows = await listLeakFiles(db, search, {
      after,
      limit: limits.pageDefault + 1,
      ...(verdict === undefined ? {} : { verdict }),
    })
    return context.json(
      {
        files: rows.slice(0, limits.pageDefault).map(fileView),
        more: rows.length > limits.pageDefault,
      },
      200,
    )
  })

  const examine = createRoute({
    method: 'post',
    path: '/v1/leak-searches/{search}/files',
    summary: 'Look at one file from outside; its bytes are forgotten with the answer',
    middleware: [signedIn(parts, searchers)] as const,
    request: { params, body: jsonBody(shapes.leakFileAsk) },
    responses: { 200: json(shapes.leakFile, 'What was found out'), ...problems },
  })
  app.openapi(examine, async (context) => {
    const ask = context.req.valid('json')
    const found = await leaks.examine(context.req.valid('param').search, {
      name: ask.name,
      ...('unread' in ask
        ? { unread: shapes.unreadReasons[ask.unread] }
        : { bytes: Buffer.from(ask.content, 'base64') }),
    })
    if ('kind' in found) return answer(context, found) as never
    return context.json(foundView(found), 200)
  })

  const test = createRoute({
    method: 'post',
    path: '/v1/leak-searches/{search}/self-test',
    summary: 'Plant copies of stored pictures, in memory, and count how many are found',
    middleware: [signedIn(parts, searchers)] as const,
    request: { params, body: jsonBody(shapes.selfTestAsk) },
    responses: { 200: json(shapes.leakSearch, 'The search, with the counts'), ...problems },
  })
  app.openapi(test, async (context) => {
    const { search } = context.req.valid('param')
    const tested = await leaks.selfTest(search, context.req.valid('json').pictures)
    if ('kind' in tested) return answer(context, tested) as never
    return context.json(await searchView(await expected(search), parts), 200)
  })

  const end = createRoute({
    method: 'post',
    path: '/v1/leak-searches/{search}/end',
    summary: 'End a search: the log keeps the hash of its findings',
    middleware: [signedIn(parts, searchers)] as const,
    request: { params },
    responses: { 200: json(shapes.leakSearch, 'The search, ended'), ...problems },
  })
  app.openapi(end, async (context) => {
    const { search } = context.req.valid('param')
    const ended = await leaks.end(search)
    if (ended.kind === 'problem') return answer(context, ended) as never
    return context.json(await searchView(await expected(search), parts), 200)
  })

  async function expected(search: string): Promise<LeakSearchRow> {
    const row = await leakSearchById(db, search)
    if (row === null) throw new Error('a search that was just written is there')
    return row
  }
}

async function searchView(row: LeakSearchRow, { db, leaks }: HubParts) {
  const { files, ours, unsure, attributed } = await countLeakFiles(db, row.id)
  const selfTest = row.self_test as readonly PlantedCopies[] | null
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: { id: row.account, name: row.account_name },
    reference: row.reference,
    sources: row.sources,
    state: row.state,
    ended_at: row.ended_at?.toISOString() ?? null,
    captures: row.captures,
    captures_hashed: row.captures_hashed,
    index_root: row.index_root.toString('hex'),
    files,
    ours,
    unsure,
    attributed,
    self_test: selfTest === null ? null : [...selfTest],
    statement: [...(await leaks.statement(row))],
    log_index: row.log_index ?? -1,
    end_log_index: row.end_log_index,
  }
}

function foundView({ number, name, sha256, finding, crossing, party }: FileFinding) {
  const { copy } = finding
  return {
    number,
    file: name,
    sha256,
    verdict: finding.verdict,
    level: finding.level,
    capture: finding.capture,
    crossing,
    opening: copy?.kind === 'opening' ? copy.opening : null,
    release: copy?.kind === 'release' ? copy.release : null,
    party,
    error_probability: finding.errorProbability,
    evidence: finding.evidence.map((one) => ({ ...one })),
  }
}

function fileView(row: LeakFileRow) {
  return {
    number: row.number,
    file: row.name,
    sha256: row.sha256?.toString('hex') ?? null,
    verdict: row.verdict,
    level: row.level,
    capture: row.capture,
    crossing: row.crossing,
    opening: row.opening,
    release: row.release,
    party: row.party,
    error_probability: row.error_probability,
    evidence: row.evidence as { kind: string }[],
  }
}
