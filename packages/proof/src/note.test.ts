import { describe, expect, test } from 'vitest'

import { concat, fromBase64, toBase64, utf8 } from './bytes.ts'
import { generateSigningKey, publicKeyOf, sign, verify } from './node/ed25519.ts'
import {
  formatSkey,
  formatVkey,
  isNoteName,
  noteSigner,
  openNote,
  parseSkey,
  parseVkey,
  signNote,
} from './note.ts'

// The example of golang.org/x/mod/sumdb/note: keys, text and signature.
const skey = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz'
const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
const text =
  'If you think cryptography is the answer to your problem,\n' +
  "then you don't know what your problem is.\n"
const signatureLine =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
const note = `${text}\n${signatureLine}`
const key = parseVkey(vkey)!

test('the note of Go is signed and opened byte for byte', () => {
  const { name, seed } = parseSkey(skey)!
  const publicKey = publicKeyOf(seed)
  expect(formatVkey(name, publicKey)).toBe(vkey)
  expect(formatSkey(name, seed, publicKey)).toBe(skey)
  for (const how of [undefined, sign]) {
    expect(signNote(text, [noteSigner(name, seed, publicKey, how)])).toBe(note)
  }
  for (const how of [undefined, verify]) {
    expect(openNote(note, [key], how)).toEqual({ kind: 'note', text, signedBy: [name] })
  }
})

describe('keys that are none', () => {
  test.each([
    ['empty', ''],
    ['no name', vkey.replace('PeterNeumann', '')],
    ['a name with a space', vkey.replace('PeterNeumann', 'Peter Neumann')],
    ['another name, so another key id', vkey.replace('Peter', 'Petra')],
    ['another type', vkey.replace('+AR', '+Ah')],
    ['a short key', vkey.slice(0, -4)],
    ['an upper-case key id', vkey.replace('c74f20a3', 'C74F20A3')],
    ['a secret key', skey],
  ])('%s', (_, malformed) => expect(parseVkey(malformed)).toBeNull())

  test.each([
    ['a public key', vkey],
    ['a bad key id', skey.replace('c74f20a3', 'c74f')],
    ['another type', skey.replace('+AY', '+Ao')],
  ])('no secret key: %s', (_, malformed) => expect(parseSkey(malformed)).toBeNull())
})

test('names of keys', () => {
  expect(isNoteName('example.gov/log')).toBe(true)
  for (const name of ['', 'a b', 'a+b', 'a\nb', 'a\u0085b', 'a\u00a0b', 'a\u2003b', 'a\u0000']) {
    expect(isNoteName(name), `${JSON.stringify(name)}`).toBe(false)
  }
})

describe('notes that are none', () => {
  test.each([
    ['no signature', `${text}\n`],
    ['no blank line', `${text}${signatureLine}`],
    ['no line feed at the end', note.slice(0, -1)],
    ['a hyphen for the dash', note.replace('—', '-')],
    ['a control character', note.replace('answer', 'ans\twer')],
    ['a carriage return', note.replaceAll('\n', '\r\n')],
    ['a word more in a signature line', note.replace('PeterNeumann ', 'PeterNeumann x ')],
    ['a signature of four bytes', note.replace(/x08g.*/, 'x08gow==')],
    ['something behind the signatures', `${note}\nmore\n`],
    ['too many signatures', note + signatureLine.repeat(64)],
  ])('%s', (_, malformed) => {
    expect(openNote(malformed, [key])).toMatchObject({ code: 'malformed_note' })
  })

  test('bytes that are not UTF-8', () => {
    expect(openNote(concat(utf8(note), Uint8Array.of(0xff, 0x0a)), [key])).toMatchObject({
      code: 'malformed_note',
    })
  })
})

test('a changed text is refused, and so is the note when one known key of several fails', () => {
  expect(openNote(note.replace('answer', 'Answer'), [key])).toMatchObject({ code: 'bad_signature' })
  const other = generateSigningKey()
  const signer = noteSigner('other', other.privateKey, other.publicKey)
  const both = signNote(text, [noteSigner('PeterNeumann', ...peter()), signer])
  const known = [key, parseVkey(signer.vkey)!]
  expect(openNote(both, known)).toMatchObject({ signedBy: ['PeterNeumann', 'other'] })
  const lines = both.split('\n')
  const last = fromBase64(lines.at(-2)!.split(' ')[2]!)!
  last[20]! ^= 1
  lines[lines.length - 2] = `— other ${toBase64(last)}`
  expect(openNote(lines.join('\n'), known)).toMatchObject({ code: 'bad_signature' })
  expect(openNote(lines.join('\n'), [key])).toMatchObject({ signedBy: ['PeterNeumann'] })
})

test('sixteen unknown signatures are passed over; none known is refused', () => {
  const strangers = Array.from({ length: 16 }, (_, at) => {
    const { privateKey, publicKey } = generateSigningKey()
    return noteSigner(`witness${at}.example`, privateKey, publicKey, sign)
  })
  const crowded = signNote(text, [...strangers, noteSigner('PeterNeumann', ...peter())])
  expect(openNote(crowded, [key])).toMatchObject({ signedBy: ['PeterNeumann'] })
  expect(openNote(signNote(text, strangers), [key])).toMatchObject({ code: 'no_known_signature' })
})

test('a key of the same name and another id is unknown, not wrong', () => {
  const { privateKey, publicKey } = generateSigningKey()
  const namesake = signNote(text, [noteSigner('PeterNeumann', privateKey, publicKey)])
  expect(openNote(namesake, [key])).toMatchObject({ code: 'no_known_signature' })
})

test('the text may hold blank lines; the last one divides', () => {
  const poem = 'one\n\ntwo\n'
  const signed = signNote(poem, [noteSigner('PeterNeumann', ...peter())])
  expect(openNote(signed, [key])).toMatchObject({ text: poem })
})

function peter(): [Uint8Array, Uint8Array] {
  const { seed } = parseSkey(skey)!
  return [seed, publicKeyOf(seed)]
}
