/** The console's types of the watch list are the hub's schemas; the compiler decides. */

import type * as schemas from '@sallyport/hub/api/watch-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/api/watch-types.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  entry: true satisfies Agree<Wire<typeof schemas.entry>, console.WatchEntry>,
  preview: true satisfies Agree<Wire<typeof schemas.preview>, console.WatchPreview>,
  hit: true satisfies Agree<Wire<typeof schemas.hit>, console.WatchHit>,
  imported: true satisfies Agree<Wire<typeof schemas.imported>, console.WatchImported>,
}

test('the console reads what the hub sends of the watch list', () => {
  expect(Object.keys(agreements)).toHaveLength(4)
})
