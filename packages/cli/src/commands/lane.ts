/** `sallyport lane enrol` and `sallyport lane run`. */

import { randomBytes } from 'node:crypto'
import { stat } from 'node:fs/promises'
import path from 'node:path'

import { readCameraFile } from '@sallyport/lane/camera-file'
import { systemClock } from '@sallyport/lane/clock'
import { deviceFileName } from '@sallyport/lane/device'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol, type EnrolmentRefusal } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { type LaneRefusal, startLane } from '@sallyport/lane/lane'
import { parseLaneSettings } from '@sallyport/lane/settings'
import { withoutPassword, withPassword } from '@sallyport/lane/sources/credential'
import { PlateReaderPool } from '@sallyport/vision/pool'

import { CommandFailure, type ExitCode, exitCodes } from '../exit.ts'
import { openModel } from '../faces/open-model.ts'
import { untilStopped } from '../stopping.ts'
import { note } from '../terminal.ts'

const { wrongUse, refused, failed } = exitCodes

/** How each refusal ends the command, and what comes next. */
export const afterRefusal: Readonly<Record<EnrolmentRefusal, readonly [ExitCode, string]>> = {
  malformed_code: [wrongUse, 'Copy it whole from the console.'],
  malformed_hub: [wrongUse, 'For example --hub http://localhost:8080.'],
  already_enrolled: [
    wrongUse,
    'Start it with npx sallyport lane run, or name another directory with --directory.',
  ],
  directory_in_use: [failed, 'End that process first.'],
  directory_unusable: [failed, 'Make it writable, or name another with --directory.'],
  hub_unreachable: [failed, 'Check the address and the network; the code is still good.'],
  hub_refused: [refused, ''],
  malformed_answer: [failed, 'Is this the address of a hub?'],
  other_agency: [refused, 'Do not use it: ask whoever gave you the code for the right address.'],
}

/** Refusals of a source that was named wrongly, as against a system that failed. */
export const unusable: ReadonlySet<LaneRefusal> = new Set<LaneRefusal>([
  'malformed_source',
  'folder_unreadable',
  'folder_empty',
  'video_unreadable',
])

export async function enrolLane(options: {
  readonly hub: string
  readonly code: string
  readonly directory: string
}): Promise<void> {
  const enrolled = await enrol(
    { ...options, directory: path.resolve(options.directory) },
    { ask, files: durableFiles, clock: systemClock, random: randomBytes },
  )
  if (enrolled.kind === 'refused') {
    const [exitCode, next] = afterRefusal[enrolled.code]
    throw new CommandFailure(`${enrolled.detail} ${next}`.trim(), exitCode)
  }
  const { device, lane, port } = enrolled.device
  note(
    `Enrolled as device ${device} of lane ${typeof lane === 'string' ? lane : lane.id}, port ${typeof port === 'string' ? port : port.id}.`,
  )
  note(
    `Add its camera: npx sallyport lane add --directory ${options.directory} --rtsp rtsp://NAME@CAMERA/PATH`,
  )
}

type RunOptions = {
  /** Without it, the camera that `lane add` kept. */
  readonly source?: string
  readonly rear?: string
  readonly rearWait?: number
  readonly directory: string
  readonly hub?: string
  readonly every?: number
  readonly repeat?: boolean
  readonly pushToken?: string
  readonly faces?: boolean
  readonly faceModel?: string
  readonly window?: number
  readonly enclosure?: string
}

export async function runLane({
  source,
  rear,
  rearWait,
  directory,
  hub,
  every,
  repeat,
  pushToken,
  faces,
  faceModel,
  window,
  enclosure,
}: RunOptions): Promise<void> {
  const parsed = parseLaneSettings({
    source: await cameraOf(path.resolve(directory), source, rear),
    directory: path.resolve(directory),
    ...(rear === undefined ? {} : { rear_source: rear }),
    ...(rearWait === undefined ? {} : { rear_wait_ms: rearWait }),
    ...(hub === undefined ? {} : { hub }),
    ...(every === undefined ? {} : { every_ms: every }),
    ...(repeat === undefined ? {} : { repeat }),
    ...(pushToken === undefined ? {} : { push_token: pushToken }),
    ...(faces === undefined ? {} : { faces }),
    ...(window === undefined ? {} : { window }),
    ...(enclosure === undefined ? {} : { enclosure }),
  })
  if (parsed.kind === 'refused')
    throw new CommandFailure(parsed.problems.join('; '), exitCodes.wrongUse)
  const { settings } = parsed
  if ((await stat(path.join(settings.directory, deviceFileName)).catch(() => null)) === null) {
    throw new CommandFailure(
      `No lane is enrolled in ${settings.directory}. Enrol it first: npx sallyport lane enrol --hub … --code … --directory ${directory}`,
      wrongUse,
    )
  }
  const started = await startLane(settings, {
    // In a thread of its own: while a picture is read the lane goes on sealing and sending.
    openReader: () => PlateReaderPool.open(),
    openFaces: () =>
      openModel({
        data: settings.directory,
        ...(faceModel === undefined ? {} : { model: faceModel }),
      }),
    report: (event) => console.error(JSON.stringify({ at: new Date().toISOString(), ...event })),
  })
  if (started.kind === 'refused') {
    const next =
      started.code === 'directory_in_use'
        ? ' End it first, or name another lane with --directory.'
        : ''
    throw new CommandFailure(
      `${started.detail}${next}`,
      unusable.has(started.code) ? wrongUse : failed,
    )
  }
  const { lane } = started
  const ended = await Promise.race([
    untilStopped().then(() => false),
    lane.sourceEnded.then(() => true),
  ])
  const brokeOff = ended && lane.status().camera === 'gone'
  await lane.stop()
  if (brokeOff) {
    throw new CommandFailure(
      'The source broke off before its end. What was seen until then is kept; the lines above name the reason.',
    )
  }
}

/** From the surroundings, out of which it is taken: no process that is started here gets it. */
export function cameraPassword(): string | null {
  const { SALLYPORT_CAMERA_PASSWORD: password } = process.env
  delete process.env['SALLYPORT_CAMERA_PASSWORD']
  return password === undefined || password === '' ? null : password
}

/** The source as named, or the kept one. A password on a command line is one that everybody here can read. */
async function cameraOf(
  directory: string,
  source: string | undefined,
  rear: string | undefined,
): Promise<string> {
  for (const named of [source, rear])
    if (named !== undefined && withoutPassword(named).password !== null)
      throw new CommandFailure(passwordOnCommandLine, wrongUse)
  if (source !== undefined) return withPassword(source, cameraPassword())
  const kept = await readCameraFile(directory)
  if (kept.kind === 'camera') return kept.source
  throw new CommandFailure(
    kept.kind === 'refused'
      ? kept.detail
      : `No camera is kept in ${directory}. Name it with --source, or add it: npx sallyport lane add --directory ${directory}`,
    wrongUse,
  )
}

export const passwordOnCommandLine =
  'A password on the command line can be read by everybody on this computer. Leave it out of the address: npx sallyport lane add asks for it and keeps it for the lane alone.'
