/** Where pictures come from. Every source is one async stream of frames, in memory. */

import type { SourceKind } from '@sallyport/core/crossing'
import type { Picture, PictureRefusal } from '@sallyport/vision/picture'

import type { Chance, Clock } from '../clock.ts'
import type { Report } from '../events.ts'

export type Frame = {
  /** As the camera encoded it, or pixels. */
  readonly image: Uint8Array | Picture
  readonly takenAt: Date
  /** The same moment on the monotonic clock. */
  readonly monotonicMs: number
  /** `whole`: this photograph is one pass of one vehicle. `live`: the trigger finds the passes. */
  readonly pass: 'whole' | 'live'
  /** Told once what became of a `whole` frame. */
  readonly answer?: (outcome: FrameOutcome) => void
}

export type FrameOutcome =
  | { readonly kind: 'spooled'; readonly crossing: string; readonly sequence: number }
  /** Waits in memory for what another camera sees of the same vehicle. */
  | { readonly kind: 'held' }
  | { readonly kind: 'refused'; readonly code: PictureRefusal; readonly detail: string }
  | {
      readonly kind: 'dropped'
      readonly code:
        | 'spool_full'
        | 'spool_write_failed'
        | 'no_epoch'
        | 'day_closed'
        | 'in_maintenance'
        | 'failed'
    }

export type FrameSource = {
  readonly kind: SourceKind
  /** Short name for logs, without credentials. */
  readonly name: string
  /** Frames until the source ends or `signal` is aborted; iterate once. A camera never ends by itself. */
  frames(signal: AbortSignal): AsyncIterable<Frame>
}

export type SourceParts = {
  readonly clock: Clock
  readonly chance: Chance
  readonly report: Report
}

export type SourceRefusal =
  | 'malformed_source'
  | 'folder_unreadable'
  | 'folder_empty'
  | 'port_in_use'
  | 'ffmpeg_missing'
  | 'video_unreadable'

export type OpenedSource =
  | { readonly kind: 'source'; readonly source: FrameSource }
  | { readonly kind: 'refused'; readonly code: SourceRefusal; readonly detail: string }

export function refuseSource(code: SourceRefusal, detail: string): OpenedSource {
  return { kind: 'refused', code, detail }
}

/** Takes values from callbacks; a slow reader loses the oldest of more than `max`. */
export class Latest<T> {
  readonly #max: number
  #items: T[] = []
  #wake: (() => void) | null = null
  #ended = false
  #failure: Error | null = null

  constructor(max: number) {
    this.#max = max
  }

  push(item: T): void {
    if (this.#ended) return
    this.#items.push(item)
    if (this.#items.length > this.#max) this.#items.shift()
    this.#wake?.()
  }

  /** Ends the stream after what is waiting, with an error if one is given. */
  end(failure: Error | null = null): void {
    if (this.#ended) return
    this.#ended = true
    this.#failure = failure
    this.#wake?.()
  }

  get waiting(): number {
    return this.#items.length
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const item = this.#items.shift()
      if (item !== undefined) {
        yield item
        continue
      }
      if (this.#failure !== null) throw this.#failure
      if (this.#ended) return
      await new Promise<void>((resolve) => (this.#wake = resolve))
      this.#wake = null
    }
  }
}
