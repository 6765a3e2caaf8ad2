/** A running lane: its parts put together, started and stopped. */

import { setMaxListeners } from 'node:events'
import * as path from 'node:path'

import { toHex } from '@sallyport/proof/bytes'
import { type DirectoryLock, lockDirectory } from '@sallyport/proof/node/directory-lock'

import { type Cameras, type FilmParts, filmCameras, openCameras } from './cameras.ts'
import { ClosedDays, runDayClosing } from './day-closing.ts'
import { type Device, type DeviceRefusal, loadDevice, spoolName } from './device.ts'
import { EpochBook, refreshEpochs, runEpochs } from './epochs.ts'
import type { LaneFaceReader } from './face-watch.ts'
import type { Gauge } from './gauge.ts'
import { runHeartbeat } from './heartbeat.ts'
import { HeldAnnouncement } from './held-announcement.ts'
import { Keeper } from './keeper.ts'
import type { LaneStatus } from './lane-status.ts'
import { watchMachine } from './machine/watch-machine.ts'
import { Duty, guarded } from './maintenance/duty.ts'
import type { LaneReader } from './reader.ts'
import { sealAndKeep } from './seal-and-keep.ts'
import type { Sighting, Signer } from './sealing.ts'
import { runSender } from './sender.ts'
import type { LaneSettings } from './settings.ts'
import type { FrameOutcome, SourceRefusal } from './sources/source.ts'
import { type Spool, type SpoolRefusal, openSpool } from './spool.ts'
import { openOwnPage, type OwnPage } from './window/own-page.ts'
import { runVerdictSender } from './window/send-verdicts.ts'
import { type LaneParts, type World, openFaces, pushToken, worldOf } from './world.ts'

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
  const duty = await Duty.open(settings.directory, device, world.files)
  const page = await openOwnPage(settings, device, world)
  if (page.kind === 'refused') return page
  const reader = await parts.openReader()
  const faces = await openFaces(settings, parts)
  const opening = await openCameras(settings, token, world)
  if (opening.kind === 'refused') {
    page.close()
    await reader.close()
    await faces?.close()
    return opening
  }
  const lane = new RunningLane({
    settings,
    device,
    world: { ...world, ask: page.ask },
    page,
    spool: opened.spool,
    cameras: guarded(opening.cameras, duty),
    duty,
    reader,
    faces,
    lock,
  })
  return { kind: 'started', lane }
}

type Running = {
  readonly settings: LaneSettings
  readonly device: Device
  readonly world: World
  readonly page: OwnPage
  readonly spool: Spool
  readonly cameras: Cameras
  readonly duty: Duty
  readonly reader: LaneReader
  readonly faces: LaneFaceReader | null
  readonly lock: DirectoryLock
}

class RunningLane implements Lane {
  readonly sourceEnded: Promise<void>
  readonly #running: Running
  readonly #hub: string
  readonly #signer: Signer
  readonly #book: EpochBook
  readonly #closed: ClosedDays
  readonly #keeper: Keeper
  readonly #gauge: Gauge
  readonly #stopping = new AbortController()
  readonly #loops: Promise<unknown>
  #crossings = 0

