/** What a lane takes from its surroundings, with ordinary defaults; tests put others in their place. */

import { randomBytes, randomInt } from 'node:crypto'
import * as path from 'node:path'

import { fromUtf8, toHex, utf8 } from '@sallyport/proof/bytes'
import type { Random } from '@sallyport/proof/node/age-payload'

import { type AlarmKind, type Alarms, createAlarms } from './alarms.ts'
import { type Chance, type Clock, systemClock } from './clock.ts'
import { type DurableFiles, durableFiles } from './durable-files.ts'
import type { LaneEvent, Report } from './events.ts'
import type { LaneFaceReader } from './face-watch.ts'
import { type Ask, ask } from './http.ts'
import { limits } from './limits.ts'
import { linuxMachine } from './machine/linux.ts'
import type { Machine } from './machine/machine.ts'
import type { LaneReader } from './reader.ts'
import type { LaneSettings } from './settings.ts'

/** What a lane needs of the world; everything but the reader has its ordinary default. */
export type LaneParts = {
  readonly openReader: () => Promise<LaneReader>
  /** Needed by a lane whose settings have faces on. */
  readonly openFaces?: () => Promise<LaneFaceReader>
  readonly report: Report
  readonly software?: string
  readonly clock?: Clock
  readonly random?: Random
  readonly chance?: Chance
  readonly ask?: Ask
  readonly files?: DurableFiles
  readonly machine?: Machine
  readonly heartbeatMs?: number
  /** Somebody aims the camera: plates are measured also while nothing moves. */
  readonly aiming?: boolean
}

export type World = Required<Omit<LaneParts, 'openReader' | 'openFaces'>>

/** The parts with their defaults filled in. */
export function worldOf(parts: LaneParts): World {
  return {
    report: parts.report,
    software: parts.software ?? 'sallyport-lane',
    clock: parts.clock ?? systemClock,
    random: parts.random ?? randomBytes,
    chance: parts.chance ?? (() => randomInt(2 ** 32) / 2 ** 32),
    ask: parts.ask ?? ask,
    files: parts.files ?? durableFiles,
    machine: parts.machine ?? linuxMachine(),
    aiming: parts.aiming ?? false,
    heartbeatMs: parts.heartbeatMs ?? limits.heartbeatMs,
  }
}

export type Camera = {
  readonly report: Report
  state: 'ok' | 'gone' | 'ended'
  readonly alarms: Alarms
  gone(detail: string): void
}

/**
 * Follows what the source says of its camera, and raises the alarm when it is gone: among `alarms` of
 * another camera as the given kind, else among its own.
 */
export function watchCamera(
  { report }: World,
  { alarms, kind }: { readonly alarms: Alarms; readonly kind: AlarmKind } = {
    alarms: createAlarms(report),
    kind: 'camera_gone',
  },
): Camera {
  const camera: Camera = {
    alarms,
    state: 'ok',
    gone(detail) {
      camera.state = 'gone'
      alarms.raise(kind, detail)
    },
    report(event: LaneEvent) {
      report(event)
      if (event.event !== 'camera') return
      camera.state = event.state
      if (event.state === 'gone') camera.gone(`No picture (${event.reason}).`)
      else alarms.clear(kind)
    },
  }
  return camera
}

/** The secret that a push source asks for: as set, or made once and kept beside the device key. */
export async function pushToken(settings: LaneSettings, { files, random }: World): Promise<string> {
  if (settings.source.name !== 'push') return ''
  if (settings.push_token !== undefined) return settings.push_token
  const file = path.join(settings.directory, 'push.token')
  try {
    const kept = (fromUtf8(await files.read(file)) ?? '').trim()
    if (kept.length >= 16) return kept
  } catch {
    // Not made yet.
  }
  const token = toHex(random(24))
  await files.write(file, utf8(`${token}\n`))
  return token
}

/** What finds faces; null where the settings have them off. */
export async function openFaces(
  { faces }: LaneSettings,
  { openFaces: open }: LaneParts,
): Promise<LaneFaceReader | null> {
  if (!faces) return null
  if (open === undefined) throw new Error('a lane with faces on is given what finds them')
  return open()
}
