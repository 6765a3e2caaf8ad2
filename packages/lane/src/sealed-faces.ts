/** Faces of a sighting as they are sealed: a picture each, and a template that goes with its picture. */

import type { CrossingFace, CrossingFaces } from '@sallyport/core/faces/crossing-faces'
import { toBase64 } from '@sallyport/proof/bytes'
import type { Random } from '@sallyport/proof/node/age-payload'
import { templateKey } from '@sallyport/proof/node/template-key'
import { encodeJpeg, shrink } from '@sallyport/vision/encode'
import { sealTemplate } from '@sallyport/vision/face/template-seal'
import type { Picture } from '@sallyport/vision/picture'

import type { SeenFace, SeenFaces } from './face-watch.ts'
import { limits } from './limits.ts'

export type FacePicture = {
  readonly picture: Picture
  readonly jpeg: Uint8Array
  readonly face: SeenFace
}

/** The pictures of the faces, scaled and encoded. */
export async function facePictures(faces: SeenFaces): Promise<readonly FacePicture[]> {
  return Promise.all(
    faces.found.map(async (face) => {
      const picture = await shrink(face.picture, limits.faceSideMax)
      return { picture, jpeg: await encodeJpeg(picture, limits.faceQuality), face }
    }),
  )
}

/** The part `faces` of the reads; `sealed` says under which id and file key each picture went. */
export function facesPart(
  { model, evaluation, looks, more }: SeenFaces,
  sealed: readonly {
    readonly id: string
    readonly fileKey: Uint8Array
    readonly face: SeenFace
  }[],
  random: Random,
): CrossingFaces {
  const found = sealed.map(({ id, fileKey, face }): CrossingFace => {
    const template = sealTemplate(face.template, id, templateKey(fileKey), random)
    // The clear one has been sealed and is of no more use here.
    face.template.vector.fill(0)
    const { box, confidence, quality } = face
    return {
      capture: id,
      box,
      confidence,
      looks: face.looks,
      quality,
      template: toBase64(template),
    }
  })
  return { version: 1, model, evaluation, looks, found, more }
}
