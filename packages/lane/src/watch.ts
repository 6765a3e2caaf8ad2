/** From frames to sightings: trigger, track, vote; one sighting per vehicle and pass. */

import type { LaneKind, SourceKind, TrackedLook } from '@sallyport/core/crossing'
import { isReported, type Look, type PlateRead } from '@sallyport/core/plate'
import { cropPlate } from '@sallyport/vision/encode'
import type { PlateOrigin } from '@sallyport/vision/origin'
import { type Picture, decodePicture } from '@sallyport/vision/picture'
import { votePlate } from '@sallyport/vision/vote'

import { type Report, reasonOf } from './events.ts'
import { FaceWatch, type LaneFaceReader } from './face-watch.ts'
import type { Gauge } from './gauge.ts'
import { limits } from './limits.ts'
import {
  type KeptFrame,
  type Pass,
  beginPass,
  isOccupied,
  isPlate,
  isVehicle,
  keepBest,
  keepFullest,
  settledTracks,
  standsWithoutPlate,
  wantsLooks,
} from './pass.ts'
import { isDropped, type LaneReader } from './reader.ts'
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

export type WatchParts = {
  readonly reader: LaneReader
  /** Null where faces are off. */
  readonly faces: LaneFaceReader | null
  /** Told of what is seen; null for a camera that nobody aims. */
  readonly gauge: Gauge | null
  /** Looks also where nothing moves: somebody aims the camera. */
  readonly aiming: boolean
  readonly kind: LaneKind
  readonly source: SourceKind
  readonly report: Report
  /** Seals and spools. */
  readonly sight: (sighting: Sighting) => Promise<FrameOutcome>
}

const noPlate: PlateRead = { kind: 'unreadable', reason: 'no_plate_found' }
const onFoot: PlateRead = { kind: 'unreadable', reason: 'on_foot' }

/** Watches one camera: holds what the trigger and the tracks know between two frames. */
export class Watcher {
  readonly #parts: WatchParts
  #trigger: TriggerState | null = null
  #pass: Pass | null = null
  #faces: FaceWatch | null = null

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  /** Handles one frame; resolves when everything it led to is done. Never rejects. */
  async take(frame: Frame): Promise<void> {
    const { report, gauge } = this.#parts
    gauge?.saw(frame)
    try {
      const decoded = await pictureOf(frame.image)
      if (decoded.kind === 'refused') {
        report({ event: 'picture_refused', code: decoded.code })
        frame.answer?.(decoded)
      } else if (frame.pass === 'whole') {
        const outcome = await this.#photograph(frame, decoded.picture)
        frame.answer?.(outcome)
      } else {
        await this.#film(frame, decoded.picture)
      }
    } catch (error) {
      report({ event: 'failed', reason: reasonOf(error) })
      frame.answer?.({ kind: 'dropped', code: 'failed' })
    }
  }

  /** Waits for a look at faces that is under way; before the reader is closed. Never rejects. */
  async settled(): Promise<void> {
    await this.#faces?.settled()
  }

