/** The HTTP application: limits and origin checks first, then the routes, then the console. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { OpenAPIHono } from '@hono/zod-openapi'
import { LogError } from '@sallyport/store/log/log-error'
import { isDatabaseDown } from '@sallyport/store/postgres/database'
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

import { faceHubLimits } from '../faces/limits.ts'
import { limits } from '../limits.ts'
import { isLoopback } from '../loopback.ts'
import { answer, problem } from '../problems.ts'
import { reportStack, reportWords } from '../report-words.ts'
import { addAttestationRoutes } from './attestation-routes.ts'
import { addCalibrationRoutes } from './calibration-routes.ts'
import { addCandidateRoutes, candidatePath } from './candidate-routes.ts'
import { addContainmentRoutes } from './containment-routes.ts'
import type { App, Env, HubParts } from './context.ts'
import { addCrossingRoutes } from './crossing-routes.ts'
import { addDeviceEventRoutes } from './device-event-routes.ts'
import { addDeviceRoutes } from './device-routes.ts'
import { addEpochRoutes } from './epoch-routes.ts'
import { addEvaluationRoutes } from './evaluation-routes.ts'
import { addFaceRoutes } from './face-routes.ts'
import { addGalleryRoutes } from './gallery-routes.ts'
import { addGrantOpeningRoutes } from './grant-opening-routes.ts'
import { addGrantRoutes } from './grant-routes.ts'
import { addHandoverRoutes } from './handover-routes.ts'
import { addHoldRoutes } from './hold-routes.ts'
import { addIncidentPackRoutes } from './incident-pack-routes.ts'
import { addIncidentRoutes } from './incident-routes.ts'
import { addLaneRoutes } from './lane-routes.ts'
import { addLeakRoutes, isLeakFilePath } from './leak-routes.ts'
import { addLogRoutes } from './log-routes.ts'
import { addMaintenanceRoutes } from './maintenance-routes.ts'
import { addNoticeRoutes } from './notice-routes.ts'
import { addPartyRoutes } from './party-routes.ts'
import { addPassengerListRoutes } from './passenger-list-routes.ts'
import { addPasskeyRoutes } from './passkey-routes.ts'
import { addPictureRoutes, isPicturePath } from './picture-routes.ts'
import { addPlateReaderRoutes, isReaderPath } from './plate-reader-routes.ts'
import { addProviderRoutes } from './provider-routes.ts'
import { addQuarantineRoutes } from './quarantine-routes.ts'
import { addReleaseRoutes } from './release-routes.ts'
import { addReplayRoutes } from './replay-routes.ts'
import { addRetentionRoutes } from './retention-routes.ts'
import { addReviewRoutes } from './review-routes.ts'
import { addScopeRoutes } from './scope-routes.ts'
import { addSecondingRoutes } from './seconding-routes.ts'
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

/** What holds for every request, before any route sees it. */
function guard(app: App, { origin }: HubParts): void {
  const allowed = new URL(origin)
  const names = new Set([allowed.host])
  if (isLoopback(allowed.hostname))
    for (const name of ['localhost', '127.0.0.1', '[::1]'])
      names.add(new URL(`http://${name}:${allowed.port || '80'}`).host)
  app.use('*', async (context, next) => {
    // A page elsewhere that points its own name at this address (DNS rebinding) says that name here.
    const host = context.req.header('host') ?? ''
    if (!names.has(host) && !names.has(withoutDefaultPort(host)))
      return answer(context, problem('misdirected', `Use ${origin}.`))
    const mutates = !['GET', 'HEAD', 'OPTIONS'].includes(context.req.method)
    const from = context.req.header('origin')
    if (mutates && from !== undefined && !names.has(hostOf(from))) {
      return answer(context, problem('foreign_origin', 'Requests from other sites are not taken.'))
    }
    // The reader measures its bodies itself: programs send them in chunks and in forms.
    if (isReaderPath(context.req.path)) return finish(context, next)
    const isBundle = context.req.path === '/v1/bundles'
    const streams = context.req.header('transfer-encoding') !== undefined
    const declared = Number(
      context.req.header('content-length') ?? (streams ? Number.POSITIVE_INFINITY : 0),
    )
    const isImport = context.req.path === '/v1/watch/imports'
    const most = isBundle
      ? limits.bundleBytesMax
      : isImport
        ? limits.watchImportBytesMax
        : context.req.path === '/v1/passenger-lists'
          ? limits.listImportBytesMax
          : isLeakFilePath(context.req.path)
            ? limits.leakRequestBytesMax
            : context.req.path === candidatePath
              ? limits.candidateRequestBytesMax
              : holdsPhotographs(context.req.path)
                ? faceHubLimits.photosRequestBytesMax
                : isPicturePath(context.req.path)
                  ? limits.readerRequestBytesMax
                  : limits.jsonBytesMax
    if (declared > most) {
      const code = isBundle ? 'bundle_too_large' : 'request_too_large'
      return answer(
        context,
        problem(code, `At most ${most} bytes are taken, with their number in content-length.`),
      )
    }
    if (
      mutates &&
      !isBundle &&
      declared > 0 &&
      !/^application\/json *(;|$)/.test(context.req.header('content-type') ?? '')
    ) {
      return answer(context, problem('unsupported_media_type', 'Send application/json.'))
    }
    await finish(context, next)
  })
}

async function finish(context: Context, next: () => Promise<void>): Promise<void> {
  await next()
  context.header('x-content-type-options', 'nosniff')
  context.header('referrer-policy', 'no-referrer')
  context.header('cross-origin-resource-policy', 'same-origin')
  if (context.req.path.startsWith('/v1/')) context.header('cache-control', 'no-store')
}

/** Photographs of people in one request; who may send them is decided by its route. */
function holdsPhotographs(path: string): boolean {
  return path === '/v1/watch/travellers' || /^\/v1\/galleries\/[0-9a-f]{32}\/photos$/.test(path)
}

/** Proxies may name the port that everybody leaves out. */
function withoutDefaultPort(host: string): string {
  return host.replace(/:(80|443)$/, '')
}

/** Host and port of an origin, as the `host` header would say it; '' when it is none. */
function hostOf(origin: string): string {
  try {
    return new URL(origin).host
  } catch {
    return ''
  }
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

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
}

const contentSecurity = [
  "default-src 'self'",
  "img-src 'self' blob: data:",
  "style-src 'self' 'unsafe-inline'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

function serveConsole(app: App, directory: string): void {
  app.get('*', async (context, next) => {
    const wanted = context.req.path
    if (wanted.startsWith('/v1/') || wanted.startsWith('/log/')) return next()
    const isFile = /^\/(assets\/)?[A-Za-z0-9_.-]+\.[a-z0-9]+$/.test(wanted)
    const file = path.join(directory, isFile ? wanted : 'index.html')
    const bytes = await readFile(file).catch(() => null)
    if (bytes === null) return next()
    context.header('content-type', mediaTypes[path.extname(file)] ?? 'application/octet-stream')
    context.header('content-security-policy', contentSecurity)
    context.header(
      'cache-control',
      wanted.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    )
    return context.body(new Uint8Array(bytes))
  })
}
