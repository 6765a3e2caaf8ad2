/** The HTTP application: limits and origin checks first, then the routes, then the console. */

import { OpenAPIHono } from '@hono/zod-openapi'
import { LogError } from '@sallyport/store/log/log-error'
import { isDatabaseDown } from '@sallyport/store/postgres/database'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

import { limits } from '../limits.ts'
import { answer, problem } from '../problems.ts'
import { reportStack, reportWords } from '../report-words.ts'
import { addAttestationRoutes } from './attestation-routes.ts'
import { addCalibrationRoutes } from './calibration-routes.ts'
import { addCandidateRoutes } from './candidate-routes.ts'
import { addContainmentRoutes } from './containment-routes.ts'
import type { App, Env, HubParts } from './context.ts'
import { addCrossingRoutes } from './crossing-routes.ts'
import { addDeviceEventRoutes } from './device-event-routes.ts'
import { addDeviceRoutes } from './device-routes.ts'
import { addEpochRoutes } from './epoch-routes.ts'
import { addEvaluationRoutes } from './evaluation-routes.ts'
import { addFaceRoutes } from './face-routes.ts'
import { addFrequentRoutes } from './frequent-routes.ts'
import { addGalleryRoutes } from './gallery-routes.ts'
import { addGrantOpeningRoutes } from './grant-opening-routes.ts'
import { addGrantRoutes } from './grant-routes.ts'
import { guard } from './guard.ts'
import { addHandoverRoutes } from './handover-routes.ts'
import { addHoldRoutes } from './hold-routes.ts'
import { addIncidentPackRoutes } from './incident-pack-routes.ts'
import { addIncidentRoutes } from './incident-routes.ts'
import { addLaneRoutes } from './lane-routes.ts'
import { addLeakRoutes } from './leak-routes.ts'
import { addLogRoutes } from './log-routes.ts'
import { addMaintenanceRoutes } from './maintenance-routes.ts'
import { addNoticeRoutes } from './notice-routes.ts'
import { addPartyRoutes } from './party-routes.ts'
import { addPassengerListRoutes } from './passenger-list-routes.ts'
import { addPasskeyRoutes } from './passkey-routes.ts'
import { addPictureRoutes } from './picture-routes.ts'
import { addPlateReaderRoutes } from './plate-reader-routes.ts'
import { addProviderRoutes } from './provider-routes.ts'
import { addQuarantineRoutes } from './quarantine-routes.ts'
import { addReleaseRoutes } from './release-routes.ts'
import { addReplayRoutes } from './replay-routes.ts'
import { addRetentionRoutes } from './retention-routes.ts'
import { addReviewRoutes } from './review-routes.ts'
import { addScopeRoutes } from './scope-routes.ts'
import { addSecondingRoutes } from './seconding-routes.ts'
import { serveConsole } from './serve-console.ts'
import { addSessionRoutes } from './session-routes.ts'
import { addShreddingRoutes } from './shredding-routes.ts'
import { addSignRoutes } from './sign-routes.ts'
import { addStayRoutes } from './stay-routes.ts'
import { addSubscriptionRoutes } from './subscription-routes.ts'
import { addSupervisionRoutes } from './supervision-routes.ts'
import { addTokenRoutes } from './token-routes.ts'
import { addTrafficShapeRoutes } from './traffic-shape-routes.ts'
import { addTravellerRoutes } from './traveller-routes.ts'
import { addWatchRoutes } from './watch-routes.ts'
import { addWindowRoutes } from './window-routes.ts'
import {
  addDisclosureRoutes,
  addWitnessedRoutes,
  addWitnessStateRoutes,
} from './witnessed-routes.ts'

export const apiVersion = '1'

