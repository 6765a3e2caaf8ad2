/** Motion JPEG over HTTP, and single JPEG snapshots asked for again and again, in plain Node. */

import * as http from 'node:http'
import * as https from 'node:https'

import { reasonOf } from '../events.ts'
import { limits } from '../limits.ts'
import { type CameraParts, filmCamera } from './camera.ts'
import { PartReader, boundaryOf } from './multipart.ts'
import { type Frame, type OpenedSource, refuseSource } from './source.ts'

type Show = (image: Frame['image']) => void

/** Wait between two snapshots of a camera that does not stream. */
const snapshotEveryMs = 200

/** A camera at an http or https address; a name and password in it are sent as basic credentials. */
export function openMjpeg(address: string, parts: CameraParts): OpenedSource {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    return refuseSource('malformed_source', 'A motion JPEG camera is an http or https address.')
  }
  const auth = credentialsOf(url)
  if (auth === undefined) {
    return refuseSource('malformed_source', 'The name or password in the address is malformed.')
  }
  const session = async (show: Show, signal: AbortSignal): Promise<string> => {
    for (;;) {
      const reason = await connect(url, auth, show, signal)
      if (reason !== 'snapshot') return reason
      await parts.clock.sleep(snapshotEveryMs, signal)
      if (signal.aborted) return 'stopped'
    }
  }
  return {
    kind: 'source',
    source: {
      kind: 'camera',
      name: `mjpeg:${url.host}`,
      frames: (signal) => filmCamera(session, parts, signal),
    },
  }
}

/** One connection. Resolves with why it ended: `snapshot` after one complete single picture. */
function connect(url: URL, auth: string | null, show: Show, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const client = url.protocol === 'https:' ? https : http
    const request = client.request(target(url), {
      agent: false,
      ...(auth === null ? {} : { auth }),
      signal,
      timeout: limits.cameraIdleMsMax,
      headers: { accept: 'multipart/x-mixed-replace, image/jpeg' },
    })
    const end = (reason: string): void => {
      resolve(reason)
      request.destroy()
    }
    request.on('timeout', () => end('camera_idle'))
    request.on('error', (error) => end(reasonOf(error)))
    request.on('response', (response) => {
      if (response.statusCode !== 200) return end(`status_${response.statusCode ?? 0}`)
      const type = response.headers['content-type'] ?? ''
      const boundary = boundaryOf(type)
      response.on('error', (error) => end(reasonOf(error)))
      if (boundary !== null) return readStream(response, boundary, show, end)
      if (/^image\/jpe?g\b/i.test(type)) return readSnapshot(response, show, end)
      end('not_motion_jpeg')
    })
    request.end()
  })
}

/** `name:password`; null when the address has none, undefined when they are malformed. */
function credentialsOf({ username, password }: URL): string | null | undefined {
  if (username === '' && password === '') return null
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  } catch {
    return undefined
  }
}

function target(url: URL): URL {
  const bare = new URL(url)
  bare.username = ''
  bare.password = ''
  return bare
}

function readStream(
  response: http.IncomingMessage,
  boundary: string,
  show: Show,
  end: (reason: string) => void,
): void {
  const reader = new PartReader(boundary, {
    header: limits.mjpegHeaderMax,
    part: limits.pictureBytesMax,
  })
  response.on('data', (chunk: Buffer) => {
    const read = reader.take(chunk)
    if (read.kind === 'refused') return end(read.code)
    for (const part of read.parts) show(part)
  })
  response.on('close', () => end('camera_closed'))
}

function readSnapshot(
  response: http.IncomingMessage,
  show: Show,
  end: (reason: string) => void,
): void {
  const chunks: Buffer[] = []
  let length = 0
  response.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > limits.pictureBytesMax) return end('part_too_long')
    chunks.push(chunk)
  })
  response.on('end', () => {
    show(Buffer.concat(chunks))
    end('snapshot')
  })
  response.on('close', () => end('camera_closed'))
}
