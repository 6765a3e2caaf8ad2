/** From a photograph to what a gallery keeps of it: one face, good enough, or the reason why not. */

import { enrolmentAdvice, enrolmentFaults, type FaceQuality } from '@sallyport/core/face-quality'
import { encodeJpeg, shrink } from '@sallyport/vision/encode'
import { type FaceReader, mainFace } from '@sallyport/vision/face/face-reader'
import type { FaceTemplate } from '@sallyport/vision/face/template'
import { decodePicture } from '@sallyport/vision/picture'

import { faceHubLimits } from './limits.ts'

export type DescribedPhoto =
  | {
      readonly kind: 'described'
      readonly template: FaceTemplate
      readonly quality: FaceQuality
      /** As it is kept: scaled down, JPEG, without what the file said beside. */
      readonly jpeg: Uint8Array
    }
  | {
      readonly kind: 'refused'
      readonly code: 'not_a_picture' | 'no_face' | 'several_faces' | 'not_good_enough'
      readonly detail: string
    }

/** Others whose eyes are so much nearer together stand behind the person, or on their clothes. */
const behindShare = 0.5

/** Describes the one face of a photograph, as of a document. Nothing of it touches a disk. */
export async function describePhoto(
  bytes: Uint8Array,
  reader: Pick<FaceReader, 'look'>,
): Promise<DescribedPhoto> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return refused('not_a_picture', decoded.detail)
  const { picture } = decoded
  const faces = await reader.look(picture, { describe: 'main' })
  const main = mainFace(faces, picture)
  if (main === null || main.template === null) return refused('no_face', 'No face was found in it.')
  const least = main.quality.inter_eye_distance * behindShare
  const others = faces.filter(
    (one) => one !== main && one.quality.inter_eye_distance >= least,
  ).length
  if (others > 0)
    return refused(
      'several_faces',
      `There are ${others + 1} faces in it; a photograph of a document shows one person.`,
    )
  const faults = enrolmentFaults(main.quality)
  if (faults.length > 0)
    return refused('not_good_enough', faults.map((fault) => enrolmentAdvice[fault]).join(' '))
  const kept = await shrink(picture, faceHubLimits.photoSideMax)
  return {
    kind: 'described',
    template: main.template,
    quality: main.quality,
    jpeg: await encodeJpeg(kept, faceHubLimits.photoQuality),
  }
}

function refused(
  code: Extract<DescribedPhoto, { kind: 'refused' }>['code'],
  detail: string,
): DescribedPhoto {
  return { kind: 'refused', code, detail }
}
