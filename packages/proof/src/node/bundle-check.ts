/** Compares what a bundle carries with what its manifest states. */

import * as crypto from 'node:crypto'

import type { Bundle } from '../bundle.ts'

export type BodyHashMismatch = { readonly code: 'body_hash_mismatch'; readonly detail: string }

/** Null when every header and body has the hash that the manifest states. */
export function checkBodies(bundle: Pick<Bundle, 'manifest' | 'bodies'>): BodyHashMismatch | null {
  for (const [index, stated] of bundle.manifest.bodies.entries()) {
    const sent = bundle.bodies[index]
    if (sent === undefined) return mismatch(`body ${index} is absent`)
    if (sha256Hex(sent.header) !== stated.header_sha256) return mismatch(`header ${index} differs`)
    if (sha256Hex(sent.body) !== stated.sha256) return mismatch(`body ${index} differs`)
  }
  return null
}

/** SHA-256 in lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return crypto.createHash('sha256').update(bytes).digest('hex')
}

function mismatch(detail: string): BodyHashMismatch {
  return { code: 'body_hash_mismatch', detail }
}
