import * as crypto from 'node:crypto'
import * as zlib from 'node:zlib'

import * as age from 'age-encryption'
import * as vectors from 'cctv-age'
import { expect, test } from 'vitest'

import { openWithPassphrase, sealWithPassphrase } from './passphrase-seal.ts'

const words = 'correct horse battery staple'
const plaintext = Uint8Array.from({ length: 32 }, (_, at) => at)

test('age opens what we seal under a passphrase, and we open what it seals', async () => {
  const decrypter = new age.Decrypter()
  decrypter.addPassphrase(words)
  expect(await decrypter.decrypt(await sealWithPassphrase(plaintext, words, 10))).toEqual(plaintext)
  const encrypter = new age.Encrypter()
  encrypter.setPassphrase(words)
  encrypter.setScryptWorkFactor(10)
  expect(await openWithPassphrase(await encrypter.encrypt(plaintext), words)).toEqual({
    kind: 'opened',
    plaintext,
  })
})

test('one bit flipped anywhere, or a file cut anywhere, opens nothing', async () => {
  const file = await sealWithPassphrase(plaintext, words, 4)
  for (let at = 0; at < file.length; at++) {
    const changed = file.slice()
    // A work factor of two digits would only take long.
    changed[at]! ^= 1
    expect((await openWithPassphrase(changed, words)).kind, `byte ${at}`).toBe('refused')
    expect((await openWithPassphrase(file.subarray(0, at), words)).kind).toBe('refused')
  }
})

const expected: Readonly<Record<string, string>> = {
  success: 'opened',
  'no match': 'no_matching_recipient',
  'HMAC failure': 'bad_mac',
  'header failure': 'malformed_header',
  'payload failure': 'bad_body',
}

const cases = Object.entries(vectors)
  .map(([name, bytes]) => ({ name, ...parseVector(Buffer.from(bytes)) }))
  .filter(({ fields }) => fields.has('passphrase') && !fields.has('armored'))

test('there are cases of passphrases', () => {
  expect(cases.length).toBeGreaterThan(10)
})

test.each(cases)('$name', async ({ fields, file }) => {
  const opened = await openWithPassphrase(file, fields.get('passphrase') ?? '')
  const outcome = opened.kind === 'opened' ? 'opened' : opened.code
  expect(outcome).toBe(expected[fields.get('expect') ?? ''])
  if (opened.kind !== 'opened') return
  expect(crypto.createHash('sha256').update(opened.plaintext).digest('hex')).toBe(
    fields.get('payload'),
  )
})

function parseVector(buffer: Buffer) {
  const split = buffer.indexOf('\n\n')
  const fields = new Map(
    buffer
      .subarray(0, split)
      .toString('utf8')
      .split('\n')
      .map((line) => {
        const at = line.indexOf(': ')
        return [line.slice(0, at), line.slice(at + 2)] as const
      }),
  )
  const rest = buffer.subarray(split + 2)
  return { fields, file: fields.get('compressed') === 'zlib' ? zlib.inflateSync(rest) : rest }
}
