/**
 * Serves the lane's own page on 127.0.0.1. While the hub answers it shows nothing: pictures are opened
 * there, logged. While it does not, whoever sits at the lane's computer sees what stands before them.
 */

import { once } from 'node:events'
import * as http from 'node:http'

import { reasonOf } from '../events.ts'
import type { Contact } from './contact.ts'
import type { LocalView } from './local-view.ts'
import { pageCss, pageHtml, pageScript } from './page.ts'

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
  { lane, contact, view }: Shown,
): Promise<void> {
  const since = contact.localSince
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
  // A page elsewhere that points its own name at this address says that name here.
  if (!/^(localhost|127\.0\.0\.1)(:\d+)?$/.test(request.headers.host ?? ''))
    return send(421, 'text/plain', 'Use http://127.0.0.1.\n')
  if (request.method !== 'GET') return send(405, 'text/plain', 'This page is only looked at.\n')
  const { pathname } = new URL(request.url ?? '/', 'http://lane')
  const file = files[pathname]
  if (file !== undefined) return send(200, ...file)
  if (pathname === '/state') {
    const state = {
      lane,
      local_since: since?.toISOString() ?? null,
      plates: since === null ? [] : view.plates,
    }
    return send(200, 'application/json', JSON.stringify(state))
  }
  if (pathname !== '/picture') return send(404, 'text/plain', 'There is nothing at this address.\n')
  const picture = since === null ? null : await view.picture()
  // The hub may have come back while it was encoded.
  if (picture === null || contact.localSince === null)
    return send(409, 'text/plain', 'The hub answers: open pictures there.\n')
  send(200, 'image/jpeg', picture)
}
