/**
 * The console's types of the API are the hub's schemas. The compiler decides: a field that only one
 * of them has, or another type of one, is an error in this file.
 */

import type * as devices from '@sallyport/hub/api/device-event-routes'
import type * as integration from '@sallyport/hub/api/integration-schemas'
import type * as maintenance from '@sallyport/hub/api/maintenance-routes'
import type * as openings from '@sallyport/hub/api/opening-schemas'
import type { signInProvider } from '@sallyport/hub/api/provider-routes'
import type * as quarantined from '@sallyport/hub/api/quarantine-routes'
import type * as review from '@sallyport/hub/api/review-schemas'
import type * as schemas from '@sallyport/hub/api/schemas'
import type * as witnessed from '@sallyport/hub/api/witnessed-routes'
import { expect, test } from 'vitest'

import type * as reviews from '../../packages/console/src/api/review-types.ts'
import type * as console from '../../packages/console/src/api/types.ts'
import type * as ofDevices from '../../packages/console/src/devices/device-queries.ts'
import type * as outside from '../../packages/console/src/integrations/api.ts'
import type * as witnesses from '../../packages/console/src/log/witnesses.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  signInProvider: true satisfies Agree<Wire<typeof signInProvider>, console.SignInProvider>,
  session: true satisfies Agree<Wire<typeof schemas.session>, console.Session>,
  crossing: true satisfies Agree<Wire<typeof schemas.crossing>, console.Crossing>,
  crossingDetail: true satisfies Agree<Wire<typeof schemas.crossingDetail>, console.CrossingDetail>,
  lane: true satisfies Agree<Wire<typeof schemas.lane>, console.Lane>,
  opening: true satisfies Agree<Wire<typeof schemas.opening>, console.Opening>,
  openedPicture: true satisfies Agree<Wire<typeof openings.openedPicture>, console.OpenedCapture>,
  receipt: true satisfies Agree<Wire<typeof schemas.receipt>, console.LogReceipt>,
  account: true satisfies Agree<Wire<typeof schemas.account>, console.AccountRow>,
  figures: true satisfies Agree<Wire<typeof schemas.figures>, console.Figures>,
  reviewQueue: true satisfies Agree<Wire<typeof review.reviewQueue>, reviews.ReviewQueue>,
  reviewDetail: true satisfies Agree<Wire<typeof review.reviewDetail>, reviews.ReviewDetail>,
  givenVerdict: true satisfies Agree<Wire<typeof review.givenVerdict>, reviews.GivenVerdict>,
  accessToken: true satisfies Agree<Wire<typeof integration.accessToken>, outside.AccessToken>,
  issuedToken: true satisfies Agree<Wire<typeof integration.issuedToken>, outside.IssuedToken>,
  subscription: true satisfies Agree<Wire<typeof integration.subscription>, outside.Subscription>,
  webhookSecret: true satisfies Agree<Wire<typeof integration.shownSecret>, outside.WebhookSecret>,
  logWitnesses: true satisfies Agree<Wire<typeof witnessed.logWitnesses>, witnesses.LogWitnesses>,
  maintenanceOrder: true satisfies Agree<
    Wire<typeof maintenance.maintenanceOrder>,
    ofDevices.MaintenanceOrder
  >,
  quarantine: true satisfies Agree<Wire<typeof quarantined.quarantine>, ofDevices.Quarantine>,
  // Kinds of a newer hub are shown too: any text.
  deviceEvent: true satisfies Agree<
    Omit<Wire<typeof devices.deviceEvent>, 'kind' | 'alarm'> & {
      readonly kind: string
      readonly alarm: string | null
    },
    ofDevices.DeviceEvent
  >,
  // The console shows kinds of alarm that a newer hub may have: any text.
  alarm: true satisfies Agree<
    Omit<Wire<typeof schemas.alarm>, 'kind'> & { readonly kind: string },
    console.Alarm
  >,
}

test('the console reads what the hub sends', () => {
  expect(Object.keys(agreements)).toHaveLength(22)
})
