/** An enrolled lane and its hub, for tests that run the whole of it. */

import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import { encodeJpeg } from '@sallyport/vision/encode'

import { systemClock } from '../clock.ts'
import { durableFiles } from '../durable-files.ts'
import { enrol } from '../enrolment.ts'
import type { LaneEvent } from '../events.ts'
import { ask } from '../http.ts'
import { type Lane, startLane } from '../lane.ts'
import { type LaneSettingsInput, parseLaneSettings } from '../settings.ts'
import type { LaneParts } from '../world.ts'
import { FakeHub } from './fake-hub.ts'
import { scriptedReader, testLook, testPicture } from './pictures.ts'

export const token = 'a-token-for-tests-only'

export type LaneBench = {
  readonly root: string
  readonly directory: string
  readonly hub: FakeHub
  readonly events: LaneEvent[]
  /** Starts the lane with a push source and a reader that always says SECRET7. */
  start(input?: Partial<LaneSettingsInput>, parts?: Partial<LaneParts>): Promise<Lane>
  stop(lane: Lane): Promise<void>
  /** Stops everything, removes the files. */
  close(): Promise<void>
}

export async function openLaneBench(): Promise<LaneBench> {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'lane-'))
  const directory = path.join(root, 'lane')
  const hub = new FakeHub()
  const events: LaneEvent[] = []
  const lanes: Lane[] = []
  await hub.start()
  const enrolled = await enrol(
    { hub: hub.url, code: hub.code, directory },
    { ask, files: durableFiles, clock: systemClock, random: crypto.randomBytes },
  )
  if (enrolled.kind === 'refused') throw new Error(enrolled.detail)
  return {
    root,
    directory,
    hub,
    events,
    async start(input = {}, parts = {}) {
      const parsed = parseLaneSettings({ directory, source: 'push:0', push_token: token, ...input })
      if (parsed.kind === 'refused') throw new Error(parsed.problems.join())
      const started = await startLane(parsed.settings, {
        openReader: () => Promise.resolve(scriptedReader([[testLook('SECRET7')]])),
        report: (event) => events.push(event),
        chance: () => 0,
        heartbeatMs: 50,
        ...parts,
      })
      if (started.kind === 'refused') throw new Error(`${started.code}: ${started.detail}`)
      lanes.push(started.lane)
      return started.lane
    },
    async stop(lane) {
      lanes.splice(lanes.indexOf(lane), 1)
      await lane.stop()
    },
    async close() {
      for (const lane of lanes.splice(0)) await lane.stop()
      await hub.stop()
      fs.rmSync(root, { recursive: true, force: true })
    },
  }
}

/** Posts a picture to a lane's push source. */
export async function push(
  lane: Lane,
  image: Uint8Array,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const port = lane.status().source.split(':')[1]
  const response = await fetch(`http://127.0.0.1:${port}/v1/pictures`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/jpeg' },
    body: new Uint8Array(image),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

/** A JPEG; another one for another seed. */
export function photograph(seed = 0): Promise<Uint8Array> {
  const box = { x: 20 + seed * 3, y: 50, width: 100, height: 80, grey: 180 }
  return encodeJpeg(testPicture([box]), 80)
}
