/** A running lane: its parts put together, started and stopped. */

import * as path from 'node:path'

import { toHex } from '@sallyport/proof/bytes'
import { type DirectoryLock, lockDirectory } from '@sallyport/proof/node/directory-lock'
import type { PlateReader } from '@sallyport/vision/plate-reader'

import { type Device, type DeviceRefusal, loadDevice, spoolName } from './device.ts'
import { EpochBook, refreshEpochs, runEpochs } from './epochs.ts'
import { reasonOf } from './events.ts'
import { runHeartbeat } from './heartbeat.ts'
import { createKeeper } from './keeper.ts'
import { sealAndKeep } from './seal-and-keep.ts'
import type { Sighting, Signer } from './sealing.ts'
import { runSender } from './sender.ts'
import type { LaneSettings } from './settings.ts'
import { openSource } from './sources/open.ts'
import type { FrameOutcome, FrameSource, SourceRefusal } from './sources/source.ts'
import { type Spool, type SpoolRefusal, openSpool } from './spool.ts'
import { createWatcher } from './watch.ts'
import {
  type Camera,
  type LaneParts,
  type World,
  pushToken,
  watchCamera,
  worldOf,
} from './world.ts'

export type LaneStatus = {
  readonly lane: string
  readonly device: string
  readonly source: string
  readonly camera: 'ok' | 'gone' | 'ended'
  readonly crossings: number
  readonly spool: {
    readonly bundles: number
    readonly bytes: number
    readonly oldest_at: string | null
  }
  readonly epochsUntil: string | null
  readonly alarms: readonly string[]
}

export type Lane = {
  /** Finishes the picture in hand, closes everything and gives the directory back. */
  stop(): Promise<void>
  status(): LaneStatus
  /** Resolves when the source has ended by itself; a camera never does. */
  readonly sourceEnded: Promise<void>
}

export type LaneRefusal =
  | DeviceRefusal
  | SpoolRefusal
  | SourceRefusal
  | 'directory_in_use'
  | 'directory_unusable'
export type StartedLane =
  | { readonly kind: 'started'; readonly lane: Lane }
  | { readonly kind: 'refused'; readonly code: LaneRefusal; readonly detail: string }

/** Starts the lane that is enrolled in `settings.directory`. Refuses what cannot run; else runs until stopped. */
export async function startLane(settings: LaneSettings, parts: LaneParts): Promise<StartedLane> {
  const lock = lockDirectory(settings.directory)
  if (lock.kind === 'refused') return lock
  try {
    const started = await startLocked(settings, parts, lock)
    if (started.kind === 'refused') lock.release()
    return started
  } catch (error) {
    lock.release()
    throw error
  }
}

async function startLocked(
  settings: LaneSettings,
  parts: LaneParts,
  lock: DirectoryLock,
): Promise<StartedLane> {
  const loaded = await loadDevice(settings.directory)
  if (loaded.kind === 'refused') return loaded
  const { device } = loaded
  const world = worldOf(parts)
  const opened = await openSpool(path.join(settings.directory, spoolName), world.files)
  if (opened.kind === 'refused') return opened
  const token = await pushToken(settings, world)
  const camera = watchCamera(world)
  const reader = await parts.openReader()
  const source = await openSource(
    {
      spec: settings.source,
      everyMs: settings.every_ms ?? null,
      repeat: settings.repeat,
      token,
      framesPerSecond: settings.frames_per_second,
    },
    { clock: world.clock, chance: world.chance, report: camera.report },
  )
  if (source.kind === 'refused') {
    await reader.close()
    return source
  }
  const lane = run({
    settings,
    device,
    world,
    spool: opened.spool,
    camera,
    source: source.source,
    reader,
    lock,
  })
  return { kind: 'started', lane }
}

type Running = {
  readonly settings: LaneSettings
  readonly device: Device
  readonly world: World
  readonly spool: Spool
  readonly camera: Camera
  readonly source: FrameSource
  readonly reader: PlateReader
  readonly lock: DirectoryLock
}

function run(running: Running): Lane {
  const { settings, device, world, spool, camera, source, reader, lock } = running
  const { clock, report, random, chance } = world
  const { alarms } = camera
  const hub = settings.hub ?? device.hub
  const stopping = new AbortController()
  const { signal } = stopping
  const signer: Signer = {
    device: device.device,
    lane: device.lane.id,
    port: device.port.id,
    boot: toHex(random(16)),
    bootMonotonicMs: clock.monotonicMs(),
    signingSeed: device.signingSeed,
  }
  const book = new EpochBook(settings.directory, device, world.files)
  const capacity = { bytesMax: settings.spool_bytes_max, bundlesMax: settings.spool_bundles_max }
  const keeper = createKeeper({
    spool,
    capacity,
    signer,
    alarms,
    report,
    clock,
    random,
    epoch: () => book.epochOf(clock.now()),
  })
  let crossings = 0
  const spoolState = (): LaneStatus['spool'] => {
    const { bundles, bytes, oldestAt } = spool.usage()
    return { bundles, bytes, oldest_at: oldestAt?.toISOString() ?? null }
  }
  const sight = async (sighting: Sighting): Promise<FrameOutcome> => {
    const outcome = await sealAndKeep(sighting, { book, keeper, alarms, report, clock, random })
    if (outcome.kind === 'spooled') crossings += 1
    return outcome
  }
  const watcher = createWatcher({ reader, source: source.kind, report, sight })
  const epochParts = {
    hub,
    port: device.port.id,
    book,
    alarms,
    report,
    clock,
    chance,
    ask: world.ask,
  }

  const epochsReady = (async () => {
    await book.load()
    // A camera may wait for a recipient; a folder would run through unsealable otherwise.
    if (book.epochOf(clock.now()) === null) await refreshEpochs(epochParts, signal)
  })()
  const filming = (async () => {
    await epochsReady
    for await (const frame of source.frames(signal)) {
      if (signal.aborted) break
      await watcher.take(frame)
    }
    if (!signal.aborted) {
      camera.state = 'ended'
      report({ event: 'source_ended' })
    }
  })().catch((error: unknown) => {
    camera.state = 'gone'
    alarms.raise('camera_gone', `The source failed (${reasonOf(error)}).`)
    report({ event: 'failed', reason: reasonOf(error) })
  })
  const loops = [
    filming,
    epochsReady.then(() => runEpochs(epochParts, signal)),
    runSender(
      {
        hub,
        spool,
        alarms,
        report,
        clock,
        chance,
        ask: world.ask,
        acknowledged: () => keeper.settle(),
      },
      signal,
    ),
    runHeartbeat(
      {
        hub,
        signer,
        clock,
        ask: world.ask,
        everyMs: world.heartbeatMs,
        state: () => ({
          spool: spoolState(),
          camera: camera.state === 'gone' ? 'gone' : 'ok',
          alarms: alarms.open(),
          software: world.software,
        }),
      },
      signal,
    ),
  ]
  report({
    event: 'lane_started',
    lane: device.lane.id,
    device: device.device,
    source: source.name,
  })
  return {
    sourceEnded: filming,
    status: () => ({
      lane: device.lane.id,
      device: device.device,
      source: source.name,
      camera: camera.state,
      crossings,
      spool: spoolState(),
      epochsUntil: book.until,
      alarms: alarms.open(),
    }),
    async stop() {
      stopping.abort()
      await Promise.all(loops)
      await reader.close()
      lock.release()
      report({ event: 'lane_stopped' })
    },
  }
}
