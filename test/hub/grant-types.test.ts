/** The console's types of parties and grants are the hub's schemas; the compiler decides. */

import type * as schemas from '@sallyport/hub/api/grant-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/contractors/api.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  party: true satisfies Agree<Wire<typeof schemas.party>, console.Party>,
  grant: true satisfies Agree<Wire<typeof schemas.grant>, console.Grant>,
  check: true satisfies Agree<Wire<typeof schemas.grantCheck>, console.GrantCheck>,
  seconding: true satisfies Agree<Wire<typeof schemas.seconding>, console.Seconding>,
  decision: true satisfies Agree<Wire<typeof schemas.explanation>, console.PolicyDecision>,
  question: true satisfies Agree<Wire<typeof schemas.decisionAsk>, console.PolicyQuestion>,
  person: true satisfies Agree<Wire<typeof schemas.policyPerson>, console.PolicyPerson>,
  equipment: true satisfies Agree<Wire<typeof schemas.equipment>, console.Equipment>,
}

test('the console reads what the hub sends of contractors', () => {
  expect(Object.keys(agreements)).toHaveLength(8)
})
