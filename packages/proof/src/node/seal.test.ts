import { spawnSync } from 'node:child_process'
import * as crypto from 'node:crypto'
import * as fs from 'node:fs'
import * as os from 'node:os'
import * as path from 'node:path'

import * as age from 'age-encryption'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { needTool } from '../../../../test/support/tools.ts'
import { concat } from '../bytes.ts'
import { limits } from '../limits.ts'
import { splitSeal } from '../seal-format.ts'
import { generateIdentity, openSeal, rewrapHeader, seal } from './seal.ts'

const chunk = 65_536
const sizes = [0, 1, 15, 16, 17, chunk - 1, chunk, chunk + 1, 2 * chunk, 150_000, 3 * chunk + 7]
const us = generateIdentity()
const them = generateIdentity()

function open(file: Uint8Array, identity = us.identity) {
  const split = splitSeal(file)
  return split === null ? null : openSeal(split, identity)
}

describe('age-encryption opens what we seal, and we open what it seals', () => {
  test.each(sizes)('%i bytes', async (size) => {
    const plaintext = new Uint8Array(crypto.randomBytes(size))
    const decrypter = new age.Decrypter()
    decrypter.addIdentity(us.identity)
    expect(await decrypter.decrypt(seal(plaintext, [them.recipient, us.recipient]))).toEqual(
      plaintext,
    )

    const encrypter = new age.Encrypter()
    encrypter.addRecipient(them.recipient)
    encrypter.addRecipient(us.recipient)
    expect(open(await encrypter.encrypt(plaintext))).toEqual({ kind: 'opened', plaintext })
  })

  test('generated keys are age keys', async () => {
    expect(await age.identityToRecipient(us.identity)).toBe(us.recipient)
  })
})

const cli = needTool('age', 'age') !== null

describe.skipIf(!cli)(
  'the age command agrees (skipped unless Debian package `age` is installed)',
  () => {
    test.each([0, chunk, 150_000])('%i bytes', (size) => {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'sallyport-age-'))
      try {
        const plaintext = new Uint8Array(crypto.randomBytes(size))
        const key = path.join(folder, 'key.txt')
        fs.writeFileSync(key, `${us.identity}\n`)
        const decrypted = spawnSync('age', ['-d', '-i', key], {
          input: seal(plaintext, [us.recipient]),
        })
        expect(new Uint8Array(decrypted.stdout)).toEqual(plaintext)
        const encrypted = spawnSync('age', ['-r', us.recipient], { input: plaintext })
        expect(open(encrypted.stdout)).toEqual({ kind: 'opened', plaintext })
      } finally {
        fs.rmSync(folder, { recursive: true })
      }
    })
  },
)

test('any bytes come back, for each recipient', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (plaintext) => {
      const file = seal(plaintext, [us.recipient, them.recipient])
      expect(open(file, us.identity)).toEqual({ kind: 'opened', plaintext })
      expect(open(file, them.identity)).toEqual({ kind: 'opened', plaintext })
    }),
    { numRuns: 20 },
  )
})

test('the same chance gives the same bytes, other chance shares nothing', () => {
  const chance = () => {
    let counter = 0
    return (n: number) => crypto.createHash('sha256').update(`${counter++}`).digest().subarray(0, n)
  }
  const plaintext = new Uint8Array(100)
  expect(seal(plaintext, [us.recipient], chance())).toEqual(
    seal(plaintext, [us.recipient], chance()),
  )
  expect(seal(plaintext, [us.recipient])).not.toEqual(seal(plaintext, [us.recipient]))
})

test('one flipped bit anywhere in a seal is refused', () => {
  const file = seal(new Uint8Array(50).fill(7), [us.recipient])
  for (let at = 0; at < file.length; at++) {
    const changed = file.slice()
    changed[at]! ^= 1 << (at % 8)
    expect(open(changed)?.kind ?? 'refused', `byte ${at}`).toBe('refused')
  }
})

