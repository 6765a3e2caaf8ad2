/** Passenger lists: checked, imported whole, shown until they expire. */

import { createRoute, z } from '@hono/zod-openapi'
import { stayReaders } from '@sallyport/core/stays/statement'
import {
  listPassengerLists,
  type PassengerListRow,
  passengerListById,
  travellersOf,
} from '@sallyport/store/passenger-lists'

import { limits } from '../limits.ts'
import { answer } from '../problems.ts'
import { type CheckedLists, importPassengerLists } from '../travellers/passenger-lists.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './passenger-list-schemas.ts'
import { id } from './schemas.ts'

export function addPassengerListRoutes(app: App, parts: HubParts): void {
  const bring = createRoute({
    method: 'post',
    path: '/v1/passenger-lists',
    summary: 'Check a passenger list (PAXLST or CSV), or with `accepts` import all of it',
    middleware: [signedIn(parts, ['supervisor'])] as const,
    request: { body: jsonBody(schemas.listAsk) },
    responses: {
      200: json(schemas.listImport, 'It can be taken; nothing was imported yet'),
      201: json(schemas.listImport, 'Its people are expected; it stands in the log'),
      ...problems,
    },
  })
  app.openapi(bring, async (context) => {
    const { file, format, head, accepts } = context.req.valid('json')
    const done = await importPassengerLists(
      {
        file: Buffer.from(file, 'base64'),
        format,
        head: head ?? null,
        accepts: accepts ?? null,
        account: context.var.person.id,
      },
      parts,
    )
    if (done.kind === 'problem') return answer(context, done) as never
    return done.kind === 'imported'
      ? context.json(importView(done), 201)
      : context.json(importView(done), 200)
  })

  const list = createRoute({
    method: 'get',
    path: '/v1/passenger-lists',
    summary: 'Passenger lists in force, newest first',
    middleware: [signedIn(parts, stayReaders)] as const,
    responses: {
      200: json(z.object({ lists: z.array(schemas.passengerList) }), 'The lists'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listPassengerLists(parts.db, parts.now(), limits.pageMax)
    return context.json({ lists: rows.map(listView) }, 200)
  })

  const one = createRoute({
    method: 'get',
    path: '/v1/passenger-lists/{list}',
    summary: 'One list with everybody who is expected',
    middleware: [signedIn(parts, stayReaders)] as const,
    request: { params: z.object({ list: id }) },
    responses: { 200: json(schemas.passengerListDetail, 'The list'), ...problems },
  })
  app.openapi(one, async (context) => {
    const row = await passengerListById(parts.db, context.req.valid('param').list, parts.now())
    if (row === null) return refuse(context, 'not_found', 'There is no such list, or it expired.')
    const travellers = await travellersOf(parts.db, row.id)
    return context.json(
      {
        ...listView(row),
        people_expected: travellers.map(({ id: _id, list: _list, ...traveller }) => traveller),
      },
      200,
    )
  })
}

function listView(row: PassengerListRow) {
  return {
    id: row.id,
    format: row.format,
    transport: row.transport,
    reference: row.reference,
    departs_from: row.departs_from,
    departs_at: row.departs_at,
    arrives_in: row.arrives_in,
    arrives_at: row.arrives_at,
    people: row.people,
    partial: row.partial,
    travellers: row.travellers,
    warnings: [...row.warnings],
    imported: {
      at: row.imported_at.toISOString(),
      by: { id: row.imported_by, name: row.imported_by_name },
    },
    expires_at: row.expires_at.toISOString(),
    log_index: row.log_index,
  }
}

function importView({ kind, lists, warnings, travellers }: CheckedLists) {
  return {
    imported: kind === 'imported',
    travellers,
    lists: lists.map(({ id: listId, list, expiresAt }) => ({
      id: listId,
      transport: list.transport,
      reference: list.reference,
      arrives_in: list.arrivesIn,
      arrives_at: list.arrivesAt,
      partial: list.partial,
      travellers: list.travellers.length,
      expires_at: expiresAt.toISOString(),
    })),
    warnings: warnings.map((warning) => ({ ...warning })),
  }
}
