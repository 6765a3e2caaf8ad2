/** The console's types of retention are the hub's schemas; the compiler decides. */

import type { z } from '@hono/zod-openapi'
import type * as schemas from '@sallyport/hub/api/retention-schemas'
import { expect, test } from 'vitest'

import type * as console from '../../packages/console/src/retention/types.ts'

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
  status: true satisfies Agree<Wire<typeof schemas.status>, console.RetentionStatus>,
  plan: true satisfies Agree<Wire<typeof schemas.plan>, console.RetentionPlan>,
  version: true satisfies Agree<Wire<typeof schemas.policyVersion>, console.PolicyVersion>,
  shredding: true satisfies Agree<Wire<typeof schemas.shredding>, console.Shredding>,
  hold: true satisfies Agree<Wire<typeof schemas.hold>, console.Hold>,
  countdown: true satisfies Agree<Wire<typeof schemas.countdown>, console.RetentionCountdown>,
}

test('the console reads what the hub sends of retention', () => {
  expect(Object.keys(agreements)).toHaveLength(6)
})
