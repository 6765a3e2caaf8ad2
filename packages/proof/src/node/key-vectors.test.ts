/** specs/vectors/seal/keks.json and day-closed.json, read as a foreign implementation would. */

import * as crypto from 'node:crypto'

import { expect, test } from 'vitest'

import { fromBase64, fromHex, utf8 } from '../bytes.ts'
import { verifyDayClosed } from '../day-closed.ts'
import { openBody } from './age-payload.ts'
import { unwrapUnderKek } from './kek-header.ts'
import { readVectors } from './vector-files.ts'

type Kek = { readonly id: string; readonly key: string }
const hex = (text: string) => fromHex(text) ?? new Uint8Array()
const base64 = (text: string) => fromBase64(text) ?? new Uint8Array()
const keyOf = ({ id, key }: Kek) => ({ id, key: crypto.createSecretKey(hex(key)) })

const keks = readVectors<{
  readonly cases: readonly {
    readonly kek: Kek
    readonly file_key: string
    readonly plaintext_bytes: number
    readonly header: string
    readonly body: string
  }[]
  readonly refusals: readonly {
    readonly name: string
    readonly code: string
    readonly kek: Kek
    readonly header: string
  }[]
}>('seal/keks.json')

test('a header under a KEK gives the file key by RFC 8439 alone, and opens its body', () => {
  for (const { kek, file_key, plaintext_bytes, header, body } of keks.cases) {
    const [, args = '', wrapped = ''] = Buffer.from(base64(header)).toString().split('\n')
    const [, type, id, nonce = ''] = args.split(' ')
    expect([type, id]).toEqual(['sallyport.kek/v1', kek.id])
    const sealed = Buffer.from(wrapped, 'base64')
    const open = crypto.createDecipheriv(
      'chacha20-poly1305',
      hex(kek.key),
      Buffer.from(nonce, 'base64'),
      { authTagLength: 16 },
    )
    open.setAuthTag(sealed.subarray(16))
    const fileKey = Buffer.concat([open.update(sealed.subarray(0, 16)), open.final()])
    expect(fileKey.toString('hex')).toBe(file_key)
    const unwrapped = unwrapUnderKek(base64(header), keyOf(kek))
    expect(unwrapped).toEqual({ kind: 'unwrapped', fileKey: hex(file_key) })
    const plaintext = Uint8Array.from({ length: plaintext_bytes }, (_, at) => at % 251)
    expect(openBody(hex(file_key), base64(body))).toEqual({ kind: 'opened', plaintext })
  }
})

test.each(keks.refusals)('$name: $code', ({ kek, header, code }) => {
  expect(unwrapUnderKek(base64(header), keyOf(kek))).toMatchObject({ kind: 'refused', code })
})

type Signed = { readonly statement: string; readonly signature: string }
const closed = readVectors<
  Signed & {
    readonly device_key: string
    readonly refusals: readonly (Signed & { readonly code: string })[]
  }
>('seal/day-closed.json')

test('a closed day is believed, and what differs from it is refused by its code', () => {
  const verified = ({ statement, signature }: Signed) =>
    verifyDayClosed(hex(closed.device_key), utf8(statement), hex(signature))
  expect(verified(closed)).toMatchObject({ kind: 'trusted', statement: { last_sequence: 1180 } })
  for (const refusal of closed.refusals)
    expect(verified(refusal)).toMatchObject({ kind: 'refused', code: refusal.code })
})
