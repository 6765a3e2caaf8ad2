/** Bytes to text and back. Decoders are strict: one spelling per value, null for anything else. */

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const asciiDecoder = new TextDecoder('latin1')

const base64Alphabet = encoder.encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
)
const hexAlphabet = encoder.encode('0123456789abcdef')
const base64Values = valuesOf(base64Alphabet)
const hexValues = valuesOf(hexAlphabet)
const pad = 0x3d

function valuesOf(alphabet: Uint8Array): Int8Array {
  const values = new Int8Array(128).fill(-1)
  alphabet.forEach((code, value) => (values[code] = value))
  return values
}

/** UTF-8 of `text`. */
export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

/** Text of UTF-8 `bytes`; null when they are not valid UTF-8. A byte order mark is kept. */
export function fromUtf8(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  const codes = new Uint8Array(bytes.length * 2)
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0
    codes[2 * i] = hexAlphabet[byte >> 4] ?? 0
    codes[2 * i + 1] = hexAlphabet[byte & 15] ?? 0
  }
  return asciiDecoder.decode(codes)
}

/** Bytes of lower-case hexadecimal; null for upper case, odd length or other characters. */
export function fromHex(text: string): Uint8Array | null {
  if (text.length % 2 !== 0) return null
  const bytes = new Uint8Array(text.length / 2)
  for (let i = 0; i < bytes.length; i++) {
    const high = hexValues[text.charCodeAt(2 * i)] ?? -1
    const low = hexValues[text.charCodeAt(2 * i + 1)] ?? -1
    if (high < 0 || low < 0) return null
    bytes[i] = high * 16 + low
  }
  return bytes
}

/** RFC 4648 section 4 base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(pad)
  encodeBase64(bytes, codes)
  return asciiDecoder.decode(codes)
}

/** RFC 4648 section 4 base64 without padding, as in age headers. */
export function toBase64Unpadded(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil((bytes.length * 4) / 3))
  encodeBase64(bytes, codes)
  return asciiDecoder.decode(codes)
}

/** Bytes of padded base64; null when wrongly padded, non-canonical or of other characters. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null
  let end = text.length
  if (end > 0 && text.charCodeAt(end - 1) === pad) end -= 1
  if (end > 0 && end < text.length && text.charCodeAt(end - 1) === pad) end -= 1
  return decodeBase64(text, end)
}

/** Bytes of unpadded base64; null when padded, non-canonical or of other characters. */
export function fromBase64Unpadded(text: string): Uint8Array | null {
  return decodeBase64(text, text.length)
}

function encodeBase64(bytes: Uint8Array, codes: Uint8Array): void {
  for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
    const a = bytes[from] ?? 0
    const b = bytes[from + 1] ?? 0
    const c = bytes[from + 2] ?? 0
    codes[to] = base64Alphabet[a >> 2] ?? 0
    codes[to + 1] = base64Alphabet[((a & 3) << 4) | (b >> 4)] ?? 0
    // Writes past the end of a typed array are dropped, which is what an unpadded tail needs.
    if (from + 1 < bytes.length) codes[to + 2] = base64Alphabet[((b & 15) << 2) | (c >> 6)] ?? 0
    if (from + 2 < bytes.length) codes[to + 3] = base64Alphabet[c & 63] ?? 0
  }
}

function decodeBase64(text: string, end: number): Uint8Array | null {
  const tail = end % 4
  if (tail === 1) return null
  const bytes = new Uint8Array(Math.floor((end * 3) / 4))
  let held = 0
  let bits = 0
  let length = 0
  for (let i = 0; i < end; i++) {
    const value = base64Values[text.charCodeAt(i)] ?? -1
    if (value < 0) return null
    held = ((held << 6) | value) & 0x3fff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[length++] = (held >> bits) & 0xff
    }
  }
  // Bits beyond the last byte must be zero, or one value would have several spellings.
  if ((held & ((1 << bits) - 1)) !== 0) return null
  return bytes
}

/** One array of all `parts` in order. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Whether two arrays hold the same bytes. Time depends on the lengths only. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= (a[i] ?? 0) ^ (b[i] ?? 0)
  return difference === 0
}
