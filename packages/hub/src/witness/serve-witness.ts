/** A witness on HTTP: c2sp.org/tlog-witness, and c2sp.org/tlog-mirror where it keeps copies too. */

import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http'
import { createGunzip } from 'node:zlib'

import { limits as proofLimits } from '@sallyport/proof/limits'
import { checkpointPath } from '@sallyport/proof/tiles'
import type { Mirror } from '@sallyport/store/witness/mirror-directory'
import type { Witness, WitnessAnswer } from '@sallyport/store/witness/witness-directory'

import { witnessLimits as limits } from './limits.ts'

export type WitnessServer = {
  /** The port that was given or, for 0, chosen. */
  readonly port: number
  stop(): Promise<void>
}

/**
 * Serves `POST /add-checkpoint` and `GET /<sha256 of origin>/checkpoint`; of a mirror `POST /add-entries`
 * too, and its copies below `/mirror/<sha256 of origin>/`. Rejects when the port is taken. `report` gets
 * one line an answer.
 */
export async function serveWitness(
  witness: Witness,
  options: {
    readonly host: string
    readonly port: number
    readonly now: () => Date
    readonly report: (line: string) => void
    readonly mirror?: Mirror
  },
): Promise<WitnessServer> {
  const { mirror, now } = options
  const server = createServer((request, response) => {
    answer({ witness, mirror, now }, request)
      .then((answered) => {
        if (answered.report !== null) options.report(answered.report)
        send(response, answered)
      })
      .catch((error: unknown) => {
        options.report(`a request broke off: ${error instanceof Error ? error.message : ''}`)
        response.destroy()
      })
  })
  server.requestTimeout = mirror === undefined ? limits.requestMsMax : limits.uploadMsMax
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

type Answer = {
  readonly status: number
  readonly contentType: string
  readonly body: string | Uint8Array
  /** Null for what is only read. */
  readonly report: string | null
}

type Served = {
  readonly witness: Witness
  readonly mirror: Mirror | undefined
  readonly now: () => Date
}

async function answer(served: Served, request: IncomingMessage): Promise<Answer> {
  const { witness, mirror, now } = served
  const url = request.url ?? ''
  if (url === '/add-checkpoint') {
    if (request.method !== 'POST') return plain(400, 'add-checkpoint is a POST.')
    const body = await readBody(request)
    return body === null ? plain(400, 'The body is too large.') : witness.addCheckpoint(body, now)
  }
  if (mirror !== undefined && url === '/add-entries') return addEntries(mirror, request, now)
  if (request.method !== 'GET') return plain(404, 'There is no such resource.')
  const [, hash = '', resource = ''] = /^\/mirror\/([0-9a-f]{64})\/(.*)$/.exec(url) ?? []
  if (hash !== '') return copied(mirror, hash, resource)
  const named = /^\/([0-9a-f]{64})\/checkpoint$/.exec(url)?.[1]
  const note = named === undefined ? null : witness.latest(named)
  if (note === null) return plain(404, 'There is no such resource.')
  return { status: 200, contentType: text, body: note, report: 'gave a checkpoint' }
}

const text = 'text/plain; charset=utf-8'

async function addEntries(
  mirror: Mirror,
  request: IncomingMessage,
  now: () => Date,
): Promise<WitnessAnswer> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers
  if (request.method !== 'POST' || type !== 'application/octet-stream')
    return plain(400, 'add-entries is a POST of application/octet-stream.')
  if (encoding !== 'gzip' && encoding !== 'identity')
    return plain(400, 'Of encodings there is gzip.')
  if (encoding === 'identity') return mirror.addEntries(request, now)
  const unpacked = createGunzip()
  // Whoever reads `unpacked` hears of it; of a connection that breaks off it must hear too.
  request.once('error', (error) => unpacked.destroy(error)).pipe(unpacked)
  request.once('close', () => {
    if (!request.complete) unpacked.destroy(new Error('the request broke off'))
  })
  return mirror.addEntries(unpacked, now)
}

/** One resource of a copy; 404 for whatever is none. */
async function copied(mirror: Mirror | undefined, hash: string, resource: string): Promise<Answer> {
  const bytes = await mirror?.reader(hash)?.read(resource)
  if (bytes === null || bytes === undefined) return plain(404, 'There is no such resource.')
  const contentType = resource === checkpointPath ? text : 'application/octet-stream'
  return { status: 200, contentType, body: bytes, report: null }
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

function plain(status: 400 | 404, said: string): WitnessAnswer {
  return { status, contentType: text, body: `${said}\n`, report: `refused with ${status}: ${said}` }
}

function send(response: ServerResponse, { status, contentType, body }: Answer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'accept-encoding': 'gzip',
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
