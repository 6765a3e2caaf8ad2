/** What a lane reads plates with: a reader of its own thread, or a pool of threads. */

import type { Corners, Look } from '@sallyport/core/plate'
import type { PlateOrigin } from '@sallyport/vision/origin'
import type { Picture } from '@sallyport/vision/picture'
import type { DroppedFrame } from '@sallyport/vision/pool'

export type LaneReader = {
  readonly models: { readonly detector: string; readonly reader: string }
  /** Every plate of the picture, surest first, or that the picture of this name was not read. */
  look(
    picture: Picture,
    options?: { readonly frame?: string; readonly origin?: boolean },
  ): Promise<readonly Look[] | DroppedFrame>
  /** Where a plate comes from; null where no model tells it. */
  origin(picture: Picture, corners: Corners): Promise<PlateOrigin | null>
  close(): Promise<void>
}

export function isDropped(looked: readonly Look[] | DroppedFrame): looked is DroppedFrame {
  return !Array.isArray(looked)
}
