import { expect, test } from 'vitest'

import { utf8 } from './bytes.ts'
import { encodeEntry, type LogEntry, parseEntry } from './entry.ts'
import { committedBodies, committedScope } from './retention-entry.ts'

const id = (digit: string) => digit.repeat(32)
const asked: LogEntry = {
  v: 1,
  at: '2026-11-22T10:00:00.000Z',
  kind: 'shred_requested',
  shredding: id('1'),
  policy: id('2'),
  class: 'face',
  day: '2026-11-08',
  bodies: 3,
  what: 'a'.repeat(64),
}

test('what is asked for is the same in whatever order the pictures were found', () => {
  expect(committedBodies([id('b'), id('a')])).toBe(committedBodies([id('a'), id('b')]))
  expect(committedBodies([id('a'), id('b')])).toBe(`${id('a')}\n${id('b')}`)
})

test('two scopes never have one commitment: every key is there, also those that are null', () => {
  const none = { crossing: null, plate: null, lane: null, from_day: null, to_day: null }
  const until = { expires_at: '2026-12-31T00:00:00.000Z' }
  const port = committedScope({ kind: 'port', ...none, ...until })
  expect(port).toBe(
    '{"kind":"port","crossing":null,"plate":null,"lane":null,"from_day":null,"to_day":null,"expires_at":"2026-12-31T00:00:00.000Z"}',
  )
  expect(committedScope({ kind: 'plate', ...none, plate: 'A', ...until })).not.toBe(
    committedScope({ kind: 'crossing', ...none, crossing: 'A', ...until }),
  )
})

test.each<[string, string, string]>([
  ['of nothing', '"bodies":3', '"bodies":0'],
  ['of half a picture', '"bodies":3', '"bodies":2.5'],
  ['of a day that is none', '2026-11-08', '2026-02-30'],
  ['of a class that is none', '"face"', '"faces"'],
  ['that names a picture', '"what":', '"capture":"","what":'],
])('a shredding %s is refused', (_hazard, from, to) => {
  const text = new TextDecoder().decode(encodeEntry(asked))
  expect(parseEntry(utf8(text)).kind).toBe('entry')
  expect(text).toContain(from)
  expect(parseEntry(utf8(text.replace(from, to))).kind).toBe('refused')
})
