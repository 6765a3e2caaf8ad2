/** Drawn people for tests: photographs of them, and bundles as a lane with faces on makes them. */

import { randomBytes } from 'node:crypto'

import { faceCalibrationFormat } from '@sallyport/core/face-calibration-document'
import type { SeenFace, SeenFaces } from '@sallyport/lane/face-watch'
import { facePictures, facesPart } from '@sallyport/lane/sealed-faces'
import { appendPayload, fileKeyBytes } from '@sallyport/proof/node/age-payload'
import { wrapFileKey } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import { cropBox, encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { drawHead, type HeadPose } from '@sallyport/vision/face/drawn-head'
import { type FaceReader, mainFace } from '@sallyport/vision/face/face-reader'
import type { Picture } from '@sallyport/vision/picture'

/** A head on a grey wall, with the eyes as far apart as a document's photograph has them. */
export function headPicture(who: number, pose: HeadPose = {}): Promise<Picture> {
  const key = JSON.stringify([who, pose])
  const known = drawn.get(key) ?? drawPicture(who, pose)
  drawn.set(key, known)
  return known
}

const drawn = new Map<string, Promise<Picture>>()

async function drawPicture(who: number, pose: HeadPose): Promise<Picture> {
  const grey = { r: 128, g: 128, b: 128 }
  const [small, side, wall] = [drawHead(who, 104, pose), 336, 200]
  const { data, info } = await rawImage(small)
    .resize(side, side)
    .extend({ top: wall, bottom: wall, left: wall, right: wall, background: grey })
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data: new Uint8Array(data) }
}

export async function photographOf(who: number, pose: HeadPose = {}): Promise<Uint8Array> {
  return encodeJpeg(await headPicture(who, pose), 92)
}

/** What a lane would have seen of these pictures: one person each. */
export async function seenFaces(
  reader: Pick<FaceReader, 'look' | 'model'>,
  pictures: readonly Picture[],
): Promise<SeenFaces> {
  const found: SeenFace[] = []
  for (const picture of pictures) {
    const main = mainFace(await reader.look(picture), picture)
    if (main?.template == null) throw new Error('a drawn head was not found')
    const { box, confidence, quality, template } = main
    const around = cropBox(picture, box, 0.6)
    found.push({ picture: around, box, confidence, looks: 3, quality, template })
  }
  const { identity, evaluation } = reader.model
  return { model: identity, evaluation, looks: 3, found, more: 0 }
}

export type SealedFaces = Awaited<ReturnType<typeof sealedFaces>>

/** Seals faces as a lane does: bodies for a bundle, and the part `faces` of its reads. */
export async function sealedFaces(faces: SeenFaces, recipient: string) {
  const bodies = []
  for (const { jpeg, face } of await facePictures(faces)) {
    const fileKey = randomBytes(fileKeyBytes)
    const header = wrapFileKey(fileKey, [recipient])
    const split = splitSeal(appendPayload(header, fileKey, jpeg, randomBytes))
    if (split === null) throw new Error('a fresh seal splits')
    bodies.push({ id: randomBytes(16).toString('hex'), fileKey, face, ...split })
  }
  return { bodies, part: facesPart(faces, bodies, randomBytes) }
}

/**
 * A calibration in which drawn people can be told apart: every one of them is near every other, so the
 * shipped one would call them all the same.
 */
export function drawnCalibration(model: string, cameraClass = 'any'): string {
  const curve = (points: readonly (readonly [number, number])[]) =>
    points.map(([distance, share]) => ({ distance, share }))
  return JSON.stringify({
    format: faceCalibrationFormat,
    model,
    camera_class: cameraClass,
    made: '2026-11-22T12:00:00.000Z',
    made_from: { name: 'drawn heads', people: 8, pictures: 40, pictures_without_face: 0 },
    thresholds: {
      falseMatchRate: 0.001,
      falsePositiveIdentificationRate: 0.01,
      falseNonMatchRate: 0.01,
    },
    curves: {
      impostors: 1_000_000,
      genuine: 10_000,
      falseMatch: curve([
        [0.3, 0.5],
        [0.15, 0.001],
        [0.12, 0.00003],
      ]),
      falseNonMatch: curve([
        [0.05, 0.5],
        [0.16, 0.003],
      ]),
      logistic: { slope: 200, offset: 28 },
    },
    cross_validated: null,
  })
}
