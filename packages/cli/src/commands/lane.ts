/** `sallyport lane enrol` and `sallyport lane run` */

import { randomBytes } from 'node:crypto'
import path from 'node:path'

import { systemClock } from '@sallyport/lane/clock'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { startLane } from '@sallyport/lane/lane'
import { parseLaneSettings } from '@sallyport/lane/settings'
import { openPlateReader } from '@sallyport/vision/plate-reader'

import { CommandFailure, exitCodes } from '../exit.ts'
import { untilStopped } from '../stopping.ts'
import { note } from '../terminal.ts'

export async function enrolLane(options: {
  readonly hub: string
  readonly code: string
  readonly directory: string
}): Promise<void> {
  const enrolled = await enrol(
    { ...options, directory: path.resolve(options.directory) },
    { ask, files: durableFiles, clock: systemClock, random: randomBytes },
  )
  if (enrolled.kind === 'refused') throw new CommandFailure(enrolled.detail, exitCodes.refused)
  const { device, lane, port } = enrolled.device
  note(
    `Enrolled as device ${device} of lane ${typeof lane === 'string' ? lane : lane.id}, port ${typeof port === 'string' ? port : port.id}.`,
  )
  note(
    `Start it: npx sallyport lane run --directory ${options.directory} --source mjpeg:http://CAMERA/…`,
  )
}

type RunOptions = {
  readonly source: string
  readonly directory: string
  readonly hub?: string
  readonly every?: number
  readonly repeat?: boolean
  readonly pushToken?: string
}

export async function runLane({
  source,
  directory,
  hub,
  every,
  repeat,
  pushToken,
}: RunOptions): Promise<void> {
  const parsed = parseLaneSettings({
    source,
    directory: path.resolve(directory),
    ...(hub === undefined ? {} : { hub }),
    ...(every === undefined ? {} : { every_ms: every }),
    ...(repeat === undefined ? {} : { repeat }),
    ...(pushToken === undefined ? {} : { push_token: pushToken }),
  })
  if (parsed.kind === 'refused')
    throw new CommandFailure(parsed.problems.join('; '), exitCodes.wrongUse)
  const started = await startLane(parsed.settings, {
    openReader: () => openPlateReader(),
    report: (event) => console.error(JSON.stringify({ at: new Date().toISOString(), ...event })),
  })
  if (started.kind === 'refused') throw new CommandFailure(started.detail)
  const { lane } = started
  await Promise.race([untilStopped(), lane.sourceEnded])
  await lane.stop()
}
