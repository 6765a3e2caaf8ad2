/** What is checked of every request before its route: from where it comes, how long it is, what it holds. */

import type { Context } from 'hono'

import { faceHubLimits } from '../faces/limits.ts'
import { limits } from '../limits.ts'
import { isLoopback } from '../loopback.ts'
import { answer, problem } from '../problems.ts'
import { candidatePath } from './candidate-routes.ts'
import type { App, HubParts } from './context.ts'
import { isLeakFilePath } from './leak-routes.ts'
import { isPicturePath } from './picture-routes.ts'
import { isReaderPath } from './plate-reader-routes.ts'
import { withSupervision } from './supervise.ts'

/** What holds for every request, before any route sees it. */
export function guard(app: App, parts: HubParts): void {
  const { origin } = parts
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
    const most = bytesMaxOf(context.req.path)
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
  app.use('/v1/*', withSupervision(parts))
}

async function finish(context: Context, next: () => Promise<void>): Promise<void> {
  await next()
  context.header('x-content-type-options', 'nosniff')
  context.header('referrer-policy', 'no-referrer')
  context.header('cross-origin-resource-policy', 'same-origin')
  if (context.req.path.startsWith('/v1/')) context.header('cache-control', 'no-store')
}

/** How long a request to this address may be, in bytes. */
function bytesMaxOf(path: string): number {
  if (path === '/v1/bundles') return limits.bundleBytesMax
  if (path === '/v1/watch/imports') return limits.watchImportBytesMax
  if (path === '/v1/passenger-lists') return limits.listImportBytesMax
  if (isLeakFilePath(path)) return limits.leakRequestBytesMax
  if (path === candidatePath) return limits.candidateRequestBytesMax
  if (holdsPhotographs(path)) return faceHubLimits.photosRequestBytesMax
  if (isPicturePath(path)) return limits.readerRequestBytesMax
  return limits.jsonBytesMax
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
