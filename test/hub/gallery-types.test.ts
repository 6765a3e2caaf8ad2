/** The console's types of galleries are the hub's schemas; the compiler decides. */

import type * as frequent from '@sallyport/hub/api/frequent-schemas'
import type * as schemas from '@sallyport/hub/api/gallery-schemas'
import type * as lists from '@sallyport/hub/api/passenger-list-schemas'
import { expect, test } from 'vitest'

import type { FrequentRules } from '../../packages/console/src/galleries/frequent-types.ts'
import type * as console from '../../packages/console/src/galleries/types.ts'
import type { Agree, Wire } from '../support/agree.ts'

const agreements = {
  gallery: true satisfies Agree<Wire<typeof schemas.gallery>, console.Gallery>,
  matching: true satisfies Agree<Wire<typeof schemas.matchingState>, console.Matching>,
  photos: true satisfies Agree<Wire<typeof schemas.photosAnswer>, console.PhotosAnswer>,
  frequent: true satisfies Agree<Wire<typeof frequent.frequentRules>, FrequentRules>,
  list: true satisfies Agree<Wire<typeof lists.listImport>, console.ListImport>,
}

test('the console reads what the hub sends of galleries', () => {
  expect(Object.keys(agreements)).toHaveLength(5)
})
