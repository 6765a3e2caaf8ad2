/** Random ids and tokens. */

import { createHash, randomBytes } from 'node:crypto'

/** A random id: 32 hex digits. */
export function newId(): string {
  return randomBytes(16).toString('hex')
}

/** A secret for a link, cookie or code: 160 bits, base32 without vowels of doubt. */
export function newToken(): string {
  const alphabet = 'abcdefghjkmnpqrstvwxyz0123456789'
  return Array.from(randomBytes(32), (byte) => alphabet[byte % 32]).join('')
}

/** What is stored of a token. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
