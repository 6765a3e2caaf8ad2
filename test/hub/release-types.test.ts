/** The console's types of releases are the hub's schemas; the compiler decides. */

import type * as schemas from '@sallyport/hub/api/release-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/releases/api.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  release: true satisfies Agree<Wire<typeof schemas.release>, console.Release>,
  recipient: true satisfies Agree<Wire<typeof schemas.recipient>, console.Recipient>,
}

test('the console reads what the hub sends of releases', () => {
  expect(Object.keys(agreements)).toHaveLength(2)
})
