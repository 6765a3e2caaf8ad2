/** Faces of a picture that may be nothing but a face, which detectors are not made for. */

import { rawImage } from '@sallyport/vision/encode'
import type { Face, FaceReader } from '@sallyport/vision/face/face-reader'
import type { Picture } from '@sallyport/vision/picture'

/** A picture with a longer side is a scene: a face in it is found as it is. */
const aloneSideMax = 900
/**
 * Plain space around a bare crop, of its longer side, in the order in which it is tried: with more of it the
 * detector sees the face too small to say well where it lies, and its template leads elsewhere.
 */
const spaces = [0.7, 1, 1.5]

/** Faces in pixels of the picture; where there is none in a small one, it is looked at again with space around it. */
export async function facesAlone(
  picture: Picture,
  reader: Pick<FaceReader, 'look'>,
): Promise<readonly Face[]> {
  const found = await reader.look(picture)
  if (found.length > 0 || Math.max(picture.width, picture.height) > aloneSideMax) return found
  for (const space of spaces) {
    const faces = await facesAmid(space, picture, reader)
    if (faces.length > 0) return faces
  }
  return []
}

async function facesAmid(
  space: number,
  picture: Picture,
  reader: Pick<FaceReader, 'look'>,
): Promise<readonly Face[]> {
  const by = Math.round(Math.max(picture.width, picture.height) * space)
  const { data, info } = await rawImage(picture)
    .extend({ top: by, bottom: by, left: by, right: by, background: '#808080' })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const faces = await reader.look({
    width: info.width,
    height: info.height,
    data: new Uint8Array(data),
  })
  return faces.map((face) => {
    const [a, b, c, d, e] = face.points
    const back = ({ x, y }: typeof a) => ({ x: x - by, y: y - by })
    return {
      ...face,
      box: { ...face.box, ...back(face.box) },
      points: [back(a), back(b), back(c), back(d), back(e)],
    }
  })
}
