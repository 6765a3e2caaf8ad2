/** What a thread with a candidate is given and answers; the thread itself is `candidate-thread.ts`. */

import type { Light } from '@sallyport/core/evaluation-candidate'
import type { FaceCard } from '@sallyport/vision/face/face-card'

import type { PlateCard } from './plate-card.ts'
import type { SandboxOptions, SandboxRefusal, Standing } from './sandbox.ts'

type Job = {
  readonly model: Uint8Array
  readonly sha256: string
  readonly options: SandboxOptions
}

export type PlateJob = Job & { readonly subject: 'plates'; readonly card: PlateCard }

export type FaceJob = Job & {
  readonly subject: 'faces'
  readonly card: FaceCard
  readonly service: FaceService
}

/** Where the face model in service lies. */
export type FaceService = {
  /** Null: the evaluation model. */
  readonly folder: string | null
  /** Of converted networks. */
  readonly cache: string
}

export type CandidateJob = PlateJob | FaceJob

/** What both make of one picture; '' where nothing was read. */
export type BothReads = {
  readonly read: string
  readonly confidence: number
  readonly service: string
  readonly light: Light
}

/** Descriptions of length 1 of the face in one picture; null where a model has none. */
export type BothDescriptions = {
  readonly candidate: Float32Array | null
  readonly service: Float32Array | null
  readonly light: Light
}

export type CandidateAnswer<Both> =
  | { readonly kind: 'ready'; readonly standing: Standing; readonly service: string }
  | SandboxRefusal
  | { readonly kind: 'tried'; readonly both: Both }
  /** The picture cannot be decoded. */
  | { readonly kind: 'undecodable' }

/** One model beside the one in service, loaded. */
export type Side = {
  /** Name and hash of what is in service. */
  readonly service: string
  tryOn(picture: Uint8Array): Promise<CandidateAnswer<BothReads | BothDescriptions>>
}