test('a seal cut at any byte, or with a byte more, is refused', () => {
  const file = seal(new Uint8Array(50).fill(7), [us.recipient])
  for (let length = 0; length < file.length; length++) {
    expect(open(file.subarray(0, length))?.kind ?? 'refused', `length ${length}`).toBe('refused')
  }
  expect(open(concat(file, Uint8Array.of(0)))).toMatchObject({ code: 'bad_body' })
})

describe('a body of several chunks cannot be rearranged', () => {
  const sealedChunk = chunk + 16
  const file = seal(new Uint8Array(3 * chunk).fill(7), [us.recipient])
  const { header, body } = splitSeal(file)!
  const nonce = body.subarray(0, 16)
  const part = (index: number) =>
    body.subarray(16 + index * sealedChunk, 16 + (index + 1) * sealedChunk)
  test.each([
    ['last chunk lost', concat(nonce, part(0), part(1))],
    ['first chunk lost', concat(nonce, part(1), part(2))],
    ['chunks swapped', concat(nonce, part(1), part(0), part(2))],
    ['last chunk twice', concat(nonce, part(0), part(1), part(2), part(2))],
    ['an empty chunk at the end', concat(body, new Uint8Array(16))],
    ['half a tag at the end', concat(body, new Uint8Array(8))],
  ])('%s', (_, changed) => {
    expect(openSeal({ header, body: changed }, us.identity)).toMatchObject({ code: 'bad_body' })
  })
})

describe('detached headers', () => {
  const one = splitSeal(seal(new Uint8Array(10).fill(1), [us.recipient]))!
  const two = splitSeal(seal(new Uint8Array(10).fill(2), [us.recipient]))!

  test('the header of one file does not open the body of another', () => {
    expect(openSeal({ header: one.header, body: two.body }, us.identity)).toMatchObject({
      code: 'bad_body',
    })
  })

  test('a re-wrapped header opens the untouched body for the new recipient alone', async () => {
    const rewrapped = rewrapHeader(one.header, us.identity, [them.recipient])
    if (rewrapped.kind === 'refused') throw new Error(rewrapped.detail)
    const { header } = rewrapped
    expect(openSeal({ header, body: one.body }, them.identity)).toMatchObject({ kind: 'opened' })
    expect(openSeal({ header, body: one.body }, us.identity)).toMatchObject({
      code: 'no_matching_recipient',
    })
    const decrypter = new age.Decrypter()
    decrypter.addIdentity(them.identity)
    expect(await decrypter.decrypt(concat(header, one.body))).toEqual(new Uint8Array(10).fill(1))
  })

  test('a header is refused with bytes behind it', () => {
    const header = concat(one.header, Uint8Array.of(0x0a))
    expect(openSeal({ header, body: one.body }, us.identity)).toMatchObject({
      code: 'malformed_header',
    })
  })
})

test('a recipient that is not one is a bug of the caller', () => {
  for (const recipient of [
    '',
    'age1',
    us.identity,
    us.recipient.toUpperCase(),
    `${us.recipient}q`,
  ]) {
    expect(() => seal(new Uint8Array(1), [recipient])).toThrow('not an age X25519 recipient')
  }
  expect(() => seal(new Uint8Array(1), [])).toThrow('recipients')
  const many = Array.from({ length: limits.sealRecipientsMax + 1 }, () => us.recipient)
  expect(() => seal(new Uint8Array(1), many)).toThrow('recipients')
})

test('as many recipients as allowed still fit the header limit', () => {
  const many = Array.from({ length: limits.sealRecipientsMax }, () => us.recipient)
  expect(open(seal(new Uint8Array(1), many))?.kind).toBe('opened')
})

test('150 KB is sealed in well under a millisecond of work', () => {
  const plaintext = crypto.randomBytes(150_000)
  const times = Array.from({ length: 30 }, () => {
    const start = process.hrtime.bigint()
    seal(plaintext, [us.recipient])
    return Number(process.hrtime.bigint() - start) / 1e6
  })
  // The best of 30 says what the work costs on a busy machine; bench/seal.ts has the rest.
  expect(Math.min(...times)).toBeLessThan(2)
})
