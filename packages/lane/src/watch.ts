/** From frames to sightings: trigger, track, vote; one sighting per vehicle and pass. */

import type { SourceKind, TrackedLook } from '@sallyport/core/crossing'
import type { PlateRead } from '@sallyport/core/plate'
import { cropPlate } from '@sallyport/vision/encode'
import { type Picture, decodePicture } from '@sallyport/vision/picture'
import type { PlateReader } from '@sallyport/vision/plate-reader'
import { votePlate } from '@sallyport/vision/vote'

import { type Report, reasonOf } from './events.ts'
import { limits } from './limits.ts'
import {
  type KeptFrame,
  type Pass,
  isOccupied,
  isPlate,
  isVehicle,
  keepBest,
  keepFullest,
  settledTracks,
  wantsLooks,
  watchSettings,
} from './pass.ts'
import type { Sighting } from './sealing.ts'
import type { Frame, FrameOutcome } from './sources/source.ts'
import { type Track, deservesCrossing, followLooks, isPlausible, readOf } from './track.ts'
import {
  type Trigger,
  type TriggerState,
  beginTrigger,
  changedAround,
  greyOf,
  stepTrigger,
} from './trigger.ts'

export type Watcher = {
  /** Handles one frame; resolves when everything it led to is done. Never rejects. */
  take(frame: Frame): Promise<void>
}

export function createWatcher(parts: {
  readonly reader: PlateReader
  readonly source: SourceKind
  readonly report: Report
  /** Seals and spools. */
  readonly sight: (sighting: Sighting) => Promise<FrameOutcome>
}): Watcher {
  const { reader, report } = parts
  let trigger: TriggerState | null = null
  let pass: Pass | null = null

  const sightingOf = (
    plate: PlateRead,
    looks: readonly TrackedLook[],
    kept: KeptFrame,
    triggeredMs: number,
  ): Sighting => ({
    source: parts.source,
    plate,
    looks,
    scene: kept.picture,
    platePicture:
      kept.look === null ? null : cropPlate(kept.picture, kept.look.corners, limits.plateMargin),
    takenAt: kept.takenAt,
    monotonicMs: kept.monotonicMs,
    triggeredMs,
    models: reader.models,
  })

  const reportTrack = async (current: Pass, track: Track): Promise<void> => {
    const kept = current.best.get(track.id)
    current.tracks = current.tracks.map((one) =>
      one.id === track.id ? { ...one, reported: true } : one,
    )
    current.best.delete(track.id)
    if (kept === undefined) return
    const first = track.looks[0]
    // A second vehicle in an unbroken queue begins its own pass with its first look.
    const offset = current.reported === 0 || first === undefined ? { frame: 0, atMs: 0 } : first
    const looks = track.looks.map((look) => ({
      ...look,
      frame: Math.max(0, look.frame - offset.frame),
      atMs: Math.max(0, look.atMs - offset.atMs),
    }))
    current.reported += 1
    await parts.sight(sightingOf(readOf(track), looks, kept, current.sinceMs + offset.atMs))
  }

  const reportPlateless = async (current: Pass): Promise<void> => {
    const kept = current.fullest
    if (kept === null) return
    current.reported += 1
    current.plateless = true
    current.fullest = null
    await parts.sight(
      sightingOf({ kind: 'unreadable', reason: 'no_plate_found' }, [], kept, current.sinceMs),
    )
  }

  const live = async (frame: Frame, picture: Picture): Promise<void> => {
    const grey = greyOf(picture)
    if (trigger === null) {
      trigger = beginTrigger(grey)
      return
    }
    const before = trigger.pass
    const step = stepTrigger(trigger, grey, frame.monotonicMs, isOccupied(pass, frame))
    trigger = step.state
    if (step.kind === 'empty') return
    if (step.kind === 'began' || pass === null) {
      pass = {
        sinceMs: frame.monotonicMs,
        frames: 0,
        reported: 0,
        plateless: false,
        tracks: [],
        best: new Map(),
        fullest: null,
      }
      report({ event: 'pass_began' })
    }
    const current = pass
    if (step.kind === 'ended') {
      pass = null
      await finish(current, before)
      return
    }
    keepFullest(current, step, frame, picture)
    await follow(current, step, frame, picture)
  }

  const follow = async (
    current: Pass,
    step: Trigger,
    frame: Frame,
    picture: Picture,
  ): Promise<void> => {
    const atMs = frame.monotonicMs - current.sinceMs
    const number = current.frames++
    if (wantsLooks(current, step, atMs, number)) {
      const looks = (await reader.look(picture)).filter(
        (look) => isPlate(look) && changedAround(step.changed, look.box, picture),
      )
      current.tracks = followLooks(current.tracks, looks, { frame: number, atMs })
      keepBest(current, frame, picture, atMs)
    }
    for (const track of settledTracks(current, atMs)) await reportTrack(current, track)
    const { plateless } = watchSettings
    const stillMs = frame.monotonicMs - (step.state.pass?.stillSinceMs ?? frame.monotonicMs)
    const stands = atMs >= plateless.passMs && stillMs >= plateless.stillMs
    if (
      stands &&
      current.reported === 0 &&
      current.tracks.length === 0 &&
      isVehicle(step.state.pass)
    ) {
      await reportPlateless(current)
    }
  }

  const finish = async (current: Pass, before: TriggerState['pass']): Promise<void> => {
    // What says most comes first: the others must then stand on their own.
    const byStanding = current.tracks.toSorted(
      (a, b) => Number(isPlausible(b)) - Number(isPlausible(a)) || b.looks.length - a.looks.length,
    )
    for (const track of byStanding) {
      if (deservesCrossing(track, current.tracks)) await reportTrack(current, track)
    }
    if (current.reported === 0 && isVehicle(before)) await reportPlateless(current)
  }

  const whole = async (frame: Frame, picture: Picture): Promise<FrameOutcome> => {
    const looks = (await reader.look(picture)).filter(isPlate)
    const [best] = looks
    const tracked = best === undefined ? [] : [{ ...best, frame: 0, atMs: 0 }]
    const kept: KeptFrame = {
      picture,
      look: tracked[0] ?? null,
      takenAt: frame.takenAt,
      monotonicMs: frame.monotonicMs,
      weight: 0,
    }
    const plate = votePlate(tracked, { looksMin: 1 })
    return parts.sight(sightingOf(plate, tracked, kept, frame.monotonicMs))
  }

  return {
    async take(frame) {
      try {
        const decoded = await pictureOf(frame.image)
        if (decoded.kind === 'refused') {
          report({ event: 'picture_refused', code: decoded.code })
          frame.answer?.(decoded)
        } else if (frame.pass === 'whole') {
          const outcome = await whole(frame, decoded.picture)
          frame.answer?.(outcome)
        } else {
          await live(frame, decoded.picture)
        }
      } catch (error) {
        report({ event: 'failed', reason: reasonOf(error) })
        frame.answer?.({ kind: 'dropped', code: 'failed' })
      }
    },
  }
}

async function pictureOf(image: Frame['image']): ReturnType<typeof decodePicture> {
  if (image instanceof Uint8Array) {
    if (image.length <= limits.pictureBytesMax) return decodePicture(image)
    const detail = `At most ${limits.pictureBytesMax} bytes are taken.`
    return { kind: 'refused', code: 'too_many_bytes', detail }
  }
  return { kind: 'picture', picture: image, format: 'raw' }
}
