/** The console's types of retention are the hub's schemas; the compiler decides. */

import type * as epochs from '@sallyport/hub/api/epoch-schemas'
import type * as schemas from '@sallyport/hub/api/retention-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/retention/types.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  status: true satisfies Agree<Wire<typeof schemas.status>, console.RetentionStatus>,
  plan: true satisfies Agree<Wire<typeof schemas.plan>, console.RetentionPlan>,
  version: true satisfies Agree<Wire<typeof schemas.policyVersion>, console.PolicyVersion>,
  shredding: true satisfies Agree<Wire<typeof schemas.shredding>, console.Shredding>,
  hold: true satisfies Agree<Wire<typeof schemas.hold>, console.Hold>,
  countdown: true satisfies Agree<Wire<typeof schemas.countdown>, console.RetentionCountdown>,
  open: true satisfies Agree<
    Wire<typeof epochs.openEpochs>,
    { readonly epochs: readonly console.OpenEpoch[] }
  >,
  lost: true satisfies Agree<Wire<typeof epochs.restLost>, console.RestLost>,
  clock: true satisfies Agree<Wire<typeof epochs.clockView>, console.HubClock>,
}

test('the console reads what the hub sends of retention', () => {
  expect(Object.keys(agreements)).toHaveLength(9)
})
