/** Vectors of specs/mark.md: tile, coded bits, fingerprints, and a small drawn picture that is marked. */

import { createHash } from 'node:crypto'

import { drawnPicture } from '@sallyport/marks/drawn'
import { embed } from '@sallyport/marks/embed'
import { encodeCode } from '@sallyport/marks/error-code'
import { fingerprintOf, type MarkKey, tileOf } from '@sallyport/marks/secret'
import type { Random } from '@sallyport/proof/node/age-payload'

const codes = ['0000000000000000', '0123456789abcdef', 'ffffffffffffffff'] as const

export function markVectors(random: Random) {
  const key: MarkKey = { epoch: '2026-07', secret: random(32) }
  const tile = tileOf(key)
  const { width, height, data } = drawnPicture(90, 60, 1)
  const grey = Uint8Array.from({ length: width * height }, (_, at) => data[3 * at] ?? 0)
  const picture = { width, height, channels: 1, data: grey } as const
  const marked = embed(picture, codes[1], key)
  if (marked.kind === 'refused') throw new Error(marked.detail)
  const box = { x: 31, y: 20, width: 24, height: 8 }
  const spared = embed(picture, codes[1], key, [box])
  if (spared.kind === 'refused') throw new Error(spared.detail)
  return {
    key: Buffer.from(key.secret).toString('hex'),
    tile: {
      signs: bitsOf(tile.signs),
      bit_of_cell: Array.from(tile.bitOf).join(' '),
    },
    codes: codes.map((code) => ({
      code,
      coded_bits: bitsOf(encodeCode(code)),
      fingerprint_sha256: createHash('sha256')
        .update(Buffer.from(bitsOf(fingerprintOf(key, code)), 'hex'))
        .digest('hex'),
    })),
    picture: {
      code: codes[1],
      width,
      height,
      grey_base64: Buffer.from(grey).toString('base64'),
      marked_base64: Buffer.from(marked.pixels.data).toString('base64'),
      spared_box: box,
      spared_base64: Buffer.from(spared.pixels.data).toString('base64'),
    },
  }
}

/** +1 as 1 and -1 as 0, the first as the highest bit, in hexadecimal. */
export function bitsOf(signs: Int8Array): string {
  const bytes = new Uint8Array(signs.length / 8)
  for (const [at, sign] of signs.entries()) {
    if (sign > 0) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (0x80 >> (at & 7))
  }
  return Buffer.from(bytes).toString('hex')
}
