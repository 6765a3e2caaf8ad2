/** Where the mark of a copy is weaker: around plates and faces, so that the copy reads as its original does. */

import { faceInItsPicture } from '@sallyport/core/faces/face-picture'
import type { Box } from '@sallyport/core/plate'
import type { Area } from '@sallyport/marks/activity'
import type { CaptureRow, CrossingRow } from '@sallyport/store/crossings'
import { faceBoxes } from '@sallyport/store/faces/faces'
import type { Db } from '@sallyport/store/postgres/database'

/** In heights of the plate's box. A reader looks at what is around a plate, too (docs/performance.md). */
const plateMargin = 1
/** In sizes of the face's box: what networks that describe faces are shown of them. */
const faceMargin = 0.2

/** As `spareOf`, for a picture that is stored. */
export async function spareIn(
  { capture, crossing }: { readonly capture: CaptureRow; readonly crossing: CrossingRow },
  db: Db,
): Promise<readonly Area[]> {
  return spareOf(capture, crossing, await faceBoxes(db, capture.id))
}

/**
 * The plate in this picture as its lane found it, and the face if it is a face's own picture, with what is
 * around them; nothing where it found none. `faces` are boxes of the frame (`faceInItsPicture`).
 */
export function spareOf(
  capture: Pick<CaptureRow, 'id'>,
  crossing: Pick<CrossingRow, 'reads'>,
  faces: readonly Box[],
): readonly Area[] {
  const plate = plateIn(capture, crossing)
  return [
    ...(plate === null ? [] : [grown(plate, plateMargin * plate.height)]),
    ...faces.map((face) =>
      grown(faceInItsPicture(face), faceMargin * Math.max(face.width, face.height)),
    ),
  ]
}

function plateIn(
  capture: Pick<CaptureRow, 'id'>,
  crossing: Pick<CrossingRow, 'reads'>,
): Box | null {
  const traits = crossing.reads?.copies?.pictures.find(({ capture: id }) => id === capture.id)
  return traits?.plate ?? null
}

function grown({ x, y, width, height }: Box, around: number): Area {
  return {
    x: x - around,
    y: y - around,
    width: width + 2 * around,
    height: height + 2 * around,
  }
}
