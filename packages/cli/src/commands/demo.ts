/** `sallyport demo`: a hub and its lanes on this machine. The lanes are real lane processes. */

import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cp, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

import type { Direction, LaneKind } from '@sallyport/core/crossing'
import { roles } from '@sallyport/core/opening'
import { makeEnrolmentCode } from '@sallyport/hub/api/lane-routes'
import type { Hub } from '@sallyport/hub/hub'
import { hubSettings } from '@sallyport/hub/settings'
import { systemClock } from '@sallyport/lane/clock'
import { durableFiles } from '@sallyport/lane/durable-files'
import { enrol } from '@sallyport/lane/enrolment'
import { ask } from '@sallyport/lane/http'
import { insertLane } from '@sallyport/store/lanes'
import {
  drawnCalibrationFiles,
  drawnCalibrationKeys,
} from '@sallyport/vision/face/drawn-calibration'
import { isPictureName, pictureExtensions } from '@sallyport/vision/picture-files'

import { openInBrowser } from '../browser.ts'
import { expectDrawnPeople } from '../demo/expected-people.ts'
import { CommandFailure, exitCodes } from '../exit.ts'
import { freePort } from '../free-port.ts'
import { untilStopped } from '../stopping.ts'
import { note } from '../terminal.ts'
import { startHubForPeople } from './hub.ts'

type Options = {
  readonly data: string
  readonly port: number
  readonly photos?: string
  readonly for?: number
  readonly open: boolean
}

type DemoLane = {
  readonly id: string
  readonly name: string
  readonly direction: Direction
  readonly kind: LaneKind
  /** Whether it looks for faces. */
  readonly faces: boolean
  readonly source: readonly string[]
  readonly pushToken?: string
}

const restartMs = 2_000
/** A lane that has not ended by then is ended by force: its spool stands that. */
const stopMsMax = 10_000

export async function demo(options: Options): Promise<void> {
  const push = { port: await freePort(), token: randomBytes(24).toString('hex') }
  const lanes = await lanesOf(options.photos, push)
  const drawn = options.photos === undefined
  const hub = await startHubForPeople(
    hubSettings.parse({
      data: options.data,
      port: options.port,
      portOfEntry: {
        id: 'demo',
        name: 'Demonstration crossing',
        zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      },
      logOrigin: 'sallyport.invalid/demo',
      synthetic: drawn,
      // Drawn people are near each other, and need a calibration of their own.
      ...(drawn
        ? {
            faces: 'evaluation',
            faceCalibrations: [...drawnCalibrationFiles],
            faceCalibrationKeys: [...drawnCalibrationKeys],
          }
        : {}),
      // So short that stays which are too long are there to be seen at once.
      stayRules: [
        {
          id: 'demo-permit',
          name: 'Demonstration permit of three minutes',
          subject: 'vehicle',
          kind: 'permit_hours',
          hours: 0.05,
        },
      ],
      firstAccount: { name: 'Visitor of the demo', roles: [...roles] },
      signInLink: true,
      pictureLane: { lane: ownPictures, ...push },
    }),
  )
  const ending = new AbortController()
  const running: Promise<void>[] = []
  try {
    note('')
    note(`  Sallyport is running: ${hub.origin}`)
    if (hub.link !== null) note(`  Sign in once with:    ${hub.link.url}`)
    note('')
    note(
      drawn
        ? '  Everything the cameras see is drawn by the demo itself. Ctrl+C ends it.'
        : `  Lane in-1 reads the photographs in ${options.photos}. Ctrl+C ends it.`,
    )
    note('')
    if (options.open && hub.link !== null) await openInBrowser(hub.link.url)
    for (const lane of lanes) {
      const directory = await prepareLane(lane, options.data, hub)
      running.push(keepRunning(lane, { directory, hub: hub.origin }, ending.signal))
    }
    if (drawn) running.push(expectDrawnPeople(hub.parts, ending.signal))
    await untilStopped(options.for)
  } finally {
    note('Stopping…')
    ending.abort()
    await Promise.all(running)
    await hub.stop()
  }
}

const ownPictures = 'own-1'

type Push = { readonly port: number; readonly token: string }

