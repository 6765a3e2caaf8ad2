/** The vectors of specs/mark.md. */

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import type { Area } from './activity.ts'
import { embed } from './embed.ts'
import { encodeCode } from './error-code.ts'
import { fingerprintOf, type MarkKey, tileOf } from './secret.ts'

type Vectors = {
  readonly key: string
  readonly tile: { readonly signs: string; readonly bit_of_cell: string }
  readonly codes: readonly {
    readonly code: string
    readonly coded_bits: string
    readonly fingerprint_sha256: string
  }[]
  readonly picture: {
    readonly code: string
    readonly width: number
    readonly height: number
    readonly grey_base64: string
    readonly marked_base64: string
    readonly spared_box: Area
    readonly spared_base64: string
  }
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../specs/vectors/mark/mark.json', import.meta.url), 'utf8'),
) as Vectors
const key: MarkKey = { epoch: '2026-07', secret: Buffer.from(vectors.key, 'hex') }

function signs(hex: string): Int8Array {
  return Int8Array.from({ length: hex.length * 4 }, (_, at) =>
    (Number.parseInt(hex[at >> 2] ?? '0', 16) >> (3 - (at & 3))) & 1 ? 1 : -1,
  )
}

test('the tile of a key is the stated one', () => {
  expect(tileOf(key).signs).toEqual(signs(vectors.tile.signs))
  expect(Array.from(tileOf(key).bitOf).join(' ')).toBe(vectors.tile.bit_of_cell)
})

test.for(vectors.codes)('code $code has the stated bits and fingerprint', (one) => {
  expect(encodeCode(one.code)).toEqual(signs(one.coded_bits))
  const own = fingerprintOf(key, one.code)
  const bytes = Uint8Array.from({ length: own.length / 8 }, (_, at) =>
    own.subarray(8 * at, 8 * at + 8).reduce((byte, sign) => 2 * byte + (sign > 0 ? 1 : 0), 0),
  )
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(one.fingerprint_sha256)
})

test.for(['whole', 'spared'] as const)(
  'the drawn picture, %s, is marked as stated, to one grey level',
  (how) => {
    const { code, width, height, grey_base64: grey } = vectors.picture
    const { marked_base64: marked, spared_base64: spared, spared_box: box } = vectors.picture
    const data = new Uint8Array(Buffer.from(grey, 'base64'))
    const made = embed(
      { width, height, channels: 1, data },
      code,
      key,
      how === 'spared' ? [box] : [],
    )
    if (made.kind === 'refused') throw new Error(made.detail)
    const stated = Buffer.from(how === 'spared' ? spared : marked, 'base64')
    const far = made.pixels.data.filter((one, at) => Math.abs(one - (stated[at] ?? 0)) > 1)
    expect(far).toHaveLength(0)
    expect(made.pixels.data).not.toEqual(data)
  },
)
