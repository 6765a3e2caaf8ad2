/** Words of a crossing (DESIGN section 2), shared by the lane, the hub and the console. */

import type { PlatePair } from './plate-pair.ts'
import type { Look, PlateRead } from './plate.ts'

export const captureClasses = ['scene', 'plate', 'face'] as const
export type CaptureClass = (typeof captureClasses)[number]

/** A sealed body is a capture or the reads and templates that belong to the crossing. */
export const bodyClasses = [...captureClasses, 'reads'] as const
export type BodyClass = (typeof bodyClasses)[number]

export const directions = ['in', 'out'] as const
export type Direction = (typeof directions)[number]

export const laneKinds = ['vehicle', 'walk', 'gate'] as const
export type LaneKind = (typeof laneKinds)[number]

/** How a crossing came to be seen: what the page says of pictures drawn by the demo's own cameras. */
export const sourceKinds = ['camera', 'photographs', 'synthetic'] as const
export type SourceKind = (typeof sourceKinds)[number]

/** One look of a track with the time it was taken. */
export type TrackedLook = Look & {
  /** Frame number within the pass, from 0. */
  readonly frame: number
  /** Milliseconds after the pass began. */
  readonly atMs: number
}

/**
 * The sealed body of class `reads`: everything the lane's models said of one crossing.
 * Encoded as JSON (specs/manifest.md); it is personal and never leaves memory unsealed.
 */
export type CrossingReads = {
  readonly version: 1
  readonly source: SourceKind
  readonly picture: { readonly width: number; readonly height: number }
  readonly plate: PlateRead
  readonly looks: readonly TrackedLook[]
  readonly models: { readonly detector: string; readonly reader: string }
  /** Trigger to sealed, milliseconds, as measured at the lane. */
  readonly laneMs: number
  /** Present where a second camera saw the vehicle from behind; `plate` is then what both say. */
  readonly rear?: RearReads | undefined
  /** Absent where the lane is of before. */
  readonly copies?: CopyTraits | undefined
}

/** What a second camera read of the vehicle's other end. Corners and boxes are pixels of its own picture. */
export type RearReads = {
  readonly pair: PlatePair
  /** What the first camera read by itself. */
  readonly front: PlateRead
  readonly plate: PlateRead
  readonly looks: readonly TrackedLook[]
  readonly picture: { readonly width: number; readonly height: number }
  /** Ids of the sealed bodies of its pictures; the scene is left out where the spool was full. */
  readonly captures: readonly string[]
}

/** What copies of a crossing's pictures are recognised by, taken at the lane before they are sealed. */
export type CopyTraits = {
  /** Hashes of two versions are not comparable. */
  readonly algorithm: string
  readonly pictures: readonly CopyTrait[]
}

export type CopyTrait = {
  /** Id of the sealed body. */
  readonly capture: string
  /** Perceptual hash of the picture within plain borders, 64 hexadecimal digits. */
  readonly hash: string
  /** 0 to 100; below 50 it has too little in it to be told from others. */
  readonly quality: number
  /** Pixels of the sealed picture. */
  readonly width: number
  readonly height: number
  /** Upright box of the plate, in its pixels; null when the crossing has none. */
  readonly plate: {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  } | null
}
