import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { type ParsedImport, parseExpiry, parseWatchCsv } from './watch-csv.ts'
import { watchLimits } from './watch.ts'

const now = new Date('2026-11-22T12:00:00Z')
const head = 'plate,jurisdiction,issuer,reason,expires_at,tolerance\n'
const good = 'abc-1234,US-CA,State police,Stolen on 12 November,2026-12-01,2\n'

const errorsOf = (parsed: ParsedImport) =>
  parsed.kind === 'refused' ? parsed.errors.map(({ line, detail }) => `${line}: ${detail}`) : []

test('a line becomes terms as a person would type them', () => {
  expect(parseWatchCsv(head + good, now)).toEqual({
    kind: 'lines',
    lines: [
      {
        line: 2,
        accepts: 13,
        terms: {
          plate: 'ABC1234',
          jurisdiction: 'us-ca',
          issuer: 'State police',
          reason: 'Stolen on 12 November',
          expiresAt: new Date('2026-12-02T00:00:00Z'),
          tolerance: 2,
        },
      },
    ],
  })
})

test('a spreadsheet saves with a mark, other line ends, quotes, another order and fewer columns', () => {
  const text =
    '\uFEFFReason,Expires_at,Issuer,Plate\r\n"Said ""stop"",\nthen left",2026-12-01,"X, Y",A1\r\n\r\n'
  // A line break inside a field is read; that a reason may not hold one is said with its line.
  expect(errorsOf(parseWatchCsv(text, now))).toEqual([
    expect.stringMatching(/^2: reason: one line/),
  ])
  const parsed = parseWatchCsv(text.replace(',\nthen', ', then'), now)
  expect(parsed).toMatchObject({
    lines: [{ terms: { reason: 'Said "stop", then left', issuer: 'X, Y', tolerance: 1 } }],
  })
})

test('every wrong line is named by its number in the file, also after lines in quotes', () => {
  const text = [
    head.trim(),
    good.trim(),
    '',
    'A%B,,P,Reason,2026-12-01,1',
    'B1,,"Two\nlines",Reason,2026-12-01,1',
    'B2,,P,Reason,2026-12-01,3',
    'B3,,P,Reason,2027-12-01,1',
    'B4,,P,Reason,2026-02-31,1',
    'B5,nowhere,P,Reason,2026-12-01,1',
    'B6,,P,Reason',
    'ABC 1234,us-ca,STATE POLICE,Again,2026-12-01,1',
    'O0QDI1LTO0QD,,P,Reason,2026-12-01,2',
    'B7,,P,Rea"son,2026-12-01,1',
    'B8,,P,"Reason" x,2026-12-01,1',
    'B9,,P,"never closed,2026-12-01,1',
  ].join('\n')
  expect(errorsOf(parseWatchCsv(text, now)).map((one) => one.split(/[:;]/)[0])).toEqual([
    '4',
    '5',
    '7',
    '8',
    '9',
    '10',
    '11',
    '12',
    '13',
    '14',
    '15',
    '16',
  ])
})

describe.each<[string, string, RegExp]>([
  ['nothing at all', '', /1: the file is empty/],
  ['names only', head, /no entry follows/],
  ['a misspelt column', 'plate,issuer,reason,expires\n', /'expires' is not a column/],
  ['a missing column', 'plate,issuer,reason\n', /'expires_at' is missing/],
  ['a column twice', 'plate,plate,issuer,reason,expires_at\n', /twice/],
  ['semicolons', 'plate;issuer;reason;expires_at\n', /separated by commas/],
])('%s', (_name, text, expected) => {
  test('is refused with what to do', () => {
    expect(errorsOf(parseWatchCsv(text, now)).join()).toMatch(expected)
  })
})

test('a file of wrong lines is answered with a bounded list and their number', () => {
  const parsed = parseWatchCsv(head + 'x\n'.repeat(5000), now)
  expect(parsed).toMatchObject({ kind: 'refused', total: 5000 })
  expect(errorsOf(parsed)).toHaveLength(watchLimits.importErrorsMax)
})

test('one line too many is refused', () => {
  const lines = Array.from(
    { length: watchLimits.importLinesMax + 1 },
    (_, at) => `A${at},,P,Reason,2026-12-01,1\n`,
  )
  expect(errorsOf(parseWatchCsv(head + lines.join(''), now)).join()).toMatch(/split it/)
})

test('no text makes it throw or run on', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...Array.from('A1,"\n\r; ')) }), (text) => {
      expect(['lines', 'refused']).toContain(parseWatchCsv(head + text, now).kind)
      expect(['lines', 'refused']).toContain(parseWatchCsv(text, now).kind)
    }),
  )
})

test('an expiry is a whole day or an instant', () => {
  expect(parseExpiry('2026-12-31')).toEqual(new Date('2027-01-01T00:00:00Z'))
  expect(parseExpiry('2026-12-31T10:00:00-06:00')).toEqual(new Date('2026-12-31T16:00:00Z'))
  for (const wrong of ['31.12.2026', '2026-13-01', '2026-12-31T10:00', 'tomorrow', ''])
    expect(parseExpiry(wrong)).toBeNull()
})
