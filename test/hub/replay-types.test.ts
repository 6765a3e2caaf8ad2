/** The console's type of a replay's result is the hub's schema; the compiler decides. */

import type { replayResult } from '@sallyport/hub/api/replay-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/replay/api.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  result: true satisfies Agree<Wire<typeof replayResult>, console.ReplayResult>,
}

test('the console reads what the hub sends of a replay', () => {
  expect(Object.keys(agreements)).toHaveLength(1)
})
