/**
 * The plate reader for programs outside: pictures in memory, one after another, a short queue. The
 * models are loaded with the first picture and stay.
 */

import type { Look } from '@sallyport/core/plate'
import { decodePicture, type PictureRefusal } from '@sallyport/vision/picture'
import type { PlateReader } from '@sallyport/vision/plate-reader'

export type DeskAnswer =
  | {
      readonly kind: 'looks'
      readonly looks: readonly Look[]
      readonly picture: { readonly width: number; readonly height: number }
      readonly ms: number
    }
  | { readonly kind: 'refused'; readonly code: PictureRefusal; readonly detail: string }

export type ReaderDesk = {
  /** Reads one picture; it is forgotten with the answer. */
  read(bytes: Uint8Array): Promise<DeskAnswer>
  close(): Promise<void>
}

/** `open` is called once, when the first picture comes; when it fails the next picture tries again. */
export function createReaderDesk(
  open: () => Promise<Pick<PlateReader, 'look' | 'close'>>,
): ReaderDesk {
  let reader: Promise<Pick<PlateReader, 'look' | 'close'>> | null = null
  let last: Promise<unknown> = Promise.resolve()
  let closed = false

  async function readNow(bytes: Uint8Array): Promise<DeskAnswer> {
    if (closed) throw new Error('the reader is closed: the hub stops')
    const started = performance.now()
    const decoded = await decodePicture(bytes)
    if (decoded.kind === 'refused') return decoded
    reader ??= open().catch((error: unknown) => {
      reader = null
      throw error
    })
    const { picture } = decoded
    const looks = await (await reader).look(picture)
    const ms = Math.round((performance.now() - started) * 1000) / 1000
    return { kind: 'looks', looks, picture: { width: picture.width, height: picture.height }, ms }
  }

  return {
    read(bytes) {
      const answer = last.then(() => readNow(bytes))
      last = answer.catch(() => undefined)
      return answer
    },
    async close() {
      closed = true
      await last
      if (reader !== null) await (await reader.catch(() => null))?.close()
    },
  }
}
