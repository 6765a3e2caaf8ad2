/** Lanes, devices, shifts and alarms, as the console sees them. */

import { createHash } from 'node:crypto'

import { createRoute, z } from '@hono/zod-openapi'
import type { Role } from '@sallyport/core/opening'
import { endShift, startShift } from '@sallyport/store/accounts'
import { acknowledgeAlarm, alarmById, listAlarms } from '@sallyport/store/alarms'
import { newestByLane } from '@sallyport/store/crossings'
import {
  deviceById,
  insertEnrolmentCode,
  insertLane,
  laneById,
  lanesWithDevices,
  revokeDevice,
} from '@sallyport/store/lanes'

import { alarmView } from '../alarms.ts'
import { hashOfCode, newCode } from '../enrolment.ts'
import { limits } from '../limits.ts'
import { laneView } from '../views.ts'
import {
  type App,
  crossingReaders,
  type HubParts,
  json,
  jsonBody,
  ofAgency,
  problems,
  refuse,
  signedIn,
} from './context.ts'
import * as schemas from './schemas.ts'

const laneKeepers = ['integrator', 'supervisor'] as const

export function addLaneRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/lanes',
    summary: 'Every lane with its device and newest crossing',
    middleware: [ofAgency(parts)] as const,
    responses: { 200: json(z.object({ lanes: z.array(schemas.lane) }), 'The lanes'), ...problems },
  })
  app.openapi(list, async (context) => {
    const { roles } = context.var.person
    const sees = roles.some((role) => (crossingReaders as readonly Role[]).includes(role))
    const [lanes, newest] = await Promise.all([
      lanesWithDevices(parts.db),
      sees ? newestByLane(parts.db) : [],
    ])
    const now = parts.now()
    const views = lanes.map(({ lane, device }) =>
      laneView(lane, device, newest.find(({ crossing }) => crossing.lane === lane.id) ?? null, now),
    )
    return context.json({ lanes: views }, 200)
  })

  const add = createRoute({
    method: 'post',
    path: '/v1/lanes',
    summary: 'Add a lane',
    middleware: [signedIn(parts, laneKeepers)] as const,
    request: { body: jsonBody(schemas.newLane) },
    responses: { 201: json(schemas.lane, 'The new lane'), ...problems },
  })
  app.openapi(add, async (context) => {
    const lane = { ...context.req.valid('json'), port: parts.port.id, created_at: parts.now() }
    if (!(await insertLane(parts.db, lane)))
      return refuse(context, 'already_exists', `There is a lane ${lane.id} already.`)
    return context.json(laneView(lane, null, null, parts.now()), 201)
  })
  addEnrolmentCodes(app, parts)
  addRevocation(app, parts)
  addShifts(app, parts)
  addAlarms(app, parts)
}

function addEnrolmentCodes(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/lanes/{lane}/enrolment-codes',
    summary: 'A one-time code that enrols a device at this lane',
    middleware: [signedIn(parts, laneKeepers)] as const,
    request: { params: z.object({ lane: schemas.name }) },
    responses: {
      201: json(
        z.object({ code: z.string(), expires_at: z.iso.datetime(), command: z.string() }),
        'The code, shown once',
      ),
      ...problems,
    },
  })
  app.openapi(route, async (context) => {
    const lane = await laneById(parts.db, context.req.valid('param').lane)
    if (lane === null) return refuse(context, 'not_found', 'There is no such lane.')
    const made = await makeEnrolmentCode(lane.id, parts)
    return context.json(
      {
        code: made.code,
        expires_at: made.expiresAt.toISOString(),
        command: `npx sallyport lane add --hub ${parts.origin} --code ${made.code}`,
      },
      201,
    )
  })
}

/** Makes and stores a code for one lane. */
export async function makeEnrolmentCode(
  lane: string,
  { db, keys, now }: Pick<HubParts, 'db' | 'keys' | 'now'>,
): Promise<{ readonly code: string; readonly expiresAt: Date }> {
  const code = newCode(keys.agency.publicKey)
  const codeSha256 = hashOfCode(code)
  if (codeSha256 === null) throw new Error('a fresh code has the form of a code')
  const expiresAt = new Date(now().getTime() + limits.enrolmentCodeHours * 3_600_000)
  await insertEnrolmentCode(db, { codeSha256, lane, expiresAt })
  return { code, expiresAt }
}