async function lanesOf(photos: string | undefined, push: Push): Promise<readonly DemoLane[]> {
  const own = {
    id: ownPictures,
    name: 'Your pictures',
    direction: 'in',
    kind: 'vehicle',
    faces: photos === undefined,
    source: ['--source', `push:${push.port}`],
    pushToken: push.token,
  } as const
  if (photos !== undefined) {
    const found = await stat(photos).catch(() => null)
    const holdsPictures =
      found?.isDirectory() === true && (await readdir(photos)).some(isPictureName)
    if (found?.isDirectory() === true && !holdsPictures)
      throw new CommandFailure(
        `${photos} holds no pictures (${pictureExtensions.join(' ')}).`,
        exitCodes.wrongUse,
      )
    if (found?.isDirectory() !== true)
      throw new CommandFailure(`${photos} is no folder of photographs.`, exitCodes.wrongUse)
    return [
      {
        id: 'in-1',
        name: 'Lane 1',
        direction: 'in',
        kind: 'vehicle',
        faces: false,
        source: ['--source', `folder:${path.resolve(photos)}`, '--repeat', '--every', '1500'],
      },
      own,
    ]
  }
  const camera = (spec: string): readonly string[] => ['--source', `drawn:${spec}`]
  const plates = { kind: 'vehicle', faces: false } as const
  const people = { kind: 'vehicle', faces: true } as const
  const walk = { kind: 'walk', faces: true } as const
  return [
    { id: 'in-1', name: 'Lane 1', direction: 'in', ...people, source: camera('1:people:by-clock') },
    { id: 'in-2', name: 'Lane 2', direction: 'in', ...plates, source: camera('2:by-clock') },
    // Some of what the first two draw drives out again here.
    {
      ...{ id: 'out-1', name: 'Lane 3', direction: 'out', ...plates },
      source: camera('3:by-clock=1:people+2'),
    },
    {
      ...{ id: 'on-foot-1', name: 'Walkway', direction: 'in', ...walk },
      // Seldom: two cores are shared by everything that runs here.
      source: [...camera('4:walk:by-clock'), '--every', '30000'],
    },
    own,
  ]
}

/** Adds the lane to the hub and enrols its device as an integrator would; once per data directory. */
async function prepareLane(lane: DemoLane, data: string, hub: Hub): Promise<string> {
  const directory = path.resolve(data, 'lanes', lane.id)
  const { parts } = hub
  await insertLane(parts.db, {
    id: lane.id,
    name: lane.name,
    direction: lane.direction,
    kind: lane.kind,
    port: parts.port.id,
    created_at: parts.now(),
  })
  const enrolledBefore = await stat(path.join(directory, 'device.json')).catch(() => null)
  if (enrolledBefore === null) await enrolDemoLane(lane, directory, hub)
  // Where the lane looks for it; among the arguments others on the machine could see it.
  if (lane.pushToken !== undefined)
    await writeFile(path.join(directory, 'push.token'), `${lane.pushToken}\n`, { mode: 0o600 })
  // The hub has converted the networks by now; what it made is believed by its hash only.
  if (lane.faces)
    await cp(path.resolve(data, 'cache'), path.join(directory, 'cache'), { recursive: true })
  return directory
}

async function enrolDemoLane(lane: DemoLane, directory: string, hub: Hub): Promise<void> {
  const { parts } = hub
  const { code } = await makeEnrolmentCode(lane.id, parts)
  const enrolled = await enrol(
    { hub: hub.origin, code, directory },
    { ask, files: durableFiles, clock: systemClock, random: randomBytes },
  )
  if (enrolled.kind === 'refused')
    throw new CommandFailure(`Lane ${lane.id} could not be enrolled: ${enrolled.detail}`)
}

const bin = fileURLToPath(new URL('../../bin/sallyport.mjs', import.meta.url))

/** Runs one lane process until `signal`, again when it ends before. */
async function keepRunning(
  lane: DemoLane,
  { directory, hub }: { readonly directory: string; readonly hub: string },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const child = spawn(
      process.execPath,
      // The hub may have another port than when the lane enrolled.
      [
        ...[bin, 'lane', 'run', '--directory', directory, '--hub', hub],
        ...(lane.faces ? ['--faces'] : []),
        ...lane.source,
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    let impatience: NodeJS.Timeout | undefined
    const stop = () => {
      child.kill('SIGTERM')
      impatience = setTimeout(() => child.kill('SIGKILL'), stopMsMax)
    }
    signal.addEventListener('abort', stop, { once: true })
    const last = await lastLineOf(child)
    signal.removeEventListener('abort', stop)
    clearTimeout(impatience)
    if (signal.aborted) return
    note(`Lane ${lane.id} ended (${last}); starting it again.`)
    await new Promise((resolve) => setTimeout(resolve, restartMs))
  }
}

/** Waits for the end of a process and returns the last thing it said. */
async function lastLineOf(child: ChildProcess): Promise<string> {
  let tail = ''
  child.stderr?.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString('utf8')).slice(-2000)))
  child.once('error', (error) => (tail = error.message))
  await new Promise((resolve) => {
    child.once('close', resolve)
    // A process that could not be started closes nothing.
    child.once('error', resolve)
  })
  return tail.trim().split('\n').at(-1) ?? ''
}
