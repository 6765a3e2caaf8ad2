/**
 * Video files and RTSP cameras through the system's ffmpeg: its own process, no shell, only the
 * protocols it needs, and pictures over a pipe. What it parses is not trusted, so it parses it there.
 */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'

import { reasonOf } from '../events.ts'
import { limits } from '../limits.ts'
import { type CameraParts, filmCamera } from './camera.ts'
import { complaintOf, ffmpegEnvironment, type FfmpegInput, rtspInput } from './ffmpeg-input.ts'
import { PpmReader } from './ppm.ts'
import { type Frame, type OpenedSource, Latest, refuseSource } from './source.ts'

export type VideoSettings = {
  readonly framesPerSecond: number
  /** Pictures are scaled down to at most this width. */
  readonly widthMax: number
  /** The program; another path for tests. */
  readonly ffmpeg: string
}

export const videoDefaults: VideoSettings = { framesPerSecond: 5, widthMax: 1920, ffmpeg: 'ffmpeg' }

type Show = (image: Frame['image']) => void

/** A video file, played once at its own speed; refused when there is no picture in it. */
export async function openVideoFile(
  file: string,
  parts: CameraParts,
  settings: VideoSettings = videoDefaults,
): Promise<OpenedSource> {
  const missing = await missingFfmpeg(settings)
  if (missing !== null) return missing
  if (fs.statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    return refuseSource(
      'video_unreadable',
      `${file} is not a file. Name a video with --source file:VIDEO.`,
    )
  }
  // As a file URL nothing in the name can be taken for an option or another protocol.
  const parameters = ['-protocol_whitelist', 'file,pipe', '-re', '-i', `file:${file}`]
  const input: FfmpegInput = { parameters, list: null }
  const first = new AbortController()
  const reason = await play(input, settings, () => first.abort(), first.signal)
  if (!first.signal.aborted) {
    return refuseSource(
      'video_unreadable',
      `ffmpeg finds no picture in ${file} (${reason}). Name a video with --source file:VIDEO.`,
    )
  }
  async function* frames(signal: AbortSignal): AsyncGenerator<Frame, void> {
    const queue = new Latest<Frame>(limits.framesWaitingMax)
    const { clock, report } = parts
    const show: Show = (image) =>
      queue.push({ image, takenAt: clock.now(), monotonicMs: clock.monotonicMs(), pass: 'live' })
    const left = new AbortController()
    const either = AbortSignal.any([signal, left.signal])
    const played = play(input, settings, show, either).then((reason) => {
      if (reason !== 'ended' && !either.aborted) report({ event: 'camera', state: 'gone', reason })
      queue.end()
    })
    try {
      yield* queue
    } finally {
      left.abort()
      await played
    }
  }
  return { kind: 'source', source: { kind: 'camera', name: 'file', frames } }
}

/** An RTSP camera over TCP; opened again whenever it goes away. */
export async function openRtsp(
  address: string,
  parts: CameraParts,
  settings: VideoSettings = videoDefaults,
): Promise<OpenedSource> {
  const url = URL.canParse(address) ? new URL(address) : null
  if (url === null || (url.protocol !== 'rtsp:' && url.protocol !== 'rtsps:')) {
    return refuseSource('malformed_source', 'An RTSP camera is an rtsp or rtsps address.')
  }
  const missing = await missingFfmpeg(settings)
  if (missing !== null) return missing
  const input = rtspInput(url)
  return {
    kind: 'source',
    source: {
      kind: 'camera',
      name: `rtsp:${url.host}`,
      frames: (signal) =>
        filmCamera((show, stop) => play(input, settings, show, stop), parts, signal),
    },
  }
}

async function missingFfmpeg({ ffmpeg }: VideoSettings): Promise<OpenedSource | null> {
  const child = spawn(ffmpeg, ['-hide_banner', '-version'], { stdio: 'ignore' })
  const found = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
  return found
    ? null
    : refuseSource(
        'ffmpeg_missing',
        `${ffmpeg} does not run; install it (Debian: apt install ffmpeg).`,
      )
}

/** Runs ffmpeg once. Resolves with `ended`, or why it did not come that far; its process is gone then. */
async function play(
  { parameters, list }: FfmpegInput,
  { framesPerSecond, widthMax, ffmpeg }: VideoSettings,
  show: Show,
  signal: AbortSignal,
): Promise<string> {
  if (signal.aborted) return 'stopped'
  const filter = `fps=${framesPerSecond},scale='min(${widthMax},iw)':-2`
  const child = spawn(
    ffmpeg,
    [
      ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-threads', '1'],
      ...parameters,
      ...['-an', '-sn', '-dn', '-vf', filter],
      ...['-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1'],
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: ffmpegEnvironment() },
  )
  // It may be gone before it has read its list.
  child.stdin.on('error', () => undefined).end(list ?? '')
  const reader = new PpmReader(limits.ffmpegFrameSideMax)
  let reason: string | null = null
  const stop = (why: string): void => {
    reason ??= why
    child.kill('SIGKILL')
  }
  const stopped = (): void => stop('stopped')
  signal.addEventListener('abort', stopped, { once: true })
  const watchdog = setInterval(() => stop('camera_idle'), limits.cameraIdleMsMax)
  child.stdout.on('data', (chunk: Buffer) => {
    watchdog.refresh()
    const read = reader.take(chunk)
    if (read.kind === 'refused') return stop(read.code)
    for (const picture of read.pictures) show(picture)
  })
  // What ffmpeg complains of may quote addresses and names: only its kind is kept.
  let words = ''
  child.stderr.on('data', (chunk: Buffer) => {
    if (words.length < limits.ffmpegWordsMax) words += chunk.toString('latin1')
  })
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return reason ?? (code === 0 ? 'ended' : (complaintOf(words) ?? `ffmpeg_${code ?? 'killed'}`))
  } catch (error) {
    return reasonOf(error)
  } finally {
    clearInterval(watchdog)
    signal.removeEventListener('abort', stopped)
  }
}
