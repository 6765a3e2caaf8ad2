/**
 * The plate reader for programs outside: threads of its own, so that the hub goes on while a picture is
 * read, and a short queue. The models are loaded with the first picture and stay.
 */

import type { Look } from '@sallyport/core/plate'
import type { PictureRefusal } from '@sallyport/vision/picture'
import type { PlateReaderPool } from '@sallyport/vision/pool'

export type DeskAnswer =
  | {
      readonly kind: 'looks'
      readonly looks: readonly Look[]
      readonly picture: { readonly width: number; readonly height: number }
    }
  | { readonly kind: 'refused'; readonly code: PictureRefusal; readonly detail: string }
  /** Too many pictures wait, or this one waited too long: it was not read. */
  | { readonly kind: 'busy' }

export type ReaderDesk = {
  /** Reads one picture; it is forgotten with the answer. Throws when no reader can read it. */
  read(bytes: Uint8Array): Promise<DeskAnswer>
  close(): Promise<void>
}

/** What the desk reads with. It decides how many may wait, and for how long. */
export type DeskPool = Pick<PlateReaderPool, 'read' | 'close' | 'ended'>

/** `open` is called with the first picture, and again after it failed or when its threads kept dying. */
export function createReaderDesk(open: () => Promise<DeskPool>): ReaderDesk {
  let pool: Promise<DeskPool> | null = null
  let closed = false

  function start(): Promise<DeskPool> {
    const starting = open()
    pool = starting
    starting.catch(() => {
      if (pool === starting) pool = null
    })
    return starting
  }

  async function opened(): Promise<DeskPool> {
    const asked = pool ?? start()
    const found = await asked
    if (!found.ended) return found
    return pool === null || pool === asked ? start() : pool
  }

  return {
    async read(bytes) {
      if (closed) throw new Error('the reader is closed: the hub stops')
      const answer = await (await opened()).read(bytes)
      if (answer.kind === 'read')
        return { kind: 'looks', looks: answer.looks, picture: answer.picture }
      if (answer.kind === 'refused') return answer
      if (answer.code === 'worker_failed') throw new Error(answer.detail)
      return { kind: 'busy' }
    },
    async close() {
      closed = true
      await (await pool?.catch(() => null))?.close()
    },
  }
}
