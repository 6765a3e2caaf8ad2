/** A device in quarantine: one step that opens an incident and cuts it off, and what came of it. */

import { createRoute, z } from '@hono/zod-openapi'
import { stepById, stepsInForce } from '@sallyport/store/incidents/containment'
import { deviceById, laneById } from '@sallyport/store/lanes'

import { contain } from '../incidents/containment.ts'
import { enterRoom, openIncident } from '../incidents/incidents.ts'
import { accountNames, stepView } from '../incidents/room-view.ts'
import { answer, problem } from '../problems.ts'
import { laneView } from '../views.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as incidents from './incident-schemas.ts'
import { id, line } from './schemas.ts'

const cutters = ['responder', 'privacy', 'auditor'] as const

export const quarantine = z
  .object({
    quarantined: z.boolean(),
    /** Null also where the incident behind it is not for whoever asks. */
    step: incidents.step.nullable(),
  })
  .openapi('Quarantine')

export function addQuarantineRoutes(app: App, parts: HubParts): void {
  const see = createRoute({
    method: 'get',
    path: '/v1/devices/{device}/quarantine',
    summary: 'Whether a device is in quarantine, and what intake answers when it is asked now',
    middleware: [signedIn(parts, cutters)] as const,
    request: { params: z.object({ device: id }) },
    responses: { 200: json(quarantine, 'As it is now'), ...problems },
  })
  app.openapi(see, async (context) => {
    const { device } = context.req.valid('param')
    const row = (await stepsInForce(parts.db)).find(
      ({ act, target }) => act === 'device_quarantined' && target === device,
    )
    if (row === undefined) return context.json({ quarantined: false, step: null }, 200)
    const isTold = (await enterRoom(row.incident, context.var.person, parts)) !== null
    const step = isTold ? await stepView(row, await accountNames(parts), parts) : null
    return context.json({ quarantined: true, step }, 200)
  })

  const cut = createRoute({
    method: 'post',
    path: '/v1/devices/{device}/quarantine',
    summary: 'Put a device in quarantine: its bundles wait at the lane until it is let back in',
    middleware: [signedIn(parts, cutters)] as const,
    request: {
      params: z.object({ device: id }),
      body: jsonBody(z.object({ reason: line(120).min(3) })),
    },
    responses: {
      201: json(z.object({ incident: id, step: incidents.step }), 'It is in quarantine'),
      ...problems,
    },
  })
  app.openapi(cut, async (context) => {
    const { device: target } = context.req.valid('param')
    const { reason } = context.req.valid('json')
    const { person } = context.var
    const device = await deviceById(parts.db, target)
    if (device === null) return refuse(context, 'not_found', 'There is no such device.')
    // Else an incident would be opened for nothing.
    if (device.quarantined_at !== null)
      return refuse(context, 'already_exists', 'This device is in quarantine already.')
    const now = parts.now()
    const { incident } = await openIncident(
      {
        ...{ title: `Device at ${device.lane}: ${reason}`, suspectedAt: now, knownAt: now },
        ...{ about: [], members: [], account: person.id },
      },
      parts,
    )
    const cuts = [{ act: 'device_quarantined', target }] as const
    const [taken] = await contain({ incident, cuts, by: person }, parts)
    const row = taken?.kind === 'taken' ? await stepById(parts.db, taken.step) : null
    if (row === null)
      return answer(
        context,
        taken?.kind === 'refused' ? taken.problem : problem('internal', 'It was not cut off.'),
      ) as never
    const lane = await laneById(parts.db, device.lane)
    if (lane !== null)
      parts.events.publish('device', laneView(lane, { ...device, quarantined_at: now }, null, now))
    const step = await stepView(row, await accountNames(parts), parts)
    return context.json({ incident, step }, 201)
  })
}
