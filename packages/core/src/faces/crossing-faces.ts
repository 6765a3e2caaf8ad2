/** Faces of a crossing as the lane states them: the optional part `faces` of the sealed reads. */

import type { FaceQuality } from '../face-quality.ts'
import type { Box } from '../plate.ts'

export type CrossingFace = {
  /** Id of the body of class `face` that shows it. */
  readonly capture: string
  /** Pixels of the frame that the picture was cut from. */
  readonly box: Box
  /** How sure the detector is, 0 to 1. It does not say that a living person stands there. */
  readonly confidence: number
  /** Looks of the pass in which it was seen. */
  readonly looks: number
  readonly quality: FaceQuality
  /**
   * Base64 of the template, sealed under a key that follows from the file key of `capture`
   * (specs/manifest.md): what shreds the picture shreds it.
   */
  readonly template: string
}

export type CrossingFaces = {
  readonly version: 1
  /** Identity of the model that described them. */
  readonly model: string
  readonly evaluation: boolean
  /** Looks of the pass in which faces were searched for. */
  readonly looks: number
  readonly found: readonly CrossingFace[]
  /** Faces seen beyond `found`: people for whom there was no room. */
  readonly more: number
}
