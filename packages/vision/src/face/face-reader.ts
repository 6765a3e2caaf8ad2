/** Picture in, faces out: detect, find the points, measure, describe. */

import type { FaceQuality } from '@sallyport/core/face-quality'
import type { Box, Point } from '@sallyport/core/plate'
import * as ort from 'onnxruntime-node'

import type { Picture } from '../picture.ts'
import { type Describer, describeFace } from './describe-face.ts'
import { type DetectedFace, detectFaces } from './detect-faces.ts'
import {
  evaluationAlignment,
  evaluationHashes,
  evaluationLabel,
  evaluationLicence,
  evaluationName,
  evaluationNetwork,
  evaluationNormalisation,
  evaluationPoints,
  evaluationScoreCut,
} from './evaluation-model.ts'
import type { FaceApiNetwork } from './face-api-weights.ts'
import type { FaceCard } from './face-card.ts'
import { openFaceSession } from './face-session.ts'
import { findLandmarks, fiveOf, type FivePoints, type Landmarks } from './landmarks.ts'
import { modelIdentity } from './model-identity.ts'
import { detectWithOwn } from './own-detector.ts'
import { openOwnModel } from './own-model.ts'
import { measureQuality } from './quality.ts'
import type { FaceTemplate } from './template.ts'

export type Face<Model extends string = string> = {
  /** Pixels of the picture; may reach beyond it. */
  readonly box: Box
  /** How sure the detector is, 0 to 1. It says nothing of whether the face is alive: there is no PAD. */
  readonly confidence: number
  readonly points: FivePoints
  readonly quality: FaceQuality
  /** Null when it was not asked for. */
  readonly template: FaceTemplate<Model> | null
}

export type FaceModel<Model extends string = string> = {
  /** The name it was opened under. */
  readonly name: Model
  /** Name and hash: what templates carry and calibrations are made for. */
  readonly identity: string
  /** Numbers of a template. */
  readonly dimensions: number
  readonly evaluation: boolean
  /** What everybody is told who sees an answer of it. */
  readonly label: string
  readonly licence: string
}

export type FaceReader<Model extends string = string> = {
  readonly model: FaceModel<Model>
  /**
   * Faces of the picture, the surest first; empty when there is none. `describe` chooses those that get
   * a template (all by default): what is not asked for is not computed.
   */
  look(picture: Picture, options?: LookOptions): Promise<readonly Face<Model>[]>
  close(): Promise<void>
}

export type LookOptions = { readonly describe?: 'all' | 'main' | 'none' }

export type FaceReaderOptions = {
  /** Cores that one look may use, 1 by default. */
  readonly threads?: number
  /** Where converted networks are kept between starts; null (default) converts them every time. */
  readonly cache?: string | null
}

/** The model that comes with the package `@vladmandic/face-api`. Throws when that is not installed. */
export async function openEvaluationReader(
  options: FaceReaderOptions = {},
): Promise<FaceReader<typeof evaluationName>> {
  const own = await openSessions(options, ['detector', 'landmarks', 'describer'])
  const { detector, landmarks, describer: session } = own
  const describer: Describer = {
    session,
    input: { name: 'image', width: 150, height: 150 },
    output: 'description',
    dimensions: 128,
    normalisation: evaluationNormalisation,
    outside: 0,
    mirror: true,
    alignment: evaluationAlignment,
  }
  const model = {
    name: evaluationName,
    identity: modelIdentity(evaluationName, evaluationHashes.describer, describer),
    dimensions: describer.dimensions,
    evaluation: true,
    label: evaluationLabel,
    licence: evaluationLicence,
  } as const
  return readerOf(model, {
    describer,
    detect: (picture) => detectFaces(detector, picture, evaluationScoreCut),
    pointsOf: (picture, { box }) => findLandmarks(landmarks, picture, box),
    choose: (all) => evaluationPoints.map((index) => all[index] ?? { x: 0, y: 0 }),
    sessions: [detector, landmarks, session],
  })
}

/**
 * A model of your own (docs/faces.md), under a name of your choice. Without a detector in its card
 * faces are found by the evaluation model's. Throws when card and files disagree.
 */
