/** Frames as ffmpeg writes them to a pipe: binary PPM, one after the other, each with its own size. */

import type { Picture } from '@sallyport/vision/picture'

import { ByteQueue } from './multipart.ts'

export type ReadPictures =
  | { readonly kind: 'pictures'; readonly pictures: readonly Picture[] }
  | { readonly kind: 'refused'; readonly code: 'malformed_frame' | 'frame_too_large' }

const headerMax = 64

/** Cuts a byte stream into pictures of at most `sideMax` pixels a side. */
export class PpmReader {
  readonly #sideMax: number
  readonly #held = new ByteQueue()
  #size: { readonly width: number; readonly height: number } | null = null

  constructor(sideMax: number) {
    this.#sideMax = sideMax
  }

  /** Takes a chunk; gives the pictures that it completed. After a refusal the stream is useless. */
  take(chunk: Uint8Array): ReadPictures {
    this.#held.push(chunk)
    const pictures: Picture[] = []
    for (;;) {
      if (this.#size === null) {
        const text = this.#held.peek(0, headerMax).toString('latin1')
        const found = /^P6\s(\d{1,5})\s(\d{1,5})\s255\s/.exec(text)
        if (found === null) {
          const hopeless = this.#held.length >= headerMax || !'P6'.startsWith(text.slice(0, 2))
          return hopeless
            ? { kind: 'refused', code: 'malformed_frame' }
            : { kind: 'pictures', pictures }
        }
        const [width, height] = [Number(found[1]), Number(found[2])]
        if (width < 1 || height < 1 || width > this.#sideMax || height > this.#sideMax) {
          return { kind: 'refused', code: 'frame_too_large' }
        }
        this.#held.drop(found[0].length)
        this.#size = { width, height }
      }
      const { width, height } = this.#size
      if (this.#held.length < width * height * 3) return { kind: 'pictures', pictures }
      pictures.push({ width, height, data: this.#held.take(width * height * 3) })
      this.#size = null
    }
  }
}
