/** The console's types of stays are the hub's schemas; the compiler decides. */

import type { z } from '@hono/zod-openapi'
import type * as schemas from '@sallyport/hub/api/stay-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/api/stay-types.ts'

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T

type Wire<Schema extends z.ZodType> = Frozen<z.output<Schema>>

/** `true` when each can stand for the other; else a type that names what does not fit. */
type Agree<Hub, Console> = [Hub] extends [Console]
  ? [Console] extends [Hub]
    ? true
    : { readonly 'the console expects what the hub does not send': [Console, Hub] }
  : { readonly 'the hub sends what the console does not expect': [Hub, Console] }

const agreements = {
  stay: true satisfies Agree<Wire<typeof schemas.stay>, console.Stay>,
  detail: true satisfies Agree<Wire<typeof schemas.stayDetail>, console.StayDetail>,
  summary: true satisfies Agree<Wire<typeof schemas.summary>, console.StaySummary>,
  history: true satisfies Agree<Wire<typeof schemas.history>, console.StayHistory>,
}

test('the console reads what the hub sends of stays', () => {
  expect(Object.keys(agreements)).toHaveLength(4)
})
