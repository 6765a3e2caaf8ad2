/**
 * The hub's word to a device whether it is in service or in maintenance (specs/manifest.md, Maintenance),
 * under the agency's signature: nobody at the lane can turn its pictures off, or on again.
 */

import { concat, utf8 } from './bytes.ts'
import { byKind, decodeJson, encodeJson, id128, instant, oneOf, record } from './canonical-json.ts'
import {
  type Ed25519Sign,
  type Ed25519Verify,
  sign as signPure,
  verify as verifyPure,
} from './ed25519.ts'
import { limits } from './limits.ts'
import { type Refused, refuse } from './refusal.ts'

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

/** Canonical bytes of an order. Throws when it does not fit its shape: it is ours. */
export function encodeDutyOrder(order: DutyOrder): Uint8Array {
  return encodeJson(shape, order)
}

/** 64-byte Ed25519 signature by the agency's key over the domain line and the order's bytes. */
export function signDutyOrder(
  seed: Uint8Array,
  bytes: Uint8Array,
  sign: Ed25519Sign = signPure,
): Uint8Array {
  return sign(seed, signedBytes(bytes))
}

/** Believes an order only when the pinned agency key (32 bytes) signed it. */
export function verifyDutyOrder(
  agencyKey: Uint8Array,
  bytes: Uint8Array,
  signature: Uint8Array,
  verify: Ed25519Verify = verifyPure,
):
  | { readonly kind: 'trusted'; readonly order: DutyOrder }
  | Refused<'malformed_order' | 'bad_signature'> {
  const decoded = decodeJson(shape, bytes, limits.dutyOrderMax)
  if (decoded.kind === 'problem') return refuse('malformed_order', decoded.detail)
  return verify(agencyKey, signedBytes(bytes), signature)
    ? { kind: 'trusted', order: decoded.value }
    : refuse('bad_signature', 'The agency did not sign this.')
}

function signedBytes(bytes: Uint8Array): Uint8Array {
  return concat(utf8('sallyport/duty-order/v1\n'), bytes)
}
