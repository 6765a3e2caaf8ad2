/** The face model in service, as a contractor's is laid beside it. */

import path from 'node:path'

import { faceReportLimits } from '@sallyport/core/evaluation-faces'

import type { Faces } from '../faces/faces.ts'
import type { FaceInService } from './trial.ts'

/** Null while no faces are compared: they are off, or no ground is recorded. */
export function faceInService(
  faces: Pick<Faces, 'now'>,
  { data, faceModel }: { readonly data: string; readonly faceModel?: string | undefined },
): FaceInService | null {
  const matching = faces.now()
  if (typeof matching === 'string') return null
  // Where a calibration states a rate, and not where these people's distances lie.
  const stated = matching.calibrations
    .all()
    .flatMap(({ calibration }) => calibration.curves.falseMatch.map(({ distance }) => distance))
  const rising = [...new Set(stated)].filter((distance) => distance > 0).sort((a, b) => a - b)
  return {
    folder: faceModel ?? null,
    cache: path.join(path.resolve(data), 'cache'),
    cuts: rising.length === 0 ? faceReportLimits.cuts : rising.slice(0, faceReportLimits.cutsMax),
  }
}
