/**
 * Serves the lane's own page on 127.0.0.1. While the hub answers it shows nothing: pictures are opened
 * there, logged. While it does not, whoever sits at the lane's computer sees what stands before them, and
 * what they decide is kept.
 */

import { once } from 'node:events'
import * as http from 'node:http'

import { type GaugeFigures, readGauge } from '@sallyport/core/gauge'

import { reasonOf } from '../events.ts'
import { limits } from '../limits.ts'
import type { Contact } from './contact.ts'
import type { KeptVerdicts } from './kept-verdicts.ts'
import type { LocalView } from './local-view.ts'
import { pageScript } from './page-script.ts'
import { pageCss, pageHtml } from './page.ts'
import type { VerdictAnswer, VerdictDesk } from './verdict-desk.ts'

export type WindowRefusal = {
  readonly kind: 'refused'
  readonly code: 'port_in_use'
  readonly detail: string
}

type LaneWindow = { readonly port: number; readonly close: () => void }

type Shown = {
  readonly lane: string
  readonly contact: Pick<Contact, 'localSince'>
  readonly view: LocalView
  readonly gauge: () => GaugeFigures
  readonly kept: Pick<KeptVerdicts, 'waiting' | 'refused'>
  /** Null until the lane knows what it signs and seals with. */
  readonly desk: () => VerdictDesk | null
}

const files: Readonly<Record<string, readonly [string, string]>> = {
  '/': ['text/html; charset=utf-8', pageHtml],
  '/page.css': ['text/css; charset=utf-8', pageCss],
  '/page.js': ['text/javascript; charset=utf-8', pageScript],
}

/** Listens on `port` of 127.0.0.1 (0: any), or says why it cannot. */
export async function serveWindow(
  port: number,
  shown: Shown,
): Promise<{ readonly kind: 'serving'; readonly window: LaneWindow } | WindowRefusal> {
  const server = http.createServer((request, response) => {
    handle(request, response, shown).catch(() => response.destroy())
  })
  server.maxConnections = 16
  server.requestTimeout = limits.pushBodyMsMax
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch (error) {
    return {
      kind: 'refused',
      code: 'port_in_use',
      detail: `Port ${port} cannot be used for the lane's page (${reasonOf(error)}). Choose another with --window.`,
    }
  }
  const address = server.address()
  return {
    kind: 'serving',
    window: {
      port: typeof address === 'object' && address !== null ? address.port : port,
      close: () => {
        server.close()
        server.closeAllConnections()
      },
    },
  }
}

async function handle(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  shown: Shown,
): Promise<void> {
  const { contact, view } = shown
  const send = (status: number, type: string, body: string | Uint8Array): void => {
    response
      .writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        'content-security-policy': "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
        'x-content-type-options': 'nosniff',
        'cross-origin-resource-policy': 'same-origin',
      })
      .end(body)
  }
  const { host = '' } = request.headers
  // A page elsewhere that points its own name at this address says that name here.
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host))
    return send(421, 'text/plain', 'Use http://127.0.0.1.\n')
  const { pathname } = new URL(request.url ?? '/', 'http://lane')
  if (request.method === 'POST' && pathname === '/verdicts') {
    const answer = await takeVerdict(request, host, shown)
    return send(statusOf(answer), 'application/json', JSON.stringify(answer))
  }
  if (request.method !== 'GET') return send(405, 'text/plain', 'Nothing else is taken here.\n')
  const file = files[pathname]
  if (file !== undefined) return send(200, ...file)
  if (pathname === '/state') return send(200, 'application/json', JSON.stringify(stateOf(shown)))
  if (pathname !== '/picture') return send(404, 'text/plain', 'There is nothing at this address.\n')
  const picture = contact.localSince === null ? null : await view.picture()
  // The hub may have come back while it was encoded.
  if (picture === null || contact.localSince === null)
    return send(409, 'text/plain', 'The hub answers: open pictures there.\n')
  send(200, 'image/jpeg', picture)
}

function stateOf({ lane, contact, view, kept, gauge }: Shown) {
  const figures = gauge()
  const since = contact.localSince
  return {
    lane,
    local_since: since?.toISOString() ?? null,
    verdicts: { waiting: kept.waiting, refused: kept.refused },
    gauge: { plate_at: figures.plate?.seen_at ?? null, readings: readGauge(figures) },
    plates: since === null ? [] : view.plates,
  }
}

/** Nobody signs in here: what a page of another site sends in the browser's name is no verdict. */
async function takeVerdict(
  request: http.IncomingMessage,
  host: string,
  { desk }: Shown,
): Promise<VerdictAnswer> {
  const malformed = (detail: string): VerdictAnswer => ({
    kind: 'refused',
    code: 'malformed_request',
    detail,
  })
  const { origin, 'content-type': type = '' } = request.headers
  if (origin !== undefined && origin !== `http://${host}`)
    return malformed('Verdicts are given on this page only.')
  if (!type.startsWith('application/json')) return malformed('A verdict is JSON.')
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > limits.verdictBytesMax) return malformed('A verdict is short.')
    chunks.push(chunk)
  }
  const open = desk()
  if (open === null) return malformed('The lane is starting. Try again.')
  return open.give(Buffer.concat(chunks).toString('utf8'))
}

function statusOf(answer: VerdictAnswer): number {
  if (answer.kind === 'given') return 201
  switch (answer.code) {
    case 'malformed_request':
      return 400
    case 'not_here':
      return 404
    case 'hub_answers':
    case 'said_already':
      return 409
    case 'too_many':
    case 'no_epoch':
    case 'not_written':
      return 503
  }
}
