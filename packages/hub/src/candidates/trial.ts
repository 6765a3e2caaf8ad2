/** What a contractor's model is tried on: one subject's pictures, models and report behind one face. */

import type { Chance } from '@sallyport/core/cohorts'
import type { CandidateReport, CandidateSubject } from '@sallyport/core/evaluation-candidate'
import type { FaceReport } from '@sallyport/core/evaluation-faces'
import type { Db } from '@sallyport/store/postgres/database'

import type { FaceService } from '../sandbox/candidate-job.ts'
import type { CandidateOpeners, CandidateRefused } from '../sandbox/candidate.ts'
import type { Standing } from '../sandbox/sandbox.ts'

export type TrialModel = { readonly model: Uint8Array; readonly sha256: string }

export type TrialContext = {
  readonly db: Db
  readonly open: CandidateOpeners
  /** Null where no faces are compared here at this moment. */
  readonly faceService: () => FaceInService | null
}

export type FaceInService = FaceService & {
  /** Distances between which its pairs are counted: those that its calibration names. */
  readonly cuts: readonly number[]
}

/** What there is in a month to try a model on; nothing of it is opened. */
export type Trial = {
  readonly subject: CandidateSubject
  readonly name: string
  /** What the groups are made of: plates, or people with two pictures. */
  readonly labels: number
  /** Captures to be opened, in this order, each once. */
  readonly captures: readonly string[]
  /** Loads the model beside the one in service. */
  open(given: TrialModel): Promise<OpenTrial | CandidateRefused>
}

export type OpenTrial = {
  readonly kind: 'ready'
  readonly standing: Standing
  /** Name and hash of the model in service. */
  readonly service: string
  /** Tries both on the picture of the capture at this place of `captures`. */
  tryOn(place: number, picture: Uint8Array): Promise<void>
  /** Null where too few pictures could be opened. */
  report(chance: Chance): CandidateReport | FaceReport | null
  close(): Promise<void>
}
