/** What the lane's own page shows: the last frame and the last plates, in memory and nowhere else. */

import { encodeJpeg, shrink } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import { limits } from '../limits.ts'
import type { Sighting } from '../sealing.ts'
import type { Frame } from '../sources/source.ts'

export type LocalPlate = {
  readonly at: string
  readonly kind: 'read' | 'unsure' | 'unreadable'
  readonly text: string | null
}

export class LocalView {
  #frame: Frame['image'] | null = null
  #plates: readonly LocalPlate[] = []

  saw({ image }: Pick<Frame, 'image'>): void {
    this.#frame = image
  }

  passed({ plate, takenAt }: Pick<Sighting, 'plate' | 'takenAt'>): void {
    const text = plate.kind === 'unreadable' ? null : plate.text
    const one = { at: takenAt.toISOString(), kind: plate.kind, text }
    this.#plates = [one, ...this.#plates].slice(0, limits.localPlatesMax)
  }

  /** Newest first. */
  get plates(): readonly LocalPlate[] {
    return this.#plates
  }

  /** The last frame as a JPEG; null where there is none, or it cannot be decoded. */
  async picture(): Promise<Uint8Array | null> {
    const frame = this.#frame
    if (frame === null) return null
    const decoded =
      frame instanceof Uint8Array
        ? await decodePicture(frame)
        : ({ kind: 'picture', picture: frame } as const)
    if (decoded.kind === 'refused') return null
    return encodeJpeg(
      await shrink(decoded.picture, limits.localPictureSideMax),
      limits.sceneQuality,
    )
  }
}
