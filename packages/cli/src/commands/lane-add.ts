/** `sallyport lane add`: from a camera's address to its first sure read, one step after the other. */

import path from 'node:path'

import { writeCameraFile } from '@sallyport/lane/camera-file'
import { systemClock } from '@sallyport/lane/clock'
import type { DeviceFile } from '@sallyport/lane/device'
import { durableFiles } from '@sallyport/lane/durable-files'
import type { LaneEvent } from '@sallyport/lane/events'
import { type Lane, startLane } from '@sallyport/lane/lane'
import { parseLaneSettings } from '@sallyport/lane/settings'
import { withoutPassword } from '@sallyport/lane/sources/credential'
import { PlateReaderPool } from '@sallyport/vision/pool'

import { CommandFailure, exitCodes } from '../exit.ts'
import { jsonLine, note, step } from '../terminal.ts'
import { askCamera, cameraSource, type NamedCamera } from './lane-camera.ts'
import { gaugeLines, GaugeView } from './lane-gauge.ts'
import {
  codeFor,
  compareClocks,
  enrolHere,
  enrolledBefore,
  hubMeant,
  type NamedLane,
} from './lane-place.ts'
import { unusable } from './lane.ts'

type Adding = NamedCamera & NamedLane & { readonly directory: string; readonly json?: boolean }

/** How often the gauge is drawn, and how often the hub hears of it. */
const gaugeEveryMs = 500
const heartbeatMs = 2_000
/** A sure read waits so long for its crossing to be at the hub. */
const crossingMsMax = 20_000