export async function openOwnReader<Model extends string>(
  name: Model extends typeof evaluationName ? never : Model,
  folder: string,
  options: FaceReaderOptions = {},
): Promise<FaceReader<Model>> {
  const { threads = 1 } = options
  const { card, detector, describer } = await openOwnModel(folder, threads)
  const shipped = await openSessions(options, ['detector', 'landmarks'])
  const model: FaceModel<Model> = {
    name: name as Model,
    identity: modelIdentity(card.name, card.describer.sha256, describer),
    dimensions: describer.dimensions,
    evaluation: card.evaluation,
    label: labelOf(card),
    licence: card.licence,
  }
  return readerOf(model, {
    describer,
    detect: (picture) =>
      detector === null || card.detector === null
        ? detectFaces(shipped.detector, picture, evaluationScoreCut)
        : detectWithOwn(detector, card.detector, picture),
    pointsOf: (picture, { box }) => findLandmarks(shipped.landmarks, picture, box),
    choose: (_, five) => five,
    sessions: [
      describer.session,
      shipped.detector,
      shipped.landmarks,
      ...(detector === null ? [] : [detector]),
    ],
  })
}

function labelOf({ name, evaluation }: FaceCard): string {
  return evaluation ? `${name}, an evaluation model by its card` : name
}

type Parts = {
  readonly describer: Describer
  readonly detect: (
    picture: Picture,
  ) => Promise<readonly (DetectedFace & { readonly points?: FivePoints })[]>
  readonly pointsOf: (picture: Picture, face: DetectedFace) => Promise<Landmarks>
  readonly choose: (all: Landmarks, five: FivePoints) => readonly Point[]
  readonly sessions: readonly ort.InferenceSession[]
}

function readerOf<Model extends string>(
  model: FaceModel<Model>,
  { describer, detect, pointsOf, choose, sessions }: Parts,
): FaceReader<Model> {
  return {
    model,
    async look(picture, { describe = 'all' } = {}) {
      const found = await detect(picture)
      const main = describe === 'main' ? mainFace(found, picture) : null
      const faces: Face<Model>[] = []
      for (const face of found) {
        const all = face.points === undefined ? await pointsOf(picture, face) : []
        const points = face.points ?? fiveOf(all)
        const wanted = describe === 'all' || face === main
        const vector = wanted ? await describeFace(describer, picture, choose(all, points)) : null
        faces.push({
          box: face.box,
          confidence: face.score,
          points,
          quality: measureQuality(picture, points),
          template: vector === null ? null : { name: model.name, model: model.identity, vector },
        })
      }
      return faces
    },
    async close() {
      await Promise.all(sessions.map((session) => session.release()))
    },
  }
}

/**
 * The face that a picture of one person is about: large and near the middle. Others stand behind it or
 * on its clothes.
 */
export function mainFace<One extends { readonly box: Box }>(
  faces: readonly One[],
  { width, height }: Pick<Picture, 'width' | 'height'>,
): One | null {
  const standing = ({ box }: One): number => {
    const x = box.x + box.width / 2 - width / 2
    const y = box.y + box.height / 2 - height / 2
    const away = Math.hypot(x / width, y / height)
    return Math.sqrt(box.width * box.height) * Math.max(0.05, 1 - away * 1.5)
  }
  const [best] = faces.toSorted((a, b) => standing(b) - standing(a))
  return best ?? null
}

async function openSessions<Network extends FaceApiNetwork>(
  { threads = 1, cache = null }: FaceReaderOptions,
  networks: readonly Network[],
): Promise<Readonly<Record<Network, ort.InferenceSession>>> {
  const opened: [Network, ort.InferenceSession][] = []
  try {
    for (const network of networks) {
      const onnx = await evaluationNetwork(network, cache)
      opened.push([network, await openFaceSession(`the face ${network}`, onnx, threads)])
    }
  } catch (error) {
    await Promise.all(opened.map(([, session]) => session.release()))
    throw error
  }
  return Object.fromEntries(opened) as Record<Network, ort.InferenceSession>
}
