/** Plates of a picture that may be nothing but a plate, which no lane's camera makes. */

import type { Evidence } from '@sallyport/core/leaks/finding'
import type { Look, Point } from '@sallyport/core/plate'
import { rawImage } from '@sallyport/vision/encode'
import { decodePicture } from '@sallyport/vision/picture'

import type { ReaderDesk } from '../reader/desk.ts'

/** A picture with a longer side is a scene: a plate in it is found as it is. */
const aloneSideMax = 900
/** Plain space around a bare crop, of its longer side. */
const space = 0.5

export type LooksAlone = {
  /** In pixels of the picture. */
  readonly looks: readonly Look[]
  /** Why no plate could be looked for; such a file is not "not ours". */
  readonly unread: Extract<Evidence, { kind: 'not_compared' }> | null
}

/** Reads it as it is, and a small one with space around it as well: what either reads may be the plate. */
export async function looksAlone(
  bytes: Uint8Array,
  desk: Pick<ReaderDesk, 'read'>,
): Promise<LooksAlone> {
  const read = await desk.read(bytes)
  if (read.kind !== 'looks') {
    const reason = read.kind === 'busy' ? 'The plate reader had too much to do.' : read.detail
    return { looks: [], unread: { kind: 'not_compared', reason } }
  }
  const { width, height } = read.picture
  if (Math.max(width, height) > aloneSideMax) return { looks: read.looks, unread: null }
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return { looks: read.looks, unread: null }
  const by = Math.round(Math.max(width, height) * space)
  const amid = await rawImage(decoded.picture)
    .extend({ top: by, bottom: by, left: by, right: by, background: '#808080' })
    .png()
    .toBuffer()
  const again = await desk.read(amid)
  const looks = again.kind === 'looks' ? again.looks.map((look) => movedBack(look, by)) : []
  return { looks: [...looks, ...read.looks], unread: null }
}

function movedBack(look: Look, by: number): Look {
  const [a, b, c, d] = look.corners
  const back = ({ x, y }: Point): Point => ({ x: x - by, y: y - by })
  return {
    ...look,
    box: { ...look.box, ...back(look.box) },
    corners: [back(a), back(b), back(c), back(d)],
  }
}
