/** The console's types of evaluated models and of openings under a grant are the hub's schemas; the compiler decides. */

import type * as schemas from '@sallyport/hub/api/candidate-schemas'
import type { grantTimeline } from '@sallyport/hub/api/grant-opening-schemas'
import { expect, test } from 'vitest'

import type { GrantTimeline } from '../../packages/console/src/contractors/grant-timeline.tsx'
import type * as console from '../../packages/console/src/contractors/model-api.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  evaluations: true satisfies Agree<
    Wire<typeof schemas.candidateEvaluations>,
    console.ModelEvaluations
  >,
  timeline: true satisfies Agree<Wire<typeof grantTimeline>, GrantTimeline>,
}

test('the console reads what the hub sends of models and openings', () => {
  expect(Object.keys(agreements)).toHaveLength(2)
})
