/** What the lane's own page shows: the last frame and the last plates, in memory and nowhere else. */

import type { SaidAtLane } from '@sallyport/proof/lane-verdict'
import { encodeJpeg, shrink } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import { limits } from '../limits.ts'
import type { Sighting } from '../sealing.ts'
import type { Frame, FrameOutcome } from '../sources/source.ts'

export type LocalPlate = {
  readonly at: string
  readonly kind: 'read' | 'unsure' | 'unreadable'
  readonly text: string | null
  /** Null until it is sealed, and where it could not be kept. */
  readonly crossing: string | null
  readonly sequence: number | null
  /** What was said of it here, oldest first. */
  readonly said: readonly LocalVerdict[]
}

export type LocalVerdict = SaidAtLane & { readonly at: string }

export class LocalView {
  #frame: Frame['image'] | null = null
  #plates: readonly LocalPlate[] = []

  saw({ image }: Pick<Frame, 'image'>): void {
    this.#frame = image
  }

  /** Shows a passing; who calls tells it later what became of it. */
  passed({ plate, takenAt }: Pick<Sighting, 'plate' | 'takenAt'>): (outcome: FrameOutcome) => void {
    const text = plate.kind === 'unreadable' ? null : plate.text
    const shown = { at: takenAt.toISOString(), kind: plate.kind, text }
    const one: LocalPlate = { ...shown, crossing: null, sequence: null, said: [] }
    this.#plates = [one, ...this.#plates].slice(0, limits.localPlatesMax)
    return (outcome) => {
      if (outcome.kind !== 'spooled') return
      const { crossing, sequence } = outcome
      this.#plates = this.#plates.map((plate) =>
        plate === one ? { ...plate, crossing, sequence } : plate,
      )
    }
  }

  /** Remembers what was said of a crossing; the file is what lasts. */
  said(crossing: string, verdict: LocalVerdict): void {
    this.#plates = this.#plates.map((plate) =>
      plate.crossing === crossing ? { ...plate, said: [...plate.said, verdict] } : plate,
    )
  }

  /** In maintenance nothing is shown, not even what was seen before. */
  forget(): void {
    this.#frame = null
    this.#plates = []
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
