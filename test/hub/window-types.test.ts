/**
 * The console's types of the window, faces and signs are the hub's schemas. The compiler decides: a field
 * that only one of them has, or another type of one, is an error in this file.
 */

import type * as faces from '@sallyport/hub/api/face-schemas'
import type * as handovers from '@sallyport/hub/api/handover-schemas'
import type * as signs from '@sallyport/hub/api/sign-schemas'
import type * as schemas from '@sallyport/hub/api/window-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/api/window-types.ts'
import type * as left from '../../packages/console/src/live/handover-queries.ts'
import type * as shown from '../../packages/console/src/signs/sign-types.ts'
import type * as seen from '../../packages/console/src/window/face-queries.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  window: true satisfies Agree<Wire<typeof schemas.windowView>, console.WindowView>,
  given: true satisfies Agree<Wire<typeof schemas.given>, console.GivenStep>,
  referrals: true satisfies Agree<Wire<typeof schemas.referralPage>, console.ReferralsPage>,
  figures: true satisfies Agree<Wire<typeof schemas.figures>, console.WindowFigures>,
  sign: true satisfies Agree<Wire<typeof signs.sign>, shown.Sign>,
  bases: true satisfies Agree<Wire<typeof signs.faceBases>, shown.FaceBases>,
  handovers: true satisfies Agree<Wire<typeof handovers.handoverList>, left.Handovers>,
  candidate: true satisfies Agree<Wire<typeof faces.faceCandidate>, seen.FaceCandidate>,
}

test('the console reads what the hub sends', () => {
  expect(Object.keys(agreements)).toHaveLength(8)
})
