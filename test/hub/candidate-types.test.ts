/** The console's types of evaluated models are the hub's schemas; the compiler decides. */

import type * as schemas from '@sallyport/hub/api/candidate-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/contractors/model-api.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  evaluations: true satisfies Agree<
    Wire<typeof schemas.candidateEvaluations>,
    console.ModelEvaluations
  >,
}

test('the console reads what the hub sends of models', () => {
  expect(Object.keys(agreements)).toHaveLength(1)
})
