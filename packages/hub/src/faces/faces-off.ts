/** Why no face is described or compared here, as a refusal. */

import type { OffReason } from '@sallyport/core/faces/outcome'

import { type Problem, problem } from '../problems.ts'

/** Of `now` of the faces where they are off. */
export function facesOff(why: OffReason): Problem {
  return problem(
    'faces_off',
    why === 'no_basis'
      ? 'No ground for comparing faces is recorded for this site. Two people record one on the page Signs.'
      : 'Faces are off at this hub: set `faces` in its settings.',
  )
}
