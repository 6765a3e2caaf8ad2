/** Calibrations from what the hub holds: who is who said people, what a distance means is counted. */

import { createRoute, z } from '@hono/zod-openapi'
import { laneKinds } from '@sallyport/core/crossing'
import { calibrators } from '@sallyport/core/faces/vault-calibration'
import { calibrationById, listCalibrations } from '@sallyport/store/faces/calibrations'

import { inServiceView, madeView } from '../faces/calibration-views.ts'
import { faceHubLimits } from '../faces/limits.ts'
import { answer } from '../problems.ts'
import * as schemas from './calibration-schemas.ts'
import { type App, type HubParts, json, jsonBody, problems, signedIn } from './context.ts'

export function addCalibrationRoutes(app: App, parts: HubParts): void {
  const list = createRoute({
    method: 'get',
    path: '/v1/face-calibrations',
    summary: 'Calibrations that were made from what is held, newest first',
    middleware: [signedIn(parts, calibrators)] as const,
    responses: {
      200: json(z.object({ calibrations: z.array(schemas.faceCalibration) }), 'The newest 50'),
      ...problems,
    },
  })
  app.openapi(list, async (context) => {
    const rows = await listCalibrations(parts.db, faceHubLimits.calibrationsListed)
    return context.json({ calibrations: rows.map(madeView) }, 200)
  })

  const inService = createRoute({
    method: 'get',
    path: '/v1/face-calibrations/in-service',
    summary:
      'Calibrations in service: what each promises, who signed it, what production would refuse',
    middleware: [signedIn(parts, calibrators)] as const,
    responses: {
      200: json(
        z.object({ matching: schemas.calibrationsInService.nullable() }),
        'Null where faces are off at this hub',
      ),
      ...problems,
    },
  })
  app.openapi(inService, (context) => {
    const { matching } = parts.faces
    return context.json({ matching: matching === null ? null : inServiceView(matching) }, 200)
  })

  const make = createRoute({
    method: 'post',
    path: '/v1/face-calibrations',
    summary: 'Compare stored faces that people confirmed: totals, and a signed calibration',
    middleware: [signedIn(parts, calibrators)] as const,
    request: { body: jsonBody(schemas.calibrationAsk) },
    responses: { 201: json(schemas.faceCalibration, 'What came of it'), ...problems },
  })
  app.openapi(make, async (context) => {
    const asked = context.req.valid('json')
    const made = await parts.vaultCalibrations.make({
      account: context.var.person,
      purpose: asked.purpose,
      classes: asked.camera_class === null ? laneKinds : [asked.camera_class],
      thresholds: {
        falseMatchRate: asked.false_match_rate,
        falsePositiveIdentificationRate: asked.false_positive_identification_rate,
        falseNonMatchRate: asked.false_non_match_rate,
      },
    })
    if (made.kind === 'problem') return answer(context, made) as never
    const row = await calibrationById(parts.db, made.id)
    if (row === null) throw new Error('a calibration that was just made is there')
    return context.json(madeView(row), 201)
  })
}
