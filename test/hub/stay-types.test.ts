/** The console's types of stays are the hub's schemas; the compiler decides. */

import type * as schemas from '@sallyport/hub/api/stay-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/api/stay-types.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  stay: true satisfies Agree<Wire<typeof schemas.stay>, console.Stay>,
  detail: true satisfies Agree<Wire<typeof schemas.stayDetail>, console.StayDetail>,
  summary: true satisfies Agree<Wire<typeof schemas.summary>, console.StaySummary>,
  history: true satisfies Agree<Wire<typeof schemas.history>, console.StayHistory>,
}

test('the console reads what the hub sends of stays', () => {
  expect(Object.keys(agreements)).toHaveLength(4)
})
