/** Parties and what they have standing at lanes. */

import { randomBytes } from 'node:crypto'

import { createRoute, z } from '@hono/zod-openapi'
import { commit } from '@sallyport/proof/entry'
import {
  type EquipmentRow,
  insertEquipment,
  insertParty,
  listEquipment,
  listParties,
  noteAssessed,
  noteRemoved,
} from '@sallyport/store/grants/parties'

import { newId } from '../ids.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './grant-schemas.ts'
import { id } from './schemas.ts'

/** Who keeps parties and grants, and who may look at them. */
export const grantKeepers = ['supervisor', 'privacy'] as const
export const grantReaders = ['supervisor', 'privacy', 'auditor', 'responder'] as const

export function addPartyRoutes(app: App, parts: HubParts): void {
  addParties(app, parts)
  addEquipment(app, parts)
  addAssessment(app, parts)
}

function addParties(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/parties',
    summary: 'The agency and its contractors, with who works for whom',
    middleware: [signedIn(parts, grantReaders)] as const,
    responses: { 200: json(z.object({ parties: z.array(schemas.party) }), 'Parties'), ...problems },
  })
  app.openapi(list, async (context) => {
    const parties = (await listParties(parts.db)).map((row) => ({
      ...row,
      added_at: row.added_at.toISOString(),
    }))
    return context.json({ parties }, 200)
  })

  const add = createRoute({
    method: 'post',
    path: '/v1/parties',
    summary: 'Add a contractor: a prime of the agency, or a subcontractor of a prime',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { body: jsonBody(schemas.newParty) },
    responses: { 201: json(z.object({ id: schemas.slug }), 'Added'), ...problems },
  })
  app.openapi(add, async (context) => {
    const asked = context.req.valid('json')
    const parent = (await listParties(parts.db)).find((row) => row.id === asked.parent)
    if (parent === undefined)
      return refuse(context, 'not_found', `There is no party "${asked.parent}" to work for.`)
    const fits =
      parent.kind !== 'partner' && (asked.kind === 'prime') === (parent.kind === 'agency')
    if (!fits) {
      return refuse(
        context,
        'malformed_request',
        'A prime works for the agency, a subcontractor for a prime or another subcontractor.',
      )
    }
    const added = await insertParty(parts.db, { ...asked, added_at: parts.now() })
    if (!added) return refuse(context, 'already_exists', `There is a party "${asked.id}" already.`)
    return context.json({ id: asked.id }, 201)
  })
}

function addEquipment(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/equipment',
    summary: 'What contractors have standing at lanes, the next one due first',
    middleware: [signedIn(parts, [...grantReaders, 'integrator'])] as const,
    responses: {
      200: json(z.object({ equipment: z.array(schemas.equipment) }), 'Equipment'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const now = parts.now()
    const equipment = (await listEquipment(parts.db)).map((row) => equipmentView(row, now))
    return context.json({ equipment }, 200)
  })

  const add = createRoute({
    method: 'post',
    path: '/v1/equipment',
    summary: 'Register equipment; once it is overdue, the grants of its party are suspended',
    middleware: [signedIn(parts, [...grantKeepers, 'integrator'])] as const,
    request: { body: jsonBody(schemas.newEquipment) },
    responses: { 201: json(z.object({ id }), 'Registered'), ...problems },
  })
  app.openapi(add, async (context) => {
    const asked = context.req.valid('json')
    if (!(await listParties(parts.db)).some((row) => row.id === asked.party))
      return refuse(context, 'not_found', `There is no party "${asked.party}".`)
    const row = {
      ...asked,
      id: newId(),
      added_at: parts.now(),
      assessed_at: null,
      assessed_by: null,
      due_at: new Date(asked.due_at),
      removed_at: null,
      removed_by: null,
    }
    await insertEquipment(parts.db, row)
    return context.json({ id: row.id }, 201)
  })
}

function addAssessment(app: App, parts: HubParts): void {
  const params = z.object({ equipment: id })
  const assess = createRoute({
    method: 'post',
    path: '/v1/equipment/{equipment}/assessments',
    summary: 'Somebody looked at it and found it in order; says when it is due again',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { params, body: jsonBody(z.object({ due_at: z.iso.datetime() })) },
    responses: { 204: { description: 'Noted' }, ...problems },
  })
  app.openapi(assess, async (context) => {
    const now = parts.now()
    const { equipment } = context.req.valid('param')
    const dueAt = new Date(context.req.valid('json').due_at)
    if (dueAt <= now)
      return refuse(context, 'malformed_request', 'The next assessment lies in the future.')
    if (!(await listEquipment(parts.db)).some((row) => row.id === equipment))
      return refuse(context, 'not_found', 'There is no such equipment.')
    const by = context.var.person.id
    // The log first: an assessment lifts a suspension.
    await parts.journal.append({
      v: 1,
      at: now.toISOString(),
      kind: 'equipment_assessed',
      equipment,
      by: commit(randomBytes(16), by),
    })
    await noteAssessed(parts.db, equipment, { at: now, by, dueAt })
    return context.body(null, 204)
  })

  const remove = createRoute({
    method: 'post',
    path: '/v1/equipment/{equipment}/removal',
    summary: 'It stands there no longer',
    middleware: [signedIn(parts, grantKeepers)] as const,
    request: { params },
    responses: { 204: { description: 'Noted' }, ...problems },
  })
  app.openapi(remove, async (context) => {
    const { equipment } = context.req.valid('param')
    const removal = { at: parts.now(), by: context.var.person.id }
    return (await noteRemoved(parts.db, equipment, removal))
      ? context.body(null, 204)
      : refuse(context, 'not_found', 'There is no such equipment.')
  })
}

function equipmentView(row: EquipmentRow, now: Date) {
  return {
    id: row.id,
    party: row.party,
    name: row.name,
    place: row.place,
    added_at: row.added_at.toISOString(),
    assessed_at: row.assessed_at?.toISOString() ?? null,
    due_at: row.due_at.toISOString(),
    overdue: row.due_at <= now,
  }
}
