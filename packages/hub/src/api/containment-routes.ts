/** Containment: cut off in one request, see the effect, let back in. */

import { createRoute, z } from '@hono/zod-openapi'
import { stepById, stepsOf } from '@sallyport/store/incidents/containment'

import { contain, liftStep } from '../incidents/containment.ts'
import { enterRoom } from '../incidents/incidents.ts'
import { accountNames, stepView } from '../incidents/room-view.ts'
import { answer } from '../problems.ts'
import { type App, type HubParts, json, jsonBody, problems, refuse, signedIn } from './context.ts'
import * as schemas from './incident-schemas.ts'
import { id } from './schemas.ts'

const cutters = ['responder', 'privacy', 'auditor'] as const

export function addContainmentRoutes(app: App, parts: HubParts): void {
  const cut = createRoute({
    method: 'post',
    path: '/v1/incidents/{incident}/containment',
    summary: 'Cut off parties, people, devices, keys and shredding; each step is logged first',
    middleware: [signedIn(parts, cutters)] as const,
    request: { params: z.object({ incident: id }), body: jsonBody(schemas.containmentAsk) },
    responses: { 200: json(schemas.contained, 'What was cut off, and what was not'), ...problems },
  })
  app.openapi(cut, async (context) => {
    const { incident } = context.req.valid('param')
    const by = context.var.person
    if ((await enterRoom(incident, by, parts)) === null)
      return refuse(context, 'not_found', 'There is no such incident.')
    const { cuts } = context.req.valid('json')
    const taken = await contain({ incident, cuts, by }, parts)
    const names = await accountNames(parts)
    const made = new Set(taken.flatMap((one) => (one.kind === 'taken' ? [one.step] : [])))
    const rows = (await stepsOf(parts.db, incident)).filter((row) => made.has(row.id))
    return context.json(
      {
        steps: await Promise.all(rows.map((row) => stepView(row, names, parts))),
        refused: taken.flatMap((one) =>
          one.kind === 'refused'
            ? [{ ...one.cut, code: one.problem.code, detail: one.problem.detail }]
            : [],
        ),
      },
      200,
    )
  })

  const lift = createRoute({
    method: 'post',
    path: '/v1/containment/{step}/lifting',
    summary: 'Let back in what a step cut off; a key that is destroyed stays destroyed',
    middleware: [signedIn(parts, cutters)] as const,
    request: { params: z.object({ step: id }) },
    responses: { 200: json(schemas.step, 'The step'), ...problems },
  })
  app.openapi(lift, async (context) => {
    const { step } = context.req.valid('param')
    const { person } = context.var
    const row = await stepById(parts.db, step)
    if (row === null || (await enterRoom(row.incident, person, parts)) === null)
      return refuse(context, 'not_found', 'There is no such step.')
    const done = await liftStep(step, person.id, parts)
    if (done.kind === 'problem') return answer(context, done) as never
    const lifted = await stepById(parts.db, step)
    return context.json(await stepView(lifted ?? row, await accountNames(parts), parts), 200)
  })
}
