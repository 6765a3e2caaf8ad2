/** Where the mark of a copy is weaker: around the plate, so that the copy reads as its original does. */

import type { Area } from '@sallyport/marks/activity'
import type { CaptureRow, CrossingRow } from '@sallyport/store/crossings'

/** In heights of the plate's box. A reader looks at what is around a plate, too (docs/performance.md). */
const margin = 1

/** The plate in this picture as its lane found it, with what is around it; nothing where it found none. */
export function spareOf(
  capture: Pick<CaptureRow, 'id'>,
  crossing: Pick<CrossingRow, 'reads'>,
): readonly Area[] {
  const traits = crossing.reads?.copies?.pictures.find(({ capture: id }) => id === capture.id)
  const plate = traits?.plate ?? null
  if (plate === null) return []
  const around = plate.height * margin
  return [
    {
      x: plate.x - around,
      y: plate.y - around,
      width: plate.width + 2 * around,
      height: plate.height + 2 * around,
    },
  ]
}