/** Builds the application. `consoleDirectory` is the built console, or null to serve the API alone. */
export function createApp(parts: HubParts, consoleDirectory: string | null): App {
  const app: App = new OpenAPIHono<Env>({
    defaultHook(result, context) {
      if (result.success) return undefined
      const [issue] = result.error.issues
      const where = issue?.path.join('.') ?? ''
      return answer(
        context,
        problem(
          'malformed_request',
          `${where === '' ? '' : `${where}: `}${issue?.message ?? 'not understood'}`,
        ),
      )
    },
  })
  guard(app, parts)
  app.get('/healthz', (context) => context.json({ status: 'ok', log_size: parts.journal.size() }))
  addDeviceRoutes(app, parts)
  addDeviceEventRoutes(app, parts)
  addMaintenanceRoutes(app, parts)
  addAttestationRoutes(app, parts)
  addEpochRoutes(app, parts)
  addSessionRoutes(app, parts)
  addPasskeyRoutes(app, parts)
  addProviderRoutes(app, parts)
  addLaneRoutes(app, parts)
  addCrossingRoutes(app, parts)
  addFaceRoutes(app, parts)
  addGalleryRoutes(app, parts)
  addFrequentRoutes(app, parts)
  addCalibrationRoutes(app, parts)
  addReviewRoutes(app, parts)
  addWindowRoutes(app, parts)
  addHandoverRoutes(app, parts)
  addEvaluationRoutes(app, parts)
  addCandidateRoutes(app, parts)
  addTrafficShapeRoutes(app, parts)
  addWitnessedRoutes(app, parts)
  addDisclosureRoutes(app, parts)
  addWitnessStateRoutes(app, parts)
  addLogRoutes(app, parts)
  addTokenRoutes(app, parts)
  addPartyRoutes(app, parts)
  addGrantRoutes(app, parts)
  addGrantOpeningRoutes(app, parts)
  addSecondingRoutes(app, parts)
  addSupervisionRoutes(app, parts)
  addReleaseRoutes(app, parts)
  addSubscriptionRoutes(app, parts)
  addWatchRoutes(app, parts)
  addTravellerRoutes(app, parts)
  addSignRoutes(app, parts)
  addPictureRoutes(app, parts)
  addStayRoutes(app, parts)
  addPassengerListRoutes(app, parts)
  addRetentionRoutes(app, parts)
  addScopeRoutes(app, parts)
  addIncidentRoutes(app, parts)
  addIncidentPackRoutes(app, parts)
  addContainmentRoutes(app, parts)
  addQuarantineRoutes(app, parts)
  addNoticeRoutes(app, parts)
  addHoldRoutes(app, parts)
  addLeakRoutes(app, parts)
  addReplayRoutes(app, parts)
  addShreddingRoutes(app, parts)
  addPlateReaderRoutes(app, parts)
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Sallyport hub',
      version: apiVersion,
      description: 'The imaging system of a border crossing whose pictures can be accounted for.',
    },
  })
  if (consoleDirectory !== null) serveConsole(app, consoleDirectory)
  app.notFound((context) =>
    answer(context, problem('not_found', 'There is nothing at this address.')),
  )
  app.onError((error, context) => failure(error, context, parts))
  return app
}

function failure(error: Error, context: Context, parts: HubParts): Response {
  if (error instanceof HTTPException && error.status === 400) {
    return answer(context, problem('malformed_request', 'The body is not JSON.'))
  }
  if (isDatabaseDown(error)) {
    parts.report(`database: ${reportWords(error)}`)
    return answer(
      context,
      problem('not_durable', 'The database does not answer. Nothing was lost; try again.'),
      limits.retryAfterSeconds,
    )
  }
  if (error instanceof LogError) {
    parts.report(`log: ${error.code} ${error.message}`)
    return answer(
      context,
      problem(
        'log_unavailable',
        'The log cannot be written, and nothing happens that does not stand in it. The cause is in the report of the hub.',
      ),
      limits.retryAfterSeconds,
    )
  }
  parts.report(`bug at ${context.req.method} ${context.req.routePath}: ${reportStack(error)}`)
  return answer(
    context,
    problem('internal', 'The hub met an error of its own. It is in the report of the hub.'),
  )
}