  async #photograph(frame: Frame, picture: Picture): Promise<FrameOutcome> {
    const faces = this.#newFaces()
    const drives = this.#parts.kind === 'vehicle'
    const [looked] = await Promise.all([
      drives ? this.#look(frame, picture, true) : [],
      this.#lookForFaces(faces, picture, frame.monotonicMs),
    ])
    if (looked === null) return { kind: 'dropped', code: 'failed' }
    const looks = looked.filter(isPlate)
    // A plate without characters is still one that a person can read.
    const best = looks.find(isReported) ?? looks.find(({ text }) => text === '')
    const tracked = best === undefined ? [] : [{ ...best, frame: 0, atMs: 0 }]
    const { takenAt, monotonicMs } = frame
    const kept = { picture, look: tracked[0] ?? null, takenAt, monotonicMs, weight: 0 }
    const plate = drives ? votePlate(tracked, { looksMin: 1 }) : onFoot
    return this.#sight(plate, tracked, kept, monotonicMs, faces)
  }

  async #film(frame: Frame, picture: Picture): Promise<void> {
    const { gauge, aiming, reader, kind } = this.#parts
    // Not waited for: the pass goes on meanwhile.
    if (aiming && kind === 'vehicle') void gauge?.look(frame, picture, reader)
    const grey = greyOf(picture)
    if (this.#trigger === null) {
      this.#trigger = beginTrigger(grey)
      return
    }
    const before = this.#trigger.pass
    const occupied = isOccupied(this.#pass, frame, this.#faces?.seenMs)
    const step = stepTrigger(this.#trigger, grey, frame.monotonicMs, occupied)
    this.#trigger = step.state
    if (step.kind === 'empty') return
    if (step.kind === 'began' || this.#pass === null) {
      this.#pass = beginPass(frame.monotonicMs)
      this.#faces = this.#newFaces()
      this.#parts.report({ event: 'pass_began' })
    }
    const pass = this.#pass
    if (step.kind === 'ended') {
      this.#pass = null
      await this.#finish(pass, before)
      return
    }
    keepFullest(pass, step, frame, picture)
    await this.#follow(pass, step, frame, picture)
  }

  #newFaces(): FaceWatch | null {
    const { faces, kind } = this.#parts
    return faces === null ? null : new FaceWatch(faces, kind)
  }

  /** What goes wrong with faces costs no plate: it is said, and the crossing goes without. */
  async #lookForFaces(faces: FaceWatch | null, picture: Picture, atMs: number): Promise<void> {
    await faces
      ?.take(picture, atMs)
      .catch((error: unknown) =>
        this.#parts.report({ event: 'faces_failed', reason: reasonOf(error) }),
      )
  }

  /** Null when the reader had no time for this frame; it is named in the lane's own log. */
  async #look(frame: Frame, picture: Picture, origin: boolean): Promise<readonly Look[] | null> {
    const { reader, report, gauge } = this.#parts
    const looked = await reader.look(picture, { frame: frame.takenAt.toISOString(), origin })
    if (!isDropped(looked)) {
      gauge?.looked(picture, looked, frame)
      return looked
    }
    report({ event: 'frame_dropped', code: looked.code, frame: looked.frame })
    return null
  }

  async #follow(pass: Pass, step: Trigger, frame: Frame, picture: Picture): Promise<void> {
    const atMs = frame.monotonicMs - pass.sinceMs
    const number = pass.frames++
    const lookedForFaces = this.#lookForFaces(this.#faces, picture, frame.monotonicMs)
    // Where there are plates the next frame is read meanwhile: only what is told waits for the look.
    if (this.#parts.kind !== 'vehicle') await lookedForFaces
    if (this.#parts.kind === 'vehicle' && wantsLooks(pass, step, atMs, number)) {
      const looked = (await this.#look(frame, picture, false)) ?? []
      const looks = looked.filter(
        (look) => isPlate(look) && changedAround(step.changed, look.box, picture),
      )
      pass.tracks = followLooks(pass.tracks, looks, { frame: number, atMs })
      keepBest(pass, frame, picture, atMs)
    }
    for (const track of settledTracks(pass, atMs)) await this.#reportTrack(pass, track)
    if (this.#parts.kind !== 'vehicle' && this.#faces?.isSettled(frame.monotonicMs) === true)
      await this.#reportWalker(pass, pass.latest)
    if (standsWithoutPlate(pass, step.state.pass, frame)) await this.#reportPlateless(pass)
  }

  async #finish(pass: Pass, before: TriggerState['pass']): Promise<void> {
    await this.settled()
    // What says most comes first: the others must then stand on their own.
    const byStanding = pass.tracks.toSorted(
      (a, b) => Number(isPlausible(b)) - Number(isPlausible(a)) || b.looks.length - a.looks.length,
    )
    for (const track of byStanding) {
      if (deservesCrossing(track, pass.tracks)) await this.#reportTrack(pass, track)
    }
    if (pass.reported === 0 && isVehicle(before)) await this.#reportPlateless(pass)
    else if (this.#parts.kind !== 'vehicle' && this.#faces?.hasNew === true)
      await this.#reportWalker(pass, pass.reported === 0 ? pass.fullest : pass.latest)
  }

  /** People on foot: told as soon as somebody new was seen well, and once more when others follow. */
  async #reportWalker(pass: Pass, kept: KeptFrame | null): Promise<void> {
    if (kept === null) return
    const triggeredMs = pass.reported === 0 ? pass.sinceMs : kept.monotonicMs
    pass.reported += 1
    await this.#sight(onFoot, [], kept, triggeredMs)
  }

  async #reportTrack(pass: Pass, track: Track): Promise<void> {
    const kept = pass.best.get(track.id)
    pass.tracks = pass.tracks.map((one) => (one.id === track.id ? { ...one, reported: true } : one))
    pass.best.delete(track.id)
    if (kept === undefined) return
    const first = track.looks[0]
    // A second vehicle in an unbroken queue begins its own pass with its first look.
    const offset = pass.reported === 0 || first === undefined ? { frame: 0, atMs: 0 } : first
    const looks = track.looks.map((look) => ({
      ...look,
      frame: Math.max(0, look.frame - offset.frame),
      atMs: Math.max(0, look.atMs - offset.atMs),
    }))
    pass.reported += 1
    // Told once a track, by its best picture: it is the dearest thing to ask of a plate.
    const origin = await this.#originOf(kept)
    await this.#sight(readOf(track, origin), looks, kept, pass.sinceMs + offset.atMs)
  }

  async #originOf({ picture, look }: KeptFrame): Promise<PlateOrigin | null> {
    return look === null ? null : this.#parts.reader.origin(picture, look.corners)
  }

  async #reportPlateless(pass: Pass): Promise<void> {
    const kept = pass.fullest
    if (kept === null) return
    pass.reported += 1
    pass.plateless = true
    pass.fullest = null
    const drives = this.#parts.kind === 'vehicle'
    await this.#sight(drives ? noPlate : onFoot, [], kept, pass.sinceMs)
  }

  async #sight(
    plate: PlateRead,
    looks: readonly TrackedLook[],
    { picture, look, takenAt, monotonicMs }: KeptFrame,
    triggeredMs: number,
    faces = this.#faces,
  ): Promise<FrameOutcome> {
    const { source, reader, sight } = this.#parts
    await faces?.settled()
    return sight({
      source,
      plate,
      looks,
      scene: picture,
      platePicture: look === null ? null : cropPlate(picture, look.corners, limits.plateMargin),
      plateCorners: look?.corners ?? null,
      takenAt,
      monotonicMs,
      triggeredMs,
      models: reader.models,
      faces: faces?.report() ?? null,
      rear: null,
    })
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
