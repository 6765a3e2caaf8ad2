/** Bech32 (BIP 173) without its length limit, as age spells keys. */

import { utf8 } from './bytes.ts'

const alphabet = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const generator = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]

/** Lower-case Bech32 of `bytes` under a lower-case `prefix`. */
export function toBech32(prefix: string, bytes: Uint8Array): string {
  const words = toWords(bytes)
  const remainder = checksum(prefix, [...words, 0, 0, 0, 0, 0, 0]) ^ 1
  for (let i = 0; i < 6; i++) words.push((remainder >> (5 * (5 - i))) & 31)
  return `${prefix}1${words.map((word) => alphabet[word]).join('')}`
}

/** Prefix (lower case) and bytes; null for mixed case, a bad checksum or non-zero padding bits. */
export function fromBech32(text: string): { prefix: string; bytes: Uint8Array } | null {
  const lower = text.toLowerCase()
  if (text !== lower && text !== text.toUpperCase()) return null
  const split = lower.lastIndexOf('1')
  if (split < 1 || lower.length - split < 7) return null
  const prefix = lower.slice(0, split)
  if (!/^[\x21-\x7e]+$/.test(prefix)) return null
  const words = Array.from(lower.slice(split + 1), (character) => alphabet.indexOf(character))
  if (words.includes(-1) || checksum(prefix, words) !== 1) return null
  const bytes = fromWords(words.slice(0, -6))
  return bytes === null ? null : { prefix, bytes }
}

function checksum(prefix: string, words: readonly number[]): number {
  const codes = Array.from(utf8(prefix))
  const values = [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31), ...words]
  let state = 1
  for (const value of values) {
    const top = state >>> 25
    state = ((state & 0x1ffffff) << 5) ^ value
    generator.forEach((polynomial, bit) => {
      if ((top >> bit) & 1) state ^= polynomial
    })
  }
  return state
}

function toWords(bytes: Uint8Array): number[] {
  const words: number[] = []
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      words.push((held >> bits) & 31)
    }
  }
  if (bits > 0) words.push((held << (5 - bits)) & 31)
  return words
}

function fromWords(words: readonly number[]): Uint8Array | null {
  const bytes: number[] = []
  let held = 0
  let bits = 0
  for (const word of words) {
    held = ((held << 5) | word) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 0xff)
    }
  }
  if (bits >= 5 || (held & ((1 << bits) - 1)) !== 0) return null
  return Uint8Array.from(bytes)
}
