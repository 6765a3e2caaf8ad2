/**
 * The hub's word to a device whether it is in service or in maintenance (specs/manifest.md, Maintenance),
 * under the agency's signature: nobody at the lane can turn its pictures off, or on again.
 */

import { byKind, id128, instant, oneOf, record } from './canonical-json.ts'
import { limits } from './limits.ts'
import { signedStatement } from './signed-statement.ts'

type Told = { readonly version: 1; readonly device: string; readonly issued_at: string }
export type DutyOrder =
  | (Told & { readonly kind: 'service' })
  | (Told & { readonly kind: 'maintenance'; readonly order: string })

type Of<K extends DutyOrder['kind']> = Extract<DutyOrder, { readonly kind: K }>

const told = { version: oneOf<1>([1]), device: id128, issued_at: instant } as const
const shape = byKind<DutyOrder>({
  service: record<Of<'service'>>({ kind: oneOf(['service']), ...told }),
  maintenance: record<Of<'maintenance'>>({
    kind: oneOf(['maintenance']),
    ...told,
    order: id128,
  }),
})

/** Written by the agency, signed with its pinned key, and believed as `signed-statement.ts` says. */
export const {
  encode: encodeDutyOrder,
  sign: signDutyOrder,
  verify: verifyDutyOrder,
} = signedStatement({
  shape,
  domain: 'sallyport/duty-order/v1',
  bytesMax: limits.dutyOrderMax,
  malformed: 'malformed_order',
  signer: 'agency',
})
