/** A candidate that describes faces, beside the model in service: one finds the face for both. */

import type { Point } from '@sallyport/core/plate'
import { alignedPlanes, descriptionOf, picturesOf } from '@sallyport/vision/face/describe-face'
import { drawHead } from '@sallyport/vision/face/drawn-head'
import type { FaceCard } from '@sallyport/vision/face/face-card'
import {
  type FaceReader,
  mainFace,
  openEvaluationReader,
  openOwnReader,
} from '@sallyport/vision/face/face-reader'
import { describingOf } from '@sallyport/vision/face/own-model'
import { vectorDistance } from '@sallyport/vision/face/template'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

import { lightIn } from './brightness.ts'
import type {
  BothDescriptions,
  CandidateAnswer,
  FaceJob,
  FaceService,
  Side,
} from './candidate-job.ts'
import type { RunCandidate } from './candidate-thread.ts'
import type { Promised, SandboxRefusal } from './sandbox.ts'

/** What the network promises for one picture; a face and its mirror image are two. */
export function promisedByFace({ describer }: FaceCard): Promised {
  const { input, output, dimensions } = describer
  return { input, together: picturesOf(describer), outputs: { [output]: dimensions } }
}

/** Refused where two drawn people are described alike, or one in no usable numbers. */
export async function faceSide(
  { card, service: where }: FaceJob,
  run: RunCandidate,
): Promise<Side | SandboxRefusal> {
  const describing = describingOf(card)

  async function describe(picture: Picture, points: readonly Point[]): Promise<Description> {
    const planes = alignedPlanes(describing, picture, points)
    if (planes === null) return { kind: 'none', why: 'has no place for the face' }
    const outputs = await run(planes, picturesOf(describing))
    planes.fill(0)
    const numbers = outputs?.[describing.output]
    if (numbers === undefined) return { kind: 'none', why: 'fails on it' }
    // Where a network gives no usable numbers nothing was acquired; what it gave is told to nobody.
    if (!numbers.every(Number.isFinite)) return { kind: 'none', why: 'gives what is no number' }
    try {
      return { kind: 'description', vector: descriptionOf(describing, numbers) }
    } catch {
      // Zeros, or a mirror image that takes the face away: an evaluation that ends there would tell of it.
      return { kind: 'none', why: 'gives numbers without a direction' }
    }
  }

  const refused = await tryDrawn(describe)
  if (refused !== null) return { kind: 'refused', code: 'model_not_run', detail: refused }
  const reader = await openService(where)
  return {
    service: reader.model.identity,
    tryOn: (bytes) => describeBoth(bytes, describe, reader),
  }
}

type Description =
  | { readonly kind: 'description'; readonly vector: Float32Array }
  | { readonly kind: 'none'; readonly why: string }
type Describe = (picture: Picture, points: readonly Point[]) => Promise<Description>

const drawnSide = 112
/** Where eyes, nose and mouth of a drawn head are, about. */
const drawnPoints: readonly Point[] = [
  { x: 43, y: 52 },
  { x: 69, y: 52 },
  { x: 56, y: 66 },
  { x: 46, y: 78 },
  { x: 66, y: 78 },
]
/** Two drawn people who are nearer than this are described by numbers that say nothing. */
const leastApart = 1e-4

/** Before any real picture the reason may be told. */
async function tryDrawn(describe: Describe): Promise<string | null> {
  const vectors: Float32Array[] = []
  for (const who of [1, 2, 3]) {
    const tried = await describe(drawHead(who, drawnSide), drawnPoints)
    if (tried.kind === 'none') return `It ${tried.why}: tried on a drawn face.`
    vectors.push(tried.vector)
  }
  const [first, ...others] = vectors
  if (first === undefined || others.some((other) => vectorDistance(first, other) > leastApart))
    return null
  return 'It describes three drawn people by the same numbers: it tells nobody apart.'
}

function openService({ folder, cache }: FaceService): Promise<FaceReader> {
  return folder === null ? openEvaluationReader({ cache }) : openOwnReader('own', folder, { cache })
}

async function describeBoth(
  bytes: Uint8Array,
  describe: Describe,
  reader: FaceReader,
): Promise<CandidateAnswer<BothDescriptions>> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return { kind: 'undecodable' }
  const { picture } = decoded
  const main = mainFace(await reader.look(picture, { describe: 'main' }), picture)
  const tried = main === null ? null : await describe(picture, main.points)
  return {
    kind: 'tried',
    both: {
      candidate: tried?.kind === 'description' ? tried.vector : null,
      service: main?.template?.vector ?? null,
      light: lightIn(picture),
    },
  }
}
