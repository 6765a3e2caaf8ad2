/** `@sallyport/vision` on its own: number plates in pictures, without anything else of Sallyport. */

import { readFile } from 'node:fs/promises'

import { isReported, type Look } from '@sallyport/core/plate'

import { decodePicture, type Picture, type PictureRefusal } from './picture.ts'
import {
  type LookOptions,
  openPlateReader,
  type PlateReaderOptions,
  type PlateReader as Reader,
} from './plate-reader.ts'

export type { Look, PlateRead } from '@sallyport/core/plate'
export { decodePicture, type Picture } from './picture.ts'
export type { PlateReaderOptions } from './plate-reader.ts'
export { type DroppedFrame, PlateReaderPool, type PoolOptions } from './pool.ts'
export { type VoteOptions, votePlate } from './vote.ts'

export type ReadPicture =
  | {
      readonly kind: 'plates'
      /** Surest first; empty when there is no plate. */
      readonly plates: readonly Look[]
      readonly picture: { readonly width: number; readonly height: number }
    }
  | { readonly kind: 'refused'; readonly code: PictureRefusal; readonly detail: string }

/** Reads plates. Holds its models in memory until it is closed. */
export class PlateReader {
  readonly #reader: Reader

  private constructor(reader: Reader) {
    this.#reader = reader
  }

  /**
   * Opens the models that come with this package, or those of `folder`. Throws, naming the model, when
   * one is missing, damaged, of another hash than its card or pin says, or has other outputs.
   */
  static async open(options: PlateReaderOptions = {}): Promise<PlateReader> {
    return new PlateReader(await openPlateReader(options))
  }

  /** Names of the models with the first digits of their hashes. */
  get models(): Reader['models'] {
    return this.#reader.models
  }

  /**
   * The plates of a picture: a file's path, or the bytes of a JPEG, PNG, WebP, TIFF or AVIF. Bytes that
   * are no picture, or one beyond the limits, are refused as a value; a missing file throws.
   */
  async read(picture: string | Uint8Array): Promise<ReadPicture> {
    const bytes = typeof picture === 'string' ? await readFile(picture) : picture
    const decoded = await decodePicture(bytes)
    if (decoded.kind === 'refused') return decoded
    const { width, height } = decoded.picture
    const looks = await this.#reader.look(decoded.picture)
    return { kind: 'plates', plates: looks.filter(isReported), picture: { width, height } }
  }

  /** Every look at pixels, weak candidates included: what `votePlate` wants of several frames. */
  look(picture: Picture, options: LookOptions = {}): Promise<readonly Look[]> {
    return this.#reader.look(picture, options)
  }

  close(): Promise<void> {
    return this.#reader.close()
  }
}
