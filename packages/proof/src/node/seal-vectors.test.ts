/** Every case of C2SP/CCTV `age` that an X25519 reader without armor must decide. */

import * as crypto from 'node:crypto'
import * as zlib from 'node:zlib'

import * as vectors from 'cctv-age'
import { expect, test } from 'vitest'

import { splitSeal } from '../seal-format.ts'
import type { Opened } from './age-payload.ts'
import { openSeal } from './seal.ts'

type Vector = { readonly fields: Map<string, string>; readonly file: Uint8Array }

function parseVector(bytes: Uint8Array): Vector {
  const buffer = Buffer.from(bytes)
  const split = buffer.indexOf('\n\n')
  const lines = buffer.subarray(0, split).toString('utf8').split('\n')
  const fields = new Map(lines.map((line) => splitOnce(line)))
  const file = buffer.subarray(split + 2)
  return { fields, file: fields.get('compressed') === 'zlib' ? zlib.inflateSync(file) : file }
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf(': ')
  return [line.slice(0, at), line.slice(at + 2)]
}

// Passphrases, armor and post-quantum identities are not part of our seal.
const applicable = Object.entries(vectors)
  .map(([name, bytes]) => ({ name, ...parseVector(bytes) }))
  .filter(({ fields }) => {
    const identity = fields.get('identity')
    return (
      !fields.has('armored') &&
      !fields.has('passphrase') &&
      (identity === undefined || identity.startsWith('AGE-SECRET-KEY-1'))
    )
  })

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

test('there are 67 applicable vectors of 143', () => {
  expect([applicable.length, others.length]).toEqual([67, 76])
})

test.each(others)(
  '$name: not part of our seal, so refused and never opened',
  ({ fields, file }) => {
    const split = splitSeal(file)
    expect(outcome(split === null ? null : openSeal(split, anyone))).not.toBe('opened')
    const own = fields.get('identity')
    if (split === null || own === undefined || own.startsWith('AGE-SECRET-KEY-1')) return
    // An identity is ours, so one of another kind is a mistake of ours and throws.
    expect(() => openSeal(split, own)).toThrow('not an age X25519 identity')
  },
)

// CCTV counts a missing nonce to the header; in a detached seal it belongs to the body.
const cutNonce = new Set(['stream_no_nonce', 'stream_short_nonce'])

test.each(applicable)('$name', ({ name, fields, file }) => {
  const split = splitSeal(file)
  const opened = split === null ? null : openSeal(split, fields.get('identity') ?? anyone)
  const wanted = cutNonce.has(name) ? 'bad_body' : expected[fields.get('expect') ?? '']
  expect(outcome(opened)).toBe(wanted)
  const payload = opened?.kind === 'opened' ? opened.plaintext : null
  const hash = payload && crypto.createHash('sha256').update(payload).digest('hex')
  expect(hash).toBe(wanted === 'opened' ? fields.get('payload') : null)
})
