/** Whether the console's types and the hub's schemas are the same; the compiler decides. */

import type { z } from '@hono/zod-openapi'

type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T

/** What a schema is on the wire, as a reader that changes nothing sees it. */
export type Wire<Schema extends z.ZodType> = Frozen<z.output<Schema>>

/** `true` when each can stand for the other; else a type that names what does not fit. */
export type Agree<Hub, Console> = [Hub] extends [Console]
  ? [Console] extends [Hub]
    ? true
    : { readonly 'the console expects what the hub does not send': [Console, Hub] }
  : { readonly 'the hub sends what the console does not expect': [Hub, Console] }
