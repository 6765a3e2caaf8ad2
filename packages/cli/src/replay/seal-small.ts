/** Seals a crossing with small pictures by the lanes' own formats: every body to the day's recipient, a template to each face. */

import type { CrossingReads } from '@sallyport/core/crossing'
import { faceQualityAlgorithm } from '@sallyport/core/face-quality'
import { copyTraitsOf } from '@sallyport/lane/copy-traits'
import { facesPart } from '@sallyport/lane/sealed-faces'
import type { SealedBody, SealedCrossing } from '@sallyport/lane/sealing'
import { between, randomFrom } from '@sallyport/lane/synth/random'
import { toHex, utf8 } from '@sallyport/proof/bytes'
import type { DayEpoch } from '@sallyport/proof/epoch'
import { recipientFor } from '@sallyport/proof/epoch'
import { appendPayload, fileKeyBytes, type Random } from '@sallyport/proof/node/age-payload'
import { wrapFileKey } from '@sallyport/proof/node/seal'
import { splitSeal } from '@sallyport/proof/seal-format'
import type { FaceTemplate } from '@sallyport/vision/face/template'

import { readOf } from './passes.ts'
import type { PlannedCrossing } from './plan.ts'
import type { Stub } from './stubs.ts'

export type FaceModelNamed = {
  readonly name: string
  readonly identity: string
  readonly evaluation: boolean
  readonly dimensions: number
}

export type SmallPicture = {
  readonly class: 'scene' | 'face'
  readonly stub: Stub
  /** The stored bytes: the stub with its number. */
  readonly jpeg: Uint8Array
}

/** `pictures` are the scene, then a face for each person. */
export function sealSmall(
  planned: PlannedCrossing & { readonly people: readonly number[] },
  pictures: readonly SmallPicture[],
  {
    epoch,
    model,
    random,
  }: { readonly epoch: DayEpoch; readonly model: FaceModelNamed; readonly random: Random },
): SealedCrossing {
  const sealed = pictures.map((one) => ({
    ...one,
    ...sealBody(one.class, one.jpeg, epoch, random),
  }))
  const corners = [
    { x: 40, y: 38 },
    { x: 58, y: 38 },
    { x: 58, y: 44 },
    { x: 40, y: 44 },
  ] as const
  const { picture: scene } = pictures[0]?.stub ?? raise('a crossing has a scene')
  const reads: CrossingReads = {
    version: 1,
    source: 'synthetic',
    picture: { width: scene.width, height: scene.height },
    ...readOf(planned.plate, corners, planned.sure),
    models: { detector: 'drawn', reader: 'drawn' },
    laneMs: 0,
    copies: copiesOf(sealed),
  }
  const faces = sealed.flatMap((one, at) => {
    const person = planned.people[at - 1]
    if (one.class !== 'face' || person === undefined) return []
    const template = templateOf(person, planned.number, model)
    return [{ id: one.body.id, fileKey: one.fileKey, face: seenFace(one.stub, template) }]
  })
  const found = faces.map(({ face }) => face)
  const seen = { model: model.identity, evaluation: model.evaluation, looks: 1, found, more: 0 }
  const said = { ...reads, faces: facesPart(seen, faces, random) }
  return {
    crossing: toHex(random(16)),
    capturedAt: planned.at,
    sealedAt: planned.at,
    monotonicMs: 1_000 * planned.number,
    laneMs: 0,
    epoch: { day: epoch.day, recipient: epoch.recipient },
    bodies: [
      ...sealed.map(({ body }) => body),
      sealBody('reads', utf8(JSON.stringify(said)), epoch, random).body,
    ],
  }
}

function sealBody(
  name: SealedBody['class'],
  plaintext: Uint8Array,
  epoch: DayEpoch,
  random: Random,
): { readonly body: SealedBody; readonly fileKey: Uint8Array } {
  const fileKey = random(fileKeyBytes)
  const header = wrapFileKey(fileKey, [recipientFor(epoch, name)], random)
  const split = splitSeal(appendPayload(header, fileKey, plaintext, random))
  if (split === null) throw new Error('a seal of ours has a header')
  return { fileKey, body: { class: name, id: toHex(random(16)), ...split } }
}

/** Taken once of each drawn stub: its number changes no pixel. */
const traits = new WeakMap<Stub, ReturnType<typeof copyTraitsOf>>()

function copiesOf(
  sealed: readonly {
    readonly stub: Stub
    readonly class: 'scene' | 'face'
    readonly body: SealedBody
  }[],
) {
  const each = sealed.map(({ stub, class: name, body }) => {
    const known =
      traits.get(stub) ??
      copyTraitsOf([{ capture: body.id, class: name, picture: stub.picture, plate: null }])
    traits.set(stub, known)
    return { ...known, pictures: known.pictures.map((one) => ({ ...one, capture: body.id })) }
  })
  const [first] = each
  return first === undefined
    ? undefined
    : { algorithm: first.algorithm, pictures: each.flatMap(({ pictures }) => pictures) }
}

/** A person's template: always nearly the same numbers, in each crossing a little different. */
function templateOf(person: number, crossing: number, model: FaceModelNamed): FaceTemplate {
  const [own, noise] = [randomFrom(`person ${person}`), randomFrom(`seen ${person} ${crossing}`)]
  const vector = new Float32Array(model.dimensions)
  let squares = 0
  for (let at = 0; at < vector.length; at++) {
    const value = own() - 0.5 + 0.1 * (noise() - 0.5)
    vector[at] = value
    squares += value * value
  }
  const length = Math.sqrt(squares)
  for (let at = 0; at < vector.length; at++) vector[at] = (vector[at] as number) / length
  return { name: model.name, model: model.identity, vector }
}

function seenFace({ picture }: Stub, template: FaceTemplate) {
  const random = randomFrom(template.model)
  return {
    picture,
    box: { x: 300, y: 200, width: 120, height: 150 },
    confidence: 0.9,
    looks: 1,
    template,
    quality: {
      algorithm: faceQualityAlgorithm,
      inter_eye_distance: between(random, 60, 90),
      sharpness: 60,
      head_pose_yaw: 2,
      head_pose_pitch: 1,
      head_pose_roll: 0,
      luminance_mean: 120,
      under_exposure_prevention: 90,
      over_exposure_prevention: 90,
      dynamic_range: 60,
    },
  }
}

function raise(message: string): never {
  throw new Error(message)
}
