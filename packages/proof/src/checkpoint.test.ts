import { describe, expect, test } from 'vitest'

import { toBase64 } from './bytes.ts'
import { formatCheckpoint, openCheckpoint, parseCheckpoint, signCheckpoint } from './checkpoint.ts'
import { generateSigningKey } from './node/ed25519.ts'
import { noteSigner, signNote } from './note.ts'

// The text of the example in c2sp.org/tlog-checkpoint.
const text = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n'
const { privateKey, publicKey } = generateSigningKey()
const signer = noteSigner('example.com/behind-the-sofa', privateKey, publicKey)

test('the text of the specification comes back', () => {
  const checkpoint = parseCheckpoint(text)!
  expect(checkpoint).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20_852_163 })
  expect(formatCheckpoint(checkpoint)).toBe(text)
  const note = signCheckpoint(checkpoint, signer)
  expect(openCheckpoint(note, signer.vkey)).toEqual({ kind: 'checkpoint', checkpoint })
})

test('extension lines are allowed in what others write', () => {
  expect(parseCheckpoint(`${text}extension\n`)).toMatchObject({ size: 20_852_163 })
})

describe('texts that are none', () => {
  test.each([
    ['two lines', 'origin\n1\n'],
    ['an empty origin', text.replace(/^.*\n/, '\n')],
    ['a size with a leading zero', text.replace('2085', '02085')],
    ['a negative size', text.replace('2085', '-2085')],
    ['a size in exponents', text.replace('20852163', '2e7')],
    ['a size beyond exact numbers', text.replace('20852163', '99999999999999999')],
    ['a size beyond the limit', text.replace('20852163', String(2 ** 49))],
    ['a root of 31 bytes', text.replace(/C.*=/, toBase64(new Uint8Array(31)))],
    ['a root spelled otherwise', text.replace('2I=', '2J=')],
    ['an empty extension line', `${text}\nmore\n`],
    ['no line feed at the end', text.slice(0, -1)],
  ])('%s', (_, malformed) => expect(parseCheckpoint(malformed)).toBeNull())
})

test('a signed note that is no checkpoint, or of another origin, is refused', () => {
  const open = (signed: string) => openCheckpoint(signNote(signed, [signer]), signer.vkey)
  expect(open('hello\n')).toMatchObject({ code: 'malformed_checkpoint' })
  expect(open(text.replace('sofa', 'desk'))).toMatchObject({ code: 'other_origin' })
  expect(openCheckpoint('', signer.vkey)).toMatchObject({ code: 'malformed_note' })
  expect(openCheckpoint(text, 'nonsense')).toMatchObject({ code: 'malformed_vkey' })
})

test('nothing but a log size is written, and only under its own name', () => {
  const root = new Uint8Array(32)
  for (const size of [-1, 0.5, 2 ** 49, Number.NaN]) {
    expect(() => formatCheckpoint({ origin: 'a', size, root })).toThrow('size')
  }
  expect(() => formatCheckpoint({ origin: 'a b', size: 0, root })).toThrow('origin')
  expect(() => formatCheckpoint({ origin: 'a', size: 0, root: root.subarray(1) })).toThrow('root')
  expect(() => signCheckpoint({ origin: 'a', size: 0, root }, signer)).toThrow('origin')
})
