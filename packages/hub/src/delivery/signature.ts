/**
 * Signatures of Standard Webhooks 1.0 (https://www.standardwebhooks.com), symmetric `v1` and
 * asymmetric `v1a` in one header. Secrets are derived, not stored: a copy of the database signs
 * nothing.
 */

import { createHmac, hkdfSync } from 'node:crypto'

import { publicKeyOf, sign } from '@sallyport/proof/node/ed25519'

export type SigningSecret = { readonly hmac: Buffer; readonly ed25519Seed: Buffer }

/** The secret of one subscription's generation, from the agency's seed. */
export function secretOf(
  agencySeed: Uint8Array,
  subscription: string,
  generation: number,
): SigningSecret {
  const derive = (use: string) =>
    Buffer.from(
      hkdfSync(
        'sha256',
        agencySeed,
        '',
        `sallyport/webhook/v1/${subscription}/${generation}/${use}`,
        32,
      ),
    )
  return { hmac: derive('hmac'), ed25519Seed: derive('ed25519') }
}

/** As receivers configure it: `whsec_` and `whpk_`. */
export function shownSecret({ hmac, ed25519Seed }: SigningSecret) {
  return {
    secret: `whsec_${hmac.toString('base64')}`,
    public_key: `whpk_${Buffer.from(publicKeyOf(ed25519Seed)).toString('base64')}`,
  }
}

/** The three headers of one attempt. Every secret signs: a receiver needs to know one of them. */
export function signatureHeaders(
  message: { readonly id: string; readonly body: Uint8Array; readonly at: Date },
  secrets: readonly SigningSecret[],
) {
  const timestamp = String(Math.floor(message.at.getTime() / 1000))
  const signed = Buffer.concat([Buffer.from(`${message.id}.${timestamp}.`), message.body])
  const signatures = [
    ...secrets.map(
      ({ hmac }) => `v1,${createHmac('sha256', hmac).update(signed).digest('base64')}`,
    ),
    ...secrets.map(
      ({ ed25519Seed }) => `v1a,${Buffer.from(sign(ed25519Seed, signed)).toString('base64')}`,
    ),
  ]
  return {
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  }
}