function addRevocation(app: App, parts: HubParts): void {
  const route = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/revocation',
    summary: 'Revoke a device: nothing it signs is accepted from now on',
    middleware: [signedIn(parts, laneKeepers)] as const,
    request: {
      params: z.object({ device: schemas.id }),
      body: jsonBody(schemas.revocation),
    },
    responses: { 204: { description: 'Revoked' }, ...problems },
  })
  app.openapi(route, async (context) => {
    const device = await deviceById(parts.db, context.req.valid('param').device)
    const now = parts.now()
    if (device === null || device.revoked_at !== null) {
      return refuse(context, 'not_found', 'There is no such device, or it is revoked already.')
    }
    // The entry first: a revocation that the log missed could never be logged again.
    await parts.journal.append({
      v: 1,
      at: now.toISOString(),
      kind: 'device_revoked',
      device: device.id,
      public_key_sha256: createHash('sha256').update(device.public_key).digest('hex'),
    })
    await revokeDevice(parts.db, device.id, context.req.valid('json').reason, now)
    parts.origins.forget(device.id)
    const lane = await laneById(parts.db, device.lane)
    if (lane !== null)
      parts.events.publish('device', laneView(lane, { ...device, revoked_at: now }, null, now))
    return context.body(null, 204)
  })
}

function addShifts(app: App, parts: HubParts): void {
  const shift = z.object({ lane: schemas.name, started_at: z.iso.datetime() })
  const begin = createRoute({
    method: 'put',
    path: '/v1/shift',
    summary: 'Start a shift at a lane',
    middleware: [signedIn(parts, ['officer'])] as const,
    request: { body: jsonBody(z.object({ lane: schemas.name })) },
    responses: { 200: json(shift, 'The shift'), ...problems },
  })
  app.openapi(begin, async (context) => {
    const { lane } = context.req.valid('json')
    if ((await laneById(parts.db, lane)) === null)
      return refuse(context, 'not_found', 'There is no such lane.')
    const startedAt = parts.now()
    await startShift(parts.db, { account: context.var.person.id, lane, started_at: startedAt })
    return context.json({ lane, started_at: startedAt.toISOString() }, 200)
  })
  const end = createRoute({
    method: 'delete',
    path: '/v1/shift',
    summary: 'End the shift',
    middleware: [ofAgency(parts)] as const,
    responses: { 204: { description: 'Ended' }, ...problems },
  })
  app.openapi(end, async (context) => {
    await endShift(parts.db, context.var.person.id, parts.now())
    return context.body(null, 204)
  })
}

function addAlarms(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/alarms',
    summary: 'Alarms, newest first',
    middleware: [ofAgency(parts)] as const,
    request: { query: z.object({ open: z.enum(['true', 'false']).default('false') }) },
    responses: {
      200: json(z.object({ alarms: z.array(schemas.alarm) }), 'The alarms'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listAlarms(
      parts.db,
      context.req.valid('query').open === 'true',
      limits.pageMax,
    )
    return context.json({ alarms: rows.map(alarmView) }, 200)
  })
  const acknowledge = createRoute({
    method: 'post',
    path: '/v1/alarms/{alarm}/acknowledgement',
    summary: 'Say that an alarm was seen and dealt with',
    middleware: [signedIn(parts, ['supervisor', 'integrator', 'responder', 'auditor'])] as const,
    request: {
      params: z.object({ alarm: schemas.id }),
      body: jsonBody(z.object({ note: schemas.note })),
    },
    responses: { 204: { description: 'Acknowledged' }, ...problems },
  })
  app.openapi(acknowledge, async (context) => {
    const { alarm } = context.req.valid('param')
    const by = {
      account: context.var.person.id,
      note: context.req.valid('json').note ?? null,
      at: parts.now(),
    }
    if (!(await acknowledgeAlarm(parts.db, alarm, by))) {
      return refuse(context, 'not_found', 'There is no such open alarm.')
    }
    const row = await alarmById(parts.db, alarm)
    if (row !== null) parts.events.publish('alarm', alarmView(row))
    return context.body(null, 204)
  })
}
