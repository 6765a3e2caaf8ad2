/** How every entry of the log begins (specs/log.md). */

import { instant, oneOf } from './canonical-json.ts'

export type Head<Kind extends string> = {
  readonly v: 1
  /** RFC 3339, UTC, milliseconds: the hub's clock. */
  readonly at: string
  readonly kind: Kind
}

export function head<Kind extends string>(...kinds: readonly Kind[]) {
  return { v: oneOf<1>([1]), at: instant, kind: oneOf(kinds) }
}
