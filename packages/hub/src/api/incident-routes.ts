/** Incidents: reported without an account, opened, read and worked on by those who need to know. */

import { createRoute, z } from '@hono/zod-openapi'
import { decideMember, incidentRoles } from '@sallyport/core/incident/room'
import { listAccounts } from '@sallyport/store/accounts'
import {
  addMember,
  finishTask,
  insertNote,
  insertTask,
  noteSuspicion,
  removeMember,
  setAbout,
} from '@sallyport/store/incidents/incidents'

import { newId } from '../ids.ts'
import {
  endIncident,
  enterRoom,
  incidentsFor,
  openIncident,
  takeReport,
} from '../incidents/incidents.ts'
import { incidentLineView, incidentView } from '../incidents/room-view.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './incident-schemas.ts'
import { id } from './schemas.ts'

const noRoom = 'There is no such incident.'

export function addIncidentRoutes(app: App, parts: HubParts): void {
  addReporting(app, parts)
  addReading(app, parts)
  addNoting(app, parts)
  addMembers(app, parts)
}

function addReporting(app: App, parts: HubParts): void {
  const report = createRoute({
    method: 'post',
    path: '/v1/reports',
    summary: 'Report a suspicion to the agency directly; needs no account',
    request: { body: jsonBody(schemas.reportAsk) },
    responses: {
      201: json(z.object({ receipt: z.string(), at: z.iso.datetime() }), 'It stands in the log'),
      ...problems,
    },
  })
  app.openapi(report, async (context) => {
    const { suspected_at, ...said } = context.req.valid('json')
    const taken = await takeReport({ ...said, suspectedAt: new Date(suspected_at) }, parts)
    if (taken.kind === 'problem') return answer(context, taken) as never
    return context.json({ receipt: taken.receipt, at: taken.at.toISOString() }, 201)
  })
}

function addReading(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/incidents',
    summary: 'Incidents that you may know of, newest first',
    middleware: [signedIn(parts, incidentRoles)] as const,
    responses: {
      200: json(z.object({ incidents: z.array(schemas.incidentLine) }), 'Incidents'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await incidentsFor(context.var.person, parts)
    return context.json({ incidents: rows.map(incidentLineView) }, 200)
  })

  const open = createRoute({
    method: 'post',
    path: '/v1/incidents',
    summary: 'Open an incident',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { body: jsonBody(schemas.incidentAsk) },
    responses: { 201: json(z.object({ id }), 'It stands in the log'), ...problems },
  })
  app.openapi(open, async (context) => {
    const { title, suspected_at, known_at, about, members } = context.req.valid('json')
    const known = new Set((await listAccounts(parts.db)).map(({ id: account }) => account))
    if ([...about, ...members].some((one) => !known.has(one)))
      return refuse(context, 'not_found', 'There is no such person.')
    const { incident } = await openIncident(
      {
        title,
        suspectedAt: new Date(suspected_at),
        knownAt: new Date(known_at),
        about,
        members,
        account: context.var.person.id,
      },
      parts,
    )
    return context.json({ id: incident }, 201)
  })

  const read = createRoute({
    method: 'get',
    path: '/v1/incidents/{incident}',
    summary: 'The room of an incident: people, reports, tasks, containment, timeline',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { params: z.object({ incident: id }) },
    responses: { 200: json(schemas.incident, 'The incident'), ...problems },
  })
  app.openapi(read, async (context) => {
    const entered = await enterRoom(context.req.valid('param').incident, context.var.person, parts)
    return entered === null
      ? refuse(context, 'not_found', noRoom)
      : context.json(await incidentView(entered.incident, parts), 200)
  })
}

