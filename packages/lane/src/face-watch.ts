/** Faces of a pass, in memory: who is seen in which look, and the best picture of each. */

import type { LaneKind } from '@sallyport/core/crossing'
import { acquisitionFault, acquisitionRank } from '@sallyport/core/faces/acquisition'
import { facePictureMargin } from '@sallyport/core/faces/face-picture'
import type { Box } from '@sallyport/core/plate'
import { cropBox } from '@sallyport/vision/encode'
import type { Face, FaceReader } from '@sallyport/vision/face/face-reader'
import type { FaceTemplate } from '@sallyport/vision/face/template'
import type { Picture } from '@sallyport/vision/picture'

import { limits } from './limits.ts'

/** What a lane finds faces with. */
export type LaneFaceReader = Pick<FaceReader, 'model' | 'look' | 'close'>

/** One person of a crossing by the best look at their face. */
export type SeenFace = {
  /** The face with what is around it. */
  readonly picture: Picture
  readonly box: Box
  readonly confidence: number
  readonly looks: number
  readonly quality: Face['quality']
  readonly template: FaceTemplate
}

export type SeenFaces = {
  readonly model: string
  readonly evaluation: boolean
  readonly looks: number
  readonly found: readonly SeenFace[]
  /** People beyond those that one crossing has room for. */
  readonly more: number
}

const settings = {
  /**
   * Finding faces costs seven times as much as reading a plate. Walkers are told of by their looks; who
   * sits in a vehicle is seen in enough of them until it stands, and the plate is not kept waiting.
   */
  everyMs: { walk: 200, gate: 200, vehicle: 400 } satisfies Record<LaneKind, number>,
  looksMax: 24,
  /** A face that was not seen for so long is followed no more: who comes then is somebody else. */
  lostMs: 1_500,
  /** A lane that looks seldom has missed nobody: who was in its last look is followed for so long. */
  seldomMs: 6_000,
  /** Overlap, or way in widths of the face, up to which two looks show one person. */
  overlapMin: 0.15,
  wayMax: 0.9,
  sizeMin: 0.55,
  /** A walker is reported with so many looks, the first so long ago. */
  settledLooks: 3,
  settledMs: 600,
} as const

type Person = {
  readonly best: Omit<SeenFace, 'looks'> & { readonly rank: number }
  readonly looks: number
  readonly firstMs: number
  readonly lastMs: number
  readonly box: Box
  readonly reported: boolean
}

/** Follows faces from one frame to the next; one for each pass. */
export class FaceWatch {
  readonly #reader: LaneFaceReader
  readonly #everyMs: number
  #underWay: Promise<void> | null = null
  #people: readonly Person[] = []
  #looks = 0
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(reader: LaneFaceReader, kind: LaneKind) {
    this.#reader = reader
    this.#everyMs = settings.everyMs[kind]
  }

  /** When a face was last seen, on the monotonic clock. */
  get seenMs(): number {
    return this.#people.reduce((most, one) => Math.max(most, one.lastMs), Number.NEGATIVE_INFINITY)
  }

  /** Looks for faces in a frame when it is time to, and no other frame is being looked at. */
  async take(picture: Picture, atMs: number): Promise<void> {
    if (atMs - this.#lastMs < this.#everyMs || this.#looks >= settings.looksMax) return
    if (this.#underWay !== null) return
    const beforeMs = this.#lastMs
    this.#lastMs = atMs
    this.#looks += 1
    const look = this.#reader.look(picture).then((faces) => {
      this.#people = follow(this.#people, { faces, picture, atMs, beforeMs })
    })
    this.#underWay = look
      .catch(() => undefined)
      .finally(() => {
        this.#underWay = null
      })
    await look
  }

  /** Waits for the look that is under way. Never rejects: that is for whoever began it. */
  async settled(): Promise<void> {
    await this.#underWay
  }

  /** Whether somebody new was seen well and often enough to be told of. */
  isSettled(atMs: number): boolean {
    return this.#people.some(
      ({ reported, looks, firstMs, best }) =>
        !reported &&
        looks >= settings.settledLooks &&
        atMs - firstMs >= settings.settledMs &&
        acquisitionFault(best.quality) === null,
    )
  }

  /** Everybody who was not reported yet; from now on they are. Looks begin again from 0. */
  report(): SeenFaces {
    const fresh = this.#people
      .filter(({ reported }) => !reported)
      .toSorted((a, b) => standing(b) - standing(a))
    this.#people = this.#people.map((one) => ({ ...one, reported: true }))
    const looks = this.#looks
    this.#looks = 0
    const found = fresh.slice(0, limits.facesPerCrossingMax)
    return {
      model: this.#reader.model.identity,
      evaluation: this.#reader.model.evaluation,
      looks,
      found: found.map(({ best: { rank: _rank, ...best }, looks: seen }) => ({
        ...best,
        looks: seen,
      })),
      more: fresh.length - found.length,
    }
  }

  /** Whether somebody was seen who is not reported. */
  get hasNew(): boolean {
    return this.#people.some(({ reported }) => !reported)
  }
}

/** Whom to keep when there are too many: those who are large, and seen often. */
function standing({ best, looks }: Person): number {
  return best.box.width * best.box.height * Math.min(looks, settings.settledLooks)
}

type Look = {
  readonly faces: readonly Face[]
  readonly picture: Picture
  readonly atMs: number
  /** When the look before it was. */
  readonly beforeMs: number
}

/** The people after one more look. A box is the same person's as the nearest box before it. */
function follow(
  before: readonly Person[],
  { faces, picture, atMs, beforeMs }: Look,
): readonly Person[] {
  const isFollowed = ({ lastMs }: Person): boolean =>
    atMs - lastMs <= (lastMs === beforeMs ? settings.seldomMs : settings.lostMs)
  const open = before.filter((one) => !one.reported || isFollowed(one))
  const taken = new Set<Person>()
  const seen = faces.flatMap((face): readonly Person[] => {
    if (face.template === null) return []
    const same = open
      .filter((one) => !taken.has(one) && isFollowed(one))
      .filter((one) => isSamePlace(one.box, face.box))
      .toSorted((a, b) => overlap(b.box, face.box) - overlap(a.box, face.box))[0]
    const rank = acquisitionRank(face.quality)
    if (same !== undefined) taken.add(same)
    const best =
      same !== undefined && same.best.rank >= rank
        ? same.best
        : bestOf(face, face.template, picture, rank)
    return [
      {
        best,
        looks: (same?.looks ?? 0) + 1,
        firstMs: same?.firstMs ?? atMs,
        lastMs: atMs,
        box: face.box,
        reported: same?.reported ?? false,
      },
    ]
  })
  return [...open.filter((one) => !taken.has(one)), ...seen].slice(-limits.facesFollowedMax)
}

function bestOf(
  { box, confidence, quality }: Face,
  template: FaceTemplate,
  picture: Picture,
  rank: number,
): Person['best'] {
  const around = cropBox(picture, box, facePictureMargin)
  return { picture: around, box, confidence, quality, template, rank }
}

function isSamePlace(a: Box, b: Box): boolean {
  const size = Math.min(a.width, b.width) / Math.max(a.width, b.width)
  if (size < settings.sizeMin) return false
  const way = Math.hypot(
    a.x + a.width / 2 - b.x - b.width / 2,
    a.y + a.height / 2 - b.y - b.height / 2,
  )
  return overlap(a, b) >= settings.overlapMin || way <= settings.wayMax * Math.max(a.width, b.width)
}

/** Intersection over union. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const both = width * height
  return both / (a.width * a.height + b.width * b.height - both)
}