  constructor(running: Running) {
    const { settings, device, world, spool, cameras } = running
    const [{ camera, source }] = cameras
    const { clock, random } = world
    // Every loop of the lane listens to it, and every request on the way.
    setMaxListeners(64, this.#stopping.signal)
    this.#running = running
    this.#gauge = running.page.gauge
    this.#hub = settings.hub ?? device.hub
    this.#signer = {
      device: device.device,
      lane: device.lane.id,
      port: device.port.id,
      boot: toHex(random(16)),
      bootMonotonicMs: clock.monotonicMs(),
      signingSeed: device.signingSeed,
    }
    const closed = new ClosedDays(settings.directory, world.files)
    const book = new EpochBook(settings.directory, device, world.files, closed)
    this.#book = book
    this.#closed = closed
    const desk = { book, signer: this.#signer, report: world.report, clock, random }
    running.page.openDesk(desk)
    this.#keeper = new Keeper({
      ...{
        spool,
        signer: this.#signer,
        alarms: camera.alarms,
        epoch: () => book.epochOf(clock.now()),
        closed,
      },
      ...{ report: world.report, clock, random },
      capacity: { bytesMax: settings.spool_bytes_max, bundlesMax: settings.spool_bundles_max },
    })
    const epochs = this.#prepareEpochs()
    this.sourceEnded = epochs.then(() => this.#film())
    // With an epoch again, the lane can sign for what it could not seal.
    const renewed = (): Promise<void> => this.#keeper.settle()
    const renewing = epochs.then(() =>
      runEpochs({ ...this.#line(), renewed }, this.#stopping.signal),
    )
    const closing = epochs.then(() => this.#closeDays())
    this.#loops = Promise.all([this.sourceEnded, renewing, closing, this.#send(), this.#beat()])
    world.report({
      event: 'lane_started',
      lane: device.lane.id,
      device: device.device,
      source: source.name,
    })
  }

  status(): LaneStatus {
    const { device, page } = this.#running
    const { source, camera } = this.#first
    return {
      lane: device.lane.id,
      device: device.device,
      source: source.name,
      window: page.port,
      camera: camera.state,
      crossings: this.#crossings,
      spool: this.#spoolState(),
      epochsUntil: this.#book.until,
      alarms: camera.alarms.open(),
      gauge: this.#gauge.figures(this.#running.world.clock.monotonicMs()),
    }
  }

  async stop(): Promise<void> {
    const { reader, faces, lock, world, page } = this.#running
    this.#stopping.abort()
    page.close()
    await this.#loops
    await reader.close()
    await faces?.close()
    lock.release()
    world.report({ event: 'lane_stopped' })
  }

  /** The only camera, or the one that sees vehicles from the front: the lane's state is its. */
  get #first(): Cameras[0] {
    return this.#running.cameras[0]
  }

  /** What everything that talks to the hub needs. */
  #line() {
    const { device, world, spool } = this.#running
    const { report, clock, chance, ask } = world
    const { alarms } = this.#first.camera
    const port = device.port.id
    return { hub: this.#hub, port, book: this.#book, spool, alarms, report, clock, chance, ask }
  }

  async #prepareEpochs(): Promise<void> {
    const { clock } = this.#running.world
    await this.#closed.load()
    await this.#book.load()
    // A camera may wait for a recipient; a folder would run through unsealable otherwise.
    if (this.#book.epochOf(clock.now()) === null) {
      await refreshEpochs(this.#line(), this.#stopping.signal)
    }
  }

  #film(): Promise<void> {
    const { cameras, reader, faces, world, device, page, settings } = this.#running
    const parts: FilmParts = {
      ...{ settings, world, reader, faces, gauge: this.#gauge, kind: device.lane.kind },
      saw: (frame) => page.view.saw(frame),
      sight: (sighting) => this.#sight(sighting),
    }
    return filmCameras(cameras, parts, this.#stopping.signal)
  }

  async #sight(sighting: Sighting): Promise<FrameOutcome> {
    const { world, page, duty } = this.#running
    const { report, clock, random } = world
    // Begun before the maintenance, and finished in it: not kept either.
    if (duty.order !== null) return { kind: 'dropped', code: 'in_maintenance' }
    const became = page.view.passed(sighting)
    const outcome = await sealAndKeep(sighting, {
      ...{ book: this.#book, keeper: this.#keeper, alarms: this.#first.camera.alarms },
      ...{ report, clock, random },
    })
    became(outcome)
    if (outcome.kind === 'spooled') this.#crossings += 1
    return outcome
  }

  async #send(): Promise<void> {
    const acknowledged = (): Promise<void> => this.#keeper.settle()
    const line = { ...this.#line(), signer: this.#signer }
    const { signal } = this.#stopping
    const watching = watchMachine({ ...this.#running, ...line }, signal)
    const { device, page } = this.#running
    const verdicts = runVerdictSender({ ...line, device: device.device, kept: page.kept }, signal)
    await Promise.all([runSender({ ...line, acknowledged }, signal), watching, verdicts])
  }

  #closeDays(): Promise<void> {
    const close = (through: string): Promise<void> => this.#keeper.closeDays(through)
    const needed = (through: string): boolean => this.#running.page.kept.waitsOf(through)
    const parts = { ...this.#line(), signer: this.#signer, closed: this.#closed, close, needed }
    return runDayClosing(parts, this.#stopping.signal)
  }

  #beat(): Promise<void> {
    const { world, spool, page } = this.#running
    const { camera } = this.#first
    const held = new HeldAnnouncement({ book: this.#book, spool, kept: page.kept })
    const state = (): ReturnType<Parameters<typeof runHeartbeat>[0]['state']> => ({
      spool: this.#spoolState(),
      camera: camera.state === 'gone' ? 'gone' : 'ok',
      alarms: camera.alarms.open(),
      software: world.software,
      gauge: this.#gauge.figures(world.clock.monotonicMs()),
      epochs: held.said(),
    })
    const parts = { ...this.#line(), signer: this.#signer, everyMs: world.heartbeatMs, state }
    return runHeartbeat(parts, this.#stopping.signal)
  }

  #spoolState(): LaneStatus['spool'] {
    const { bundles, bytes, oldestAt } = this.#running.spool.usage()
    return { bundles, bytes, oldest_at: oldestAt?.toISOString() ?? null }
  }
}
