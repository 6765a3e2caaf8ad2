/** The cameras of a lane: one, or two that see a vehicle from both ends. */

import type { LaneKind } from '@sallyport/core/crossing'

import { type Report, reasonOf } from './events.ts'
import type { LaneFaceReader } from './face-watch.ts'
import type { Gauge } from './gauge.ts'
import type { LaneReader } from './reader.ts'
import type { Sighting } from './sealing.ts'
import type { LaneSettings } from './settings.ts'
import { openSource, type SourceSpec } from './sources/open.ts'
import type { Frame, FrameOutcome, FrameSource, OpenedSource } from './sources/source.ts'
import { type CameraEnd, TwoCameras } from './two-cameras.ts'
import { Watcher } from './watch.ts'
import { type Camera, type World, watchCamera } from './world.ts'

type Filmed = { readonly camera: Camera; readonly source: FrameSource; readonly end: CameraEnd }

/** First the one that sees vehicles from the front, or the only one. */
export type Cameras = readonly [Filmed, ...Filmed[]]

/** Opens the sources that the settings name; where one is refused, so are all. */
export async function openCameras(
  settings: LaneSettings,
  token: string,
  world: World,
): Promise<
  | { readonly kind: 'cameras'; readonly cameras: Cameras }
  | Extract<OpenedSource, { readonly kind: 'refused' }>
> {
  const { source, rear_source } = settings
  const front = watchCamera(world)
  const open = (spec: SourceSpec, camera: Camera): Promise<OpenedSource> =>
    openSource(
      {
        spec,
        everyMs: settings.every_ms ?? null,
        repeat: settings.repeat,
        token,
        framesPerSecond: settings.frames_per_second,
      },
      { clock: world.clock, chance: world.chance, report: camera.report },
    )
  const opened = await open(source, front)
  if (opened.kind === 'refused') return opened
  const first: Filmed = { camera: front, source: opened.source, end: 'front' }
  if (rear_source === undefined) return { kind: 'cameras', cameras: [first] }
  const rear = watchCamera(world, { alarms: front.alarms, kind: 'rear_camera_gone' })
  const second = await open(rear_source, rear)
  if (second.kind === 'refused') return second
  return { kind: 'cameras', cameras: [first, { camera: rear, source: second.source, end: 'rear' }] }
}

export type FilmParts = {
  readonly settings: Pick<LaneSettings, 'rear_wait_ms'>
  readonly world: World
  readonly reader: LaneReader
  /** Faces are looked for by the first camera. */
  readonly faces: LaneFaceReader | null
  /** Of the first camera. */
  readonly gauge: Gauge
  readonly kind: LaneKind
  /** Told of every frame of the first camera. */
  readonly saw: (frame: Frame) => void
  /** Seals and spools. */
  readonly sight: (sighting: Sighting) => Promise<FrameOutcome>
}

/** Frames to crossings until every source has ended or the lane stops. Never rejects. */
export async function filmCameras(
  cameras: Cameras,
  parts: FilmParts,
  signal: AbortSignal,
): Promise<void> {
  const { world, sight, settings } = parts
  const pair =
    cameras.length === 1
      ? null
      : new TwoCameras({ clock: world.clock, waitMs: settings.rear_wait_ms, sight })
  const take = (end: CameraEnd) => (one: Sighting) =>
    pair === null ? sight(one) : pair.take(end, one)
  await Promise.all(cameras.map((one) => film(one, { ...parts, sight: take(one.end) }, signal)))
  await pair?.drain()
}

async function film(
  { camera, source, end }: Filmed,
  { reader, faces, gauge, kind, world, saw, sight }: FilmParts,
  signal: AbortSignal,
): Promise<void> {
  const report: Report = world.report
  const first = end === 'front'
  const watcher = new Watcher({
    ...{ reader, kind, report, sight },
    faces: first ? faces : null,
    gauge: first ? gauge : null,
    aiming: first && world.aiming,
    source: source.kind,
  })
  try {
    for await (const frame of source.frames(signal)) {
      if (signal.aborted) break
      if (first) saw(frame)
      await watcher.take(frame)
    }
    if (signal.aborted) return
    // A video that broke off is gone, and stays so.
    if (camera.state !== 'gone') camera.state = 'ended'
    report({ event: 'source_ended' })
  } catch (error) {
    camera.gone(`The source failed (${reasonOf(error)}).`)
    report({ event: 'failed', reason: reasonOf(error) })
  } finally {
    await watcher.settled()
  }
}
