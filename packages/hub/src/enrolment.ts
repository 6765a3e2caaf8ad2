/** One-time enrolment codes as the hub makes and keeps them. */

import { createHash, randomBytes } from 'node:crypto'

import { newEnrolmentCode, parseEnrolmentCode } from '@sallyport/proof/enrolment-code'

/** A new code for the agency with this public key. */
export function newCode(agencyKey: Uint8Array): string {
  return newEnrolmentCode(agencyKey, randomBytes)
}

/** What is stored of a code: a hash; null when it is not a code at all. */
export function hashOfCode(code: string): Buffer | null {
  const parsed = parseEnrolmentCode(code)
  return parsed === null ? null : createHash('sha256').update(parsed.code).digest()
}