function addNoting(app: App, parts: HubParts): void {
  const inRoom = { params: z.object({ incident: id }) }
  const note = createRoute({
    method: 'post',
    path: '/v1/incidents/{incident}/notes',
    summary: 'Note what happened, and when',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { ...inRoom, body: jsonBody(schemas.noteAsk) },
    responses: { 204: { description: 'Noted' }, ...problems },
  })
  app.openapi(note, async (context) => {
    const { incident } = context.req.valid('param')
    const { person } = context.var
    if ((await enterRoom(incident, person, parts)) === null)
      return refuse(context, 'not_found', noRoom)
    const { text, happened_at, suspected_at } = context.req.valid('json')
    const at = parts.now()
    const happenedAt = happened_at === undefined ? at : new Date(happened_at)
    const row = { id: newId(), incident, at, happened_at: happenedAt, account: person.id, text }
    await insertNote(parts.db, row)
    if (suspected_at !== undefined) await noteSuspicion(parts.db, incident, new Date(suspected_at))
    return context.body(null, 204)
  })

  const task = createRoute({
    method: 'post',
    path: '/v1/incidents/{incident}/tasks',
    summary: 'Something that has to be done',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { ...inRoom, body: jsonBody(schemas.taskAsk) },
    responses: { 201: json(z.object({ id }), 'The task'), ...problems },
  })
  app.openapi(task, async (context) => {
    const { incident } = context.req.valid('param')
    const { person } = context.var
    if ((await enterRoom(incident, person, parts)) === null)
      return refuse(context, 'not_found', noRoom)
    const { what, due_at } = context.req.valid('json')
    const row = {
      id: newId(),
      incident,
      what,
      due_at: due_at === undefined ? null : new Date(due_at),
      made_at: parts.now(),
      made_by: person.id,
      done_at: null,
      done_by: null,
    }
    await insertTask(parts.db, row)
    return context.json({ id: row.id }, 201)
  })

  const finish = createRoute({
    method: 'post',
    path: '/v1/incidents/{incident}/tasks/{task}/completion',
    summary: 'A task is done',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { params: z.object({ incident: id, task: id }) },
    responses: { 204: { description: 'Done' }, ...problems },
  })
  app.openapi(finish, async (context) => {
    const wanted = context.req.valid('param')
    const { person } = context.var
    if ((await enterRoom(wanted.incident, person, parts)) === null)
      return refuse(context, 'not_found', noRoom)
    return (await finishTask(parts.db, wanted, { at: parts.now(), account: person.id }))
      ? context.body(null, 204)
      : refuse(context, 'not_found', 'There is no such open task.')
  })

  const close = createRoute({
    method: 'post',
    path: '/v1/incidents/{incident}/closing',
    summary: 'The incident is over; what was cut off stays so until it is let back in',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: inRoom,
    responses: { 204: { description: 'Closed' }, ...problems },
  })
  app.openapi(close, async (context) => {
    const { incident } = context.req.valid('param')
    const { person } = context.var
    if ((await enterRoom(incident, person, parts)) === null)
      return refuse(context, 'not_found', noRoom)
    await endIncident(incident, person.id, parts)
    return context.body(null, 204)
  })
}

function addMembers(app: App, parts: HubParts): void {
  const params = z.object({ incident: id, account: id })
  const add = createRoute({
    method: 'put',
    path: '/v1/incidents/{incident}/members/{account}',
    summary: 'Somebody needs to know',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { params },
    responses: { 204: { description: 'In the room' }, ...problems },
  })
  app.openapi(add, async (context) => {
    const { incident, account } = context.req.valid('param')
    const { person } = context.var
    const entered = await enterRoom(incident, person, parts)
    if (entered === null) return refuse(context, 'not_found', noRoom)
    const wanted = (await listAccounts(parts.db)).find((one) => one.id === account)
    if (wanted === undefined) return refuse(context, 'not_found', 'There is no such person.')
    const decision = decideMember(entered.room, wanted)
    if (decision.kind === 'refuse') return refuse(context, 'role_missing', decision.detail)
    await addMember(parts.db, { incident, account, at: parts.now(), by: person.id })
    return context.body(null, 204)
  })

  const remove = createRoute({
    method: 'delete',
    path: '/v1/incidents/{incident}/members/{account}',
    summary: 'Somebody no longer needs to know',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { params },
    responses: { 204: { description: 'Out of the room' }, ...problems },
  })
  app.openapi(remove, async (context) => {
    const wanted = context.req.valid('param')
    const entered = await enterRoom(wanted.incident, context.var.person, parts)
    if (entered === null) return refuse(context, 'not_found', noRoom)
    await removeMember(parts.db, wanted, parts.now())
    return context.body(null, 204)
  })

  const about = createRoute({
    method: 'put',
    path: '/v1/incidents/{incident}/about/{account}',
    summary: 'The incident is about this person: they are not told of it from now on',
    middleware: [signedIn(parts, incidentRoles)] as const,
    request: { params },
    responses: { 204: { description: 'They see it no longer' }, ...problems },
  })
  app.openapi(about, async (context) => {
    const { incident, account } = context.req.valid('param')
    const entered = await enterRoom(incident, context.var.person, parts)
    if (entered === null) return refuse(context, 'not_found', noRoom)
    const named = new Set([...entered.incident.about, account])
    await setAbout(parts.db, incident, [...named])
    return context.body(null, 204)
  })
}
