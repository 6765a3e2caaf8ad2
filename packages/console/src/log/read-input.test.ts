import { fromUtf8, toBase64, utf8 } from '@sallyport/proof/bytes'
import { expect, test } from 'vitest'

import { entryBytes, proofText, typedIndex } from './read-input.ts'

const entry = '{"at":"2026-11-22T14:02:11.000Z","kind":"log_started","v":1}'

test('an entry is read from base64, also broken into lines, and from its text', () => {
  const base64 = toBase64(utf8(entry))
  for (const pasted of [
    entry,
    ` ${entry}\n`,
    base64,
    `${base64.slice(0, 20)}\n${base64.slice(20)}`,
  ]) {
    expect(fromUtf8(entryBytes(pasted) ?? new Uint8Array())).toBe(entry)
  }
  expect(entryBytes('  ')).toBeNull()
})

test('a receipt survives an editor', () => {
  const receipt = 'c2sp.org/tlog-proof@v1\nindex 1\n\norigin\n2\nroot\n\n— origin sig\n'
  expect(proofText(receipt.replaceAll('\n', '\r\n'))).toBe(receipt)
  expect(proofText(`\n${receipt}\n\n`)).toBe(receipt)
})

test.each<[string, number | null]>([
  ['12', 12],
  [' 1 204 ', 1204],
  ['1\u202f204', 1204],
  ['-1', null],
  ['1.5', null],
  ['', null],
])('an index typed as "%s" is %s', (text, index) => expect(typedIndex(text)).toBe(index))
