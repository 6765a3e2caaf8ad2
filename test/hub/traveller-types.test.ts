/** The console's types of travellers who are looked for are the hub's schemas; the compiler decides. */

import type * as schemas from '@sallyport/hub/api/traveller-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/api/traveller-types.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  traveller: true satisfies Agree<Wire<typeof schemas.traveller>, console.Traveller>,
  hit: true satisfies Agree<Wire<typeof schemas.travellerHit>, console.TravellerHit>,
}

test('the console reads what the hub sends of travellers', () => {
  expect(Object.keys(agreements)).toHaveLength(2)
})
