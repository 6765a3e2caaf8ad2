/**
 * A root in k of n shares (Shamir), each as a line that a person writes down and types in again: it
 * names its root and how many are needed, and has a checksum.
 */

import * as crypto from 'node:crypto'

import { combine, split } from 'shamir-secret-sharing'

import { rootId } from './root-id.ts'

export type Share = {
  /** Of the root, 16 hex digits. */
  readonly root: string
  /** How many shares put it together. */
  readonly threshold: number
  readonly bytes: Uint8Array
}

export type Recovered =
  | { readonly kind: 'recovered'; readonly root: Uint8Array; readonly id: string }
  | {
      readonly kind: 'refused'
      readonly code: 'too_few_shares' | 'share_twice' | 'other_roots' | 'wrong_root'
      readonly detail: string
    }

export const shareLimits = { sharesMax: 20, thresholdMin: 2 } as const

const version = 1
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const secretBytes = 32
const shareBytes = secretBytes + 1
const checkBytes = 4
const headBytes = 1 + 8 + 1

/** `count` lines, any `threshold` of which put the root together. Throws outside the limits. */
export async function splitRoot(
  root: Uint8Array,
  count: number,
  threshold: number,
): Promise<readonly string[]> {
  const { sharesMax, thresholdMin } = shareLimits
  if (threshold < thresholdMin || threshold > count || count > sharesMax)
    throw new Error(`shares: ${thresholdMin} to ${sharesMax}, and not fewer than are needed`)
  const shares = await split(new Uint8Array(root), count, threshold)
  const lines = shares.map((bytes) => encodeShare({ root: rootId(root), threshold, bytes }))
  // Nobody finds out years later that they never fitted.
  const checked = await joinShares(
    lines.slice(-threshold).map((line) => {
      const share = parseShare(line)
      if (share === null) throw new Error('a share of ours reads back')
      return share
    }),
  )
  if (checked.kind === 'refused') throw new Error(checked.detail)
  return lines
}

/** Reads a line as it was typed: case, spaces and dashes do not matter. Null when it is mistyped. */
export function parseShare(line: string): Share | null {
  const bytes = fromBase32(line.toUpperCase().replaceAll(/[\s-]/g, ''))
  if (bytes?.length !== headBytes + shareBytes + checkBytes || bytes[0] !== version) return null
  const covered = bytes.subarray(0, -checkBytes)
  if (!checkOf(covered).equals(bytes.subarray(-checkBytes))) return null
  return {
    root: Buffer.from(bytes.subarray(1, 9)).toString('hex'),
    threshold: bytes[9] ?? 0,
    bytes: bytes.subarray(headBytes, -checkBytes),
  }
}

/** Puts a root together from shares of it. */
export async function joinShares(shares: readonly Share[]): Promise<Recovered> {
  const [first] = shares
  if (first === undefined || shares.length < first.threshold)
    return refused('too_few_shares', `${first?.threshold ?? 'More'} shares are needed.`)
  if (shares.some(({ root, threshold }) => root !== first.root || threshold !== first.threshold))
    return refused('other_roots', 'These shares are not all of one ceremony.')
  // The last byte is the share's place on the curve.
  if (new Set(shares.map(({ bytes }) => bytes.at(-1))).size < shares.length)
    return refused('share_twice', 'One share was given twice.')
  const root = await combine(shares.map(({ bytes }) => new Uint8Array(bytes)))
  return rootId(root) === first.root
    ? { kind: 'recovered', root, id: first.root }
    : refused('wrong_root', 'Together they give another root than they name: one was changed.')
}

function encodeShare({ root, threshold, bytes }: Share): string {
  const covered = Buffer.concat([
    Buffer.of(version),
    Buffer.from(root, 'hex'),
    Buffer.of(threshold),
    bytes,
  ])
  const text = toBase32(Buffer.concat([covered, checkOf(covered)]))
  return (text.match(/.{1,4}/g) ?? []).join('-')
}

function checkOf(covered: Uint8Array): Buffer {
  return crypto
    .createHash('sha256')
    .update('sallyport/share/v1\n')
    .update(covered)
    .digest()
    .subarray(0, checkBytes)
}

function toBase32(bytes: Uint8Array): string {
  let bits = ''
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0')
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)] ?? '')
    .join('')
}

function fromBase32(text: string): Uint8Array | null {
  let bits = ''
  for (const character of text) {
    const value = alphabet.indexOf(character)
    if (value < 0) return null
    bits += value.toString(2).padStart(5, '0')
  }
  const whole = bits.length - (bits.length % 8)
  if (bits.slice(whole).includes('1')) return null
  return Uint8Array.from(bits.slice(0, whole).match(/.{8}/g) ?? [], (byte) =>
    Number.parseInt(byte, 2),
  )
}

function refused(code: Extract<Recovered, { kind: 'refused' }>['code'], detail: string): Recovered {
  return { kind: 'refused', code, detail }
}
