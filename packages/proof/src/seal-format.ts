/** The age v1 header (c2sp.org/age) as bytes: parsing, writing and splitting. No secrets here. */

import { fromBech32 } from './bech32.ts'
import { concat, fromBase64Unpadded, toBase64Unpadded, utf8 } from './bytes.ts'
import { limits } from './limits.ts'

/** One recipient stanza: arguments after `->`, and the decoded body. */
export type Stanza = { readonly args: readonly string[]; readonly body: Uint8Array }

export type SealHeader = {
  readonly stanzas: readonly Stanza[]
  readonly mac: Uint8Array
  /** What the MAC covers: everything up to and with `---`. */
  readonly covered: Uint8Array
  /** Length of the header with its last line feed. */
  readonly bytes: number
}

/** An age file cut after its header. The body starts with the 16-byte nonce. */
export type SplitSeal = { readonly header: Uint8Array; readonly body: Uint8Array }

const versionLine = 'age-encryption.org/v1'
const bodyColumns = 64

/** The 32-byte X25519 key of an `age1…` recipient; null when it is not one. */
export function parseRecipient(recipient: string): Uint8Array | null {
  const decoded = recipient === recipient.toLowerCase() ? fromBech32(recipient) : null
  return decoded?.prefix === 'age' && decoded.bytes.length === 32 ? decoded.bytes : null
}

/**
 * The 1,216 bytes of an `age1pq1…` recipient, the ML-KEM-768 key before the X25519 key; null when it
 * is not one.
 */
export function parseHybridRecipient(recipient: string): Uint8Array | null {
  const decoded = recipient === recipient.toLowerCase() ? fromBech32(recipient) : null
  return decoded?.prefix === 'age1pq' && decoded.bytes.length === 1216 ? decoded.bytes : null
}

/** The 32-byte X25519 scalar of an `AGE-SECRET-KEY-1…` identity; null when it is not one. */
export function parseIdentity(identity: string): Uint8Array | null {
  const decoded = identity === identity.toUpperCase() ? fromBech32(identity) : null
  return decoded?.prefix === 'age-secret-key-' && decoded.bytes.length === 32 ? decoded.bytes : null
}

/** Reads the header at the start of `file`; null when it is not a well-formed age v1 header. */
export function parseSealHeader(file: Uint8Array): SealHeader | null {
  const lines = lineReader(file.subarray(0, limits.sealHeaderMax))
  if (lines.next() !== versionLine) return null
  const stanzas: Stanza[] = []
  for (;;) {
    const start = lines.at()
    const line = lines.next()
    if (line === null) return null
    if (line.startsWith('--- ')) {
      const mac = fromBase64Unpadded(line.slice(4))
      if (mac?.length !== 32 || stanzas.length === 0) return null
      return { stanzas, mac, covered: file.subarray(0, start + 3), bytes: lines.at() }
    }
    const stanza = parseStanza(line, lines)
    if (stanza === null || stanzas.length === limits.sealRecipientsMax) return null
    stanzas.push(stanza)
  }
}

/** The header without its MAC, up to and with `---`: what the MAC is computed over. */
export function encodeSealHeader(stanzas: readonly Stanza[]): Uint8Array {
  const lines = [versionLine]
  for (const stanza of stanzas) {
    lines.push(`-> ${stanza.args.join(' ')}`)
    const body = toBase64Unpadded(stanza.body)
    // The last line is always shorter than 64 columns, so a full one is followed by an empty one.
    for (let at = 0; at <= body.length; at += bodyColumns) {
      lines.push(body.slice(at, at + bodyColumns))
    }
  }
  return utf8(`${lines.join('\n')}\n---`)
}

/** The whole header from what the MAC covers and the MAC. */
export function finishSealHeader(covered: Uint8Array, mac: Uint8Array): Uint8Array {
  return concat(covered, utf8(` ${toBase64Unpadded(mac)}\n`))
}

/**
 * Cuts an age file after the `--- MAC` line. The parts are views of `file`.
 * Null when `file` does not start with an age v1 header of at most `limits.sealHeaderMax` bytes.
 */
export function splitSeal(file: Uint8Array): SplitSeal | null {
  const header = parseSealHeader(file)
  if (header === null) return null
  return { header: file.subarray(0, header.bytes), body: file.subarray(header.bytes) }
}

type LineReader = { next(): string | null; at(): number }

function lineReader(bytes: Uint8Array): LineReader {
  let position = 0
  return {
    at: () => position,
    next() {
      const end = bytes.indexOf(0x0a, position)
      if (end < 0) return null
      let line = ''
      for (; position < end; position++) {
        const code = bytes[position] ?? 0
        // Printable ASCII only: refuses carriage returns and everything that is not age.
        if (code < 0x20 || code > 0x7e) return null
        line += String.fromCharCode(code)
      }
      position = end + 1
      return line
    },
  }
}

function parseStanza(argLine: string, lines: LineReader): Stanza | null {
  const [arrow, ...args] = argLine.split(' ')
  if (arrow !== '->' || args.length === 0 || args.includes('')) return null
  const parts: Uint8Array[] = []
  for (;;) {
    const line = lines.next()
    if (line === null || line.length > bodyColumns) return null
    const part = fromBase64Unpadded(line)
    if (part === null) return null
    parts.push(part)
    if (line.length < bodyColumns) return { args, body: concat(...parts) }
  }
}
