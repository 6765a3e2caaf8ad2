/** What people paste into the verify form, turned into bytes. Pure. */

import { fromBase64, utf8 } from '@sallyport/proof/bytes'

/**
 * The exact bytes of an entry from pasted text: base64 as the API gives it, else the text itself
 * as UTF-8. An entry's bytes begin with "{", which no base64 does, so the two cannot be confused.
 */
export function entryBytes(text: string): Uint8Array | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (trimmed.startsWith('{')) return utf8(trimmed)
  return fromBase64(trimmed.replace(/\s+/g, '')) ?? utf8(trimmed)
}

/** A receipt as pasted: editors add or lose the last line feed and change line ends. */
export function proofText(text: string): string {
  return `${text.replaceAll('\r\n', '\n').trim()}\n`
}

/** A log index as typed, spaces between thousands allowed; null when it is none. */
export function typedIndex(text: string): number | null {
  const bare = text.replace(/[\s\u202f]/g, '')
  return /^\d{1,15}$/.test(bare) ? Number(bare) : null
}