export async function addLane(options: Adding): Promise<void> {
  const directory = path.resolve(options.directory)
  const stopping = new AbortController()
  const interrupt = (): void => stopping.abort()
  // Kept until the end: an interrupt in the middle of an enrolment would leave half of one.
  process.on('SIGINT', interrupt)
  process.on('SIGTERM', interrupt)
  try {
    const source = await checkCamera(options, directory, stopping.signal)
    const device = await enrolOnce(options, directory, stopping.signal)
    await writeCameraFile(directory, source, durableFiles)
    await aim({ options, directory, source, device }, stopping.signal)
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

function tell({ json }: Adding, name: string, words: string, figures: object = {}): void {
  if (json === true) jsonLine({ step: name, ...figures })
  else step(words)
}

function endIfAsked(signal: AbortSignal, where: string): void {
  if (signal.aborted)
    throw new CommandFailure(`Ended ${where}. The same command goes on from there.`, exitCodes.no)
}

async function checkCamera(
  options: Adding,
  directory: string,
  signal: AbortSignal,
): Promise<string> {
  const source = await cameraSource(options, directory)
  const shown = withoutPassword(source).source
  tell(options, 'address', `Address: ${shown}`, { source: shown })
  endIfAsked(signal, 'before the camera was asked; nothing was changed')
  if (source.startsWith('rtsp:') && options.json !== true) step('Asking the camera…')
  const camera = await askCamera(source, signal).catch((error: unknown) => {
    endIfAsked(signal, 'while the camera was asked; nothing was changed')
    throw error
  })
  endIfAsked(signal, 'while the camera was asked; nothing was changed')
  if (camera === null) return source
  const { codec, width, height, framesPerSecond } = camera
  const rate = framesPerSecond === null ? '' : `, ${framesPerSecond} frames a second`
  tell(options, 'camera', `The camera answers: ${codec}, ${width} × ${height}${rate}`, {
    ...{ codec, width, height },
    frames_per_second: framesPerSecond,
  })
  return source
}

async function enrolOnce(
  options: Adding,
  directory: string,
  signal: AbortSignal,
): Promise<DeviceFile> {
  const before = await enrolledBefore(directory)
  const { origin, session } =
    before === null ? await hubMeant(options) : { origin: before.hub, session: null }
  const offset = await compareClocks(origin)
  const seconds = Math.round(Math.abs(offset) / 1000)
  tell(options, 'hub', `The hub answers: ${origin}`, { hub: origin })
  tell(options, 'clock', `The clocks agree${seconds > 1 ? ` to ${seconds} s` : ''}`, {
    offset_seconds: seconds,
  })
  endIfAsked(signal, 'before anything was enrolled; nothing was changed')
  const device = before ?? (await enrolNew(options, { origin, session, directory }))
  const { lane, port } = device
  const how = before === null ? 'Key made and enrolled' : 'Enrolled before'
  tell(options, 'enrolled', `${how}: lane ${lane.id} (${lane.direction}), port ${port.id}`, {
    ...{ device: device.device, lane: lane.id, port: port.id, direction: lane.direction },
    before: before !== null,
  })
  return device
}

async function enrolNew(
  options: Adding,
  {
    origin,
    session,
    directory,
  }: Awaited<ReturnType<typeof hubMeant>> & { readonly directory: string },
): Promise<DeviceFile> {
  const code = session === null ? options.code : await codeFor(options, session)
  if (code === undefined) throw new Error('without a session there is a code')
  return enrolHere({ hub: origin, code, directory })
}

type Added = {
  readonly options: Adding
  readonly directory: string
  readonly source: string
  readonly device: DeviceFile
}

/** Runs the lane until a plate was read surely, or somebody ends it. */
async function aim({ options, directory, source, device }: Added, signal: AbortSignal) {
  const sent = new AbortController()
  let reason = ''
  const report = (event: LaneEvent): void => {
    if (event.event === 'crossing_sent') sent.abort()
    if (event.event === 'camera') reason = event.state === 'gone' ? event.reason : ''
  }
  const lane = await start(directory, source, report)
  let surely: boolean
  try {
    if (options.json !== true)
      note(
        '\nAim the camera: the gauge below ends when a plate is read surely. Ctrl+C ends it, too.',
      )
    surely = await watch(lane, { options, reason: () => reason }, signal)
    if (surely && options.json !== true) note('The first plate was read surely.')
    if (surely) await systemClock.sleep(crossingMsMax, AbortSignal.any([sent.signal, signal]))
  } finally {
    await lane.stop()
  }
  const atHub = sent.signal.aborted
  const { directory: named } = options
  const run = `npx sallyport lane run --directory ${named}`
  if (options.json === true) {
    jsonLine({ step: 'done', surely, at_hub: atHub, lane: device.lane.id, run })
  } else {
    if (surely)
      note(
        atHub
          ? 'Its crossing is at the hub: see it on the live page.'
          : 'No vehicle drove through meanwhile; the next one that passes is a crossing.',
      )
    note(`The lane is set up in ${named}. Start it: ${run}`)
    note(
      `To aim again, run this once more. To take it back: npx sallyport lane remove --directory ${named}`,
    )
  }
  if (!surely) throw new CommandFailure('Ended before a plate was read surely.', exitCodes.no)
}

async function start(
  directory: string,
  source: string,
  report: (event: LaneEvent) => void,
): Promise<Lane> {
  const parsed = parseLaneSettings({ directory, source })
  if (parsed.kind === 'refused')
    throw new CommandFailure(parsed.problems.join('; '), exitCodes.wrongUse)
  const started = await startLane(parsed.settings, {
    openReader: () => PlateReaderPool.open(),
    report,
    aiming: true,
    heartbeatMs,
  })
  if (started.kind === 'started') return started.lane
  throw new CommandFailure(
    started.detail,
    unusable.has(started.code) ? exitCodes.wrongUse : exitCodes.failed,
  )
}

/** True when a plate was read surely; false when somebody ended it, or the source did. */
async function watch(
  lane: Lane,
  { options, reason }: { readonly options: Adding; readonly reason: () => string },
  signal: AbortSignal,
): Promise<boolean> {
  const view = new GaugeView()
  const over = new AbortController()
  void lane.sourceEnded.then(() => over.abort())
  const either = AbortSignal.any([signal, over.signal])
  let seenMs = performance.now()
  for (;;) {
    const { gauge } = lane.status()
    if (gauge.plate !== null) seenMs = performance.now()
    const lines = gaugeLines(gauge, performance.now() - seenMs)
    const gone = reason() === '' ? [] : [`  no picture from the camera (${reason()})`]
    if (options.json === true) jsonLine({ step: 'gauge', ...gauge, camera_gone: reason() || null })
    else view.show([...gone, ...lines])
    if (gauge.plate?.surely === true) return true
    if (either.aborted) return false
    await systemClock.sleep(gaugeEveryMs, either)
  }
}
