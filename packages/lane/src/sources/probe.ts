/** Whether an RTSP camera answers, and with what: asked once, before a lane is made of it. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as net from 'node:net'

import { z } from 'zod'

import { parseJson } from '../device.ts'
import { limits } from '../limits.ts'
import { type Complaint, complaintOf, ffmpegEnvironment, rtspInput } from './ffmpeg-input.ts'

export type ProbeRefusal = Complaint | 'ffmpeg_missing' | 'no_picture' | 'not_a_camera'

export type Probed =
  | {
      readonly kind: 'camera'
      readonly codec: string
      readonly width: number
      readonly height: number
      /** As the camera declares it; null where it does not. */
      readonly framesPerSecond: number | null
    }
  | { readonly kind: 'refused'; readonly code: ProbeRefusal }

const shown = z.object({
  streams: z.array(
    z.object({
      codec_name: z.string().max(40).default('unknown'),
      width: z.number().default(0),
      height: z.number().default(0),
      avg_frame_rate: z.string().default(''),
    }),
  ),
})

/** Asks the camera at `address` what it sends. `ffprobe` comes with ffmpeg; another path for tests. */
export async function probeRtsp(
  address: URL,
  signal: AbortSignal,
  ffprobe = 'ffprobe',
): Promise<Probed> {
  const unreachable = await knock(address, signal)
  if (unreachable !== null) return { kind: 'refused', code: unreachable }
  const { parameters, list } = rtspInput(address)
  const child = spawn(
    ffprobe,
    [
      ...['-hide_banner', '-loglevel', 'error', '-select_streams', 'v:0'],
      ...['-show_entries', 'stream=codec_name,width,height,avg_frame_rate', '-of', 'json'],
      ...parameters,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: ffmpegEnvironment() },
  )
  child.stdin.on('error', () => undefined).end(list)
  const out = collect(child.stdout)
  const words = collect(child.stderr)
  let late = false
  const stop = (): void => void child.kill('SIGKILL')
  const timer = setTimeout(() => {
    late = true
    stop()
  }, limits.probeMsMax)
  signal.addEventListener('abort', stop, { once: true })
  try {
    await once(child, 'close')
  } catch {
    return { kind: 'refused', code: 'ffmpeg_missing' }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
  }
  const complaint = complaintOf(words())
  // It took the connection, and then said nothing more.
  if (late || complaint === 'no_answer') return { kind: 'refused', code: 'no_picture' }
  if (complaint !== null) return { kind: 'refused', code: complaint }
  return streamOf(out())
}

function streamOf(text: string): Probed {
  const parsed = shown.safeParse(parseJson(text))
  const stream = parsed.success ? parsed.data.streams[0] : undefined
  if (stream === undefined) return { kind: 'refused', code: 'not_a_camera' }
  const { codec_name: codec, width, height } = stream
  if (width < 1 || height < 1) return { kind: 'refused', code: 'no_picture' }
  return { kind: 'camera', codec, width, height, framesPerSecond: rateOf(stream.avg_frame_rate) }
}

/** `30000/1001`; `0/0` says nothing. */
function rateOf(text: string): number | null {
  const [, frames, seconds] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? []
  const rate = Number(frames) / Number(seconds)
  return rate > 0 && rate < 1000 ? Math.round(rate * 10) / 10 : null
}

/** Whether anybody listens there; null when somebody does. */
async function knock(address: URL, signal: AbortSignal): Promise<Complaint | null> {
  const port = address.port === '' ? (address.protocol === 'rtsps:' ? 322 : 554) : +address.port
  const host = address.hostname.replace(/^\[|\]$/g, '')
  const socket = net.connect({ host, port, timeout: limits.cameraIdleMsMax, signal })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
      socket.once('timeout', () => reject(Object.assign(new Error('late'), { code: 'ETIMEDOUT' })))
    })
    return null
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : ''
    if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name_unknown'
    return code === 'ECONNREFUSED' ? 'connection_refused' : 'no_answer'
  } finally {
    socket.destroy()
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.on('data', (chunk: Buffer) => {
    if (text.length < limits.ffmpegWordsMax) text += chunk.toString('latin1')
  })
  return () => text
}
