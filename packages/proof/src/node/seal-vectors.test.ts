/** Every case of C2SP/CCTV `age` that a reader of both recipient types without armor must decide. */

import * as crypto from 'node:crypto'
import * as zlib from 'node:zlib'

import * as vectors from 'cctv-age'
import { expect, test } from 'vitest'

import { splitSeal } from '../seal-format.ts'
import type { Opened } from './age-payload.ts'
import { openSeal, openingKey } from './seal.ts'

type Vector = {
  readonly fields: Map<string, string>
  readonly identities: readonly string[]
  readonly file: Uint8Array
}

function parseVector(bytes: Uint8Array): Vector {
  const buffer = Buffer.from(bytes)
  const split = buffer.indexOf('\n\n')
  const lines = buffer.subarray(0, split).toString('utf8').split('\n')
  const pairs = lines.map((line) => splitOnce(line))
  const fields = new Map(pairs)
  const identities = pairs.flatMap(([name, value]) => (name === 'identity' ? [value] : []))
  const file = buffer.subarray(split + 2)
  return {
    fields,
    identities,
    file: fields.get('compressed') === 'zlib' ? zlib.inflateSync(file) : file,
  }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(': ')
  return [line.slice(0, at), line.slice(at + 2)]
}

// Passphrases and armor are not part of our seal.
const applicable = Object.entries(vectors)
  .map(([name, bytes]) => ({ name, ...parseVector(bytes) }))
  .filter(({ fields }) => !fields.has('armored') && !fields.has('passphrase'))

const others = Object.entries(vectors)
  .map(([name, bytes]) => ({ name, ...parseVector(bytes) }))
  .filter(({ name }) => !applicable.some((one) => one.name === name))

const anyone = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX'

const expected: Readonly<Record<string, string>> = {
  success: 'opened',
  'no match': 'no_matching_recipient',
  'HMAC failure': 'bad_mac',
  'header failure': 'malformed_header',
  'payload failure': 'bad_body',
}

function outcome(opened: Opened | null): string {
  if (opened === null) return 'malformed_header'
  return opened.kind === 'opened' ? 'opened' : opened.code
}

test('there are 85 applicable vectors of 143, 18 of them post-quantum', () => {
  const hybrid = applicable.filter(({ identities }) =>
    identities.some((one) => one.startsWith('AGE-SECRET-KEY-PQ-1')),
  )
  expect([applicable.length, hybrid.length, others.length]).toEqual([85, 18, 58])
})

test.each(others)('$name: not part of our seal, so refused and never opened', ({ file }) => {
  const split = splitSeal(file)
  expect(outcome(split === null ? null : openSeal(split, anyone))).not.toBe('opened')
})

// CCTV counts a missing nonce to the header; in a detached seal it belongs to the body.
const cutNonce = new Set(['stream_no_nonce', 'stream_short_nonce'])

test.each(applicable)('$name', ({ name, fields, identities, file }) => {
  const split = splitSeal(file)
  const mine = openingKey(...(identities.length > 0 ? identities : [anyone]))
  const opened = split === null ? null : openSeal(split, mine)
  const wanted = cutNonce.has(name) ? 'bad_body' : expected[fields.get('expect') ?? '']
  expect(outcome(opened)).toBe(wanted)
  const payload = opened?.kind === 'opened' ? opened.plaintext : null
  const hash = payload && crypto.createHash('sha256').update(payload).digest('hex')
  expect(hash).toBe(wanted === 'opened' ? fields.get('payload') : null)
})
