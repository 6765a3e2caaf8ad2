/** A witness on HTTP: c2sp.org/tlog-witness and nothing else. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'

import { limits as proofLimits } from '@sallyport/proof/limits'
import type { Witness, WitnessAnswer } from '@sallyport/store/witness/witness-directory'

import { witnessLimits as limits } from './limits.ts'

export type WitnessServer = {
  /** The port that was given or, for 0, chosen. */
  readonly port: number
  stop(): Promise<void>
}

/**
 * Serves `POST /add-checkpoint` and `GET /<sha256 of origin>/checkpoint`. Rejects when the port is
 * taken. `report` gets one line an answer.
 */
export async function serveWitness(
  witness: Witness,
  options: {
    readonly host: string
    readonly port: number
    readonly now: () => Date
    readonly report: (line: string) => void
  },
): Promise<WitnessServer> {
  const server = createServer((request, response) => {
    answer(witness, request, options.now)
      .then((answered) => {
        options.report(answered.report)
        send(response, answered)
      })
      .catch((error: unknown) => {
        options.report(`a request broke off: ${error instanceof Error ? error.message : ''}`)
        response.destroy()
      })
  })
  server.requestTimeout = limits.requestMsMax
  server.headersTimeout = limits.requestMsMax
  server.keepAliveTimeout = limits.keepAliveMs
  server.maxConnections = limits.connectionsMax
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    // Loopback has two addresses; the name alone would take the one that the resolver names first.
    server.listen(options.port, options.host === 'localhost' ? '127.0.0.1' : options.host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    stop: () => close(server),
  }
}

async function answer(
  witness: Witness,
  request: IncomingMessage,
  now: () => Date,
): Promise<WitnessAnswer> {
  const url = request.url ?? ''
  if (url === '/add-checkpoint') {
    if (request.method !== 'POST') return plain(400, 'add-checkpoint is a POST.')
    const body = await readBody(request)
    return body === null ? plain(400, 'The body is too large.') : witness.addCheckpoint(body, now)
  }
  const hash = /^\/([0-9a-f]{64})\/checkpoint$/.exec(url)?.[1]
  const note = hash === undefined || request.method !== 'GET' ? null : witness.latest(hash)
  if (note === null) return plain(404, 'There is no such resource.')
  return {
    status: 200,
    contentType: 'text/plain; charset=utf-8',
    body: note,
    report: 'gave a checkpoint',
  }
}

/** The whole body; null once it is larger than a request can be. */
async function readBody(request: IncomingMessage): Promise<Uint8Array | null> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request) {
    const bytes = part as Buffer
    length += bytes.length
    if (length > proofLimits.addCheckpointMax) return null
    parts.push(bytes)
  }
  return Buffer.concat(parts)
}

function plain(status: 400 | 404, text: string): WitnessAnswer {
  const report = `refused with ${status}: ${text}`
  return { status, contentType: 'text/plain; charset=utf-8', body: `${text}\n`, report }
}

function send(response: ServerResponse, { status, contentType, body }: WitnessAnswer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), limits.requestMsMax).unref()
  })
}
