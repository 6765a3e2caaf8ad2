/** Hazards of tables: columns that are not there, lines that break, travellers who come twice. */

import { expect, test } from 'vitest'

import { parsePassengerCsv } from './passenger-csv.ts'

const head = {
  transport: 'road',
  reference: 'BUS7',
  departsFrom: null,
  departsAt: null,
  arrivesIn: 'NQB',
  arrivesAt: '2026-11-22T11:30',
} as const
const parse = (text: string) => parsePassengerCsv(text, head)

test('a table in any order of columns, with quotes and a byte order mark', () => {
  const parsed = parse(
    '\ufeffborn,surname,given_names,document_number,document_issuer\n1974-08-12,"Eriksson, von",Anna,l898902c3,uto\n',
  )
  expect(parsed).toMatchObject({
    kind: 'lists',
    warnings: [],
    lists: [
      {
        reference: 'BUS7',
        travellers: [
          {
            role: 'passenger',
            surname: 'Eriksson, von',
            born: '1974-08-12',
            document: { kind: 'P', number: 'L898902C3', issuer: 'UTO', expires: null },
          },
        ],
      },
    ],
  })
})

test.for([
  ['an empty file', '', 1, 'empty'],
  ['no names', 'born\n1974-08-12\n', 1, 'no column surname'],
  ['a column nobody knows', 'surname,shoe_size\nA,43\n', 1, "'shoe_size'"],
  ['a column twice', 'surname,surname\nA,B\n', 1, 'twice'],
  ['a line with a field too few', 'surname,born\nA,1974-08-12\nB\n', 3, '1 fields'],
  ['a day that is none', 'surname,born\nA,1974-02-30\n', 2, 'born'],
  ['a quote that is not closed', 'surname,born\n"A,1974-08-12\n', 2, 'not closed'],
  ['a line without a name', 'surname,born\n,1974-08-12\n', 2, 'no surname'],
] as const)('refused whole, with its line: %s', ([, text, line, detail]) => {
  const parsed = parse(text)
  if (parsed.kind !== 'refused') throw new Error('it was taken')
  expect(parsed.errors[0]).toMatchObject({ line })
  expect(parsed.errors[0]?.detail).toContain(detail)
})

test('who is listed twice is expected once', () => {
  const parsed = parse('surname,document_number\nA,X1\nB,X2\nA,x1\n')
  expect(parsed).toMatchObject({ kind: 'lists', warnings: [{ line: 4 }] })
  expect(parsed.kind === 'lists' && parsed.lists[0]?.travellers).toHaveLength(2)
})
