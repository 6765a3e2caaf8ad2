/** Calibrations from what the hub holds: who is who said people, what a distance means is counted. */

import { createRoute, z } from '@hono/zod-openapi'
import { laneKinds } from '@sallyport/core/crossing'
import { calibrators } from '@sallyport/core/faces/vault-calibration'
import type { RatesAtLine } from '@sallyport/core/faces/vault-comparisons'
import {
  calibrationById,
  type CalibrationRow,
  listCalibrations,
} from '@sallyport/store/faces/calibrations'

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
    return context.json({ calibrations: rows.map(calibrationView) }, 200)
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
    return context.json(calibrationView(row), 201)
  })
}

function calibrationView(row: CalibrationRow) {
  return {
    id: row.id,
    at: row.at.toISOString(),
    by: { id: row.account, name: row.account_name },
    purpose: row.purpose,
    model: row.model,
    captures: row.captures.length,
    people: row.people,
    classes:
      row.report?.classes.map((one) =>
        one.kind !== 'measured'
          ? one
          : {
              kind: one.kind,
              camera_class: one.camera_class,
              counts: one.counts,
              not_opened: one.not_opened,
              promised: one.promised,
              ...ratesView(one.rates),
              groups: one.groups.map((each) => ({ group: each.group, ...ratesView(each) })),
              calibration: one.calibration,
            },
      ) ?? null,
    vkey: row.report?.vkey ?? null,
    log_index: row.log_index,
    report_log_index: row.report_log_index,
  }
}

function ratesView({ falseMatch, falseNonMatch }: RatesAtLine) {
  return { false_match: falseMatch, false_non_match: falseNonMatch }
}
