/** Hazards of passenger lists: what senders write, what lines lose, and counts that do not fit. */

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { decodeList } from './encoding.ts'
import type { PassengerList } from './passenger-list.ts'
import { parsePaxlst } from './paxlst.ts'

const sample = `UNA:+.? '
UNB+UNOA:4+DEMOFERRY+DEMOPORT+261122:0910+0001++APIS'
UNG+PAXLST+DEMOFERRY+DEMOPORT+261122:0910+1+UN+D:05B'
UNH+PAX001+PAXLST:D:05B:UN:IATA+DF042/261122+01:F'
BGM+745'
NAD+MS+++OPS DESK'
COM+15550100:TE'
TDT+20+DF042+1'
LOC+125+NQA'DTM+189:2611220800:201'
LOC+87+NQB'DTM+232:2611221130:201'
NAD+FL+++ERIKSSON:ANNA:MARIA'
ATT+2++F'DTM+329:740812'
LOC+178+NQA'LOC+179+NQB'
NAT+2+UTO'RFF+AVF:AB12CD'
DOC+P:110:111+L898902C3'DTM+36:291231'LOC+91+UTO'
CNT+42:1'
UNT+21+PAX001'UNE+1+1'UNZ+1+0001'
`

const parse = (text: string) => parsePaxlst(text, 2026)

function lists(text: string): readonly PassengerList[] {
  const parsed = parse(text)
  if (parsed.kind === 'refused') throw new Error(JSON.stringify(parsed.errors))
  return parsed.lists
}

test('a ferry and its passenger', () => {
  expect(lists(sample)).toEqual([
    {
      transport: 'sailing',
      reference: 'DF042',
      departsFrom: 'NQA',
      departsAt: '2026-11-22T08:00',
      arrivesIn: 'NQB',
      arrivesAt: '2026-11-22T11:30',
      sender: 'DEMOFERRY',
      control: '0001',
      message: 'PAX001',
      people: 'passengers',
      partial: false,
      travellers: [
        {
          role: 'passenger',
          surname: 'ERIKSSON',
          givenNames: 'ANNA MARIA',
          born: '1974-08-12',
          sex: 'F',
          nationality: 'UTO',
          document: { kind: 'P', number: 'L898902C3', issuer: 'UTO', expires: '2029-12-31' },
          embarks: 'NQA',
          debarks: 'NQB',
          booking: 'AB12CD',
        },
      ],
    },
  ])
})

test.for([
  ['no line breaks at all', sample.replaceAll('\n', '').replace("UNA:+.? '", "UNA:+.? '")],
  ['Windows line breaks', sample.replaceAll('\n', '\r\n')],
  ['no UNA', sample.replace(/^UNA.*\n/, '')],
  ['text of a mail before it', `To whom it may concern\n\n${sample}`],
  [
    'other service characters',
    sample
      .replace("UNA:+.? '", 'UNA|*.\\ ~')
      .replaceAll(/[:+'](?!\.)/g, (sign) => ({ ':': '|', '+': '*', "'": '~' })[sign] ?? sign),
  ],
  ['no group', sample.replace(/UNG.*\n/, '').replace("UNE+1+1'", '')],
  ['no envelope', sample.replace(/UN[ABG].*\n/g, '').replace("UNE+1+1'UNZ+1+0001'", '')],
] as const)('the same list with %s', ([, text]) => {
  expect(lists(text)[0]?.travellers).toEqual(lists(sample)[0]?.travellers)
})

test('a released sign is part of a name', () => {
  expect(lists(sample.replace('ERIKSSON', "O?'BRIEN?+SON??"))[0]?.travellers[0]?.surname).toBe(
    "O'BRIEN+SON?",
  )
})

test.for([
  [
    'wrong count of passengers',
    sample.replace('CNT+42:1', 'CNT+42:2'),
    16,
    'CNT 42 counts 2 passengers; there are 1',
  ],
  [
    'wrong count of segments',
    sample.replace('UNT+21', 'UNT+20'),
    17,
    'UNT counts 20 segments; there are 21',
  ],
  [
    'another message closed',
    sample.replace('UNT+21+PAX001', 'UNT+21+PAX002'),
    17,
    'UNT closes PAX002; UNH opened PAX001',
  ],
  [
    'another interchange closed',
    sample.replace('UNZ+1+0001', 'UNZ+1+0002'),
    17,
    'UNZ closes 0002; UNB opened 0001',
  ],
  [
    'a message that is missing',
    sample.replace('UNZ+1', 'UNZ+3'),
    17,
    'UNZ counts 3; there are 1 messages',
  ],
  [
    'cut off in the middle',
    sample.slice(0, sample.indexOf('NAT+2')),
    13,
    'no UNT: the message is cut off',
  ],
  [
    'cut off in a segment',
    sample.slice(0, sample.indexOf('AB12CD')),
    14,
    'RFF does not end: the file is cut off',
  ],
  [
    'the end of the interchange is missing',
    sample.replace("UNE+1+1'UNZ+1+0001'", ''),
    17,
    'no UNZ: the interchange is cut off',
  ],
  ['a birthday that is none', sample.replace('740812', '740231'), 12, 'DTM 329: 740231 is no date'],
  [
    'a time that is none',
    sample.replace('2611220800', '2611222500'),
    9,
    'DTM 189: 2611222500 is no date and time',
  ],
  [
    'a traveller without a name',
    sample.replace('ERIKSSON:ANNA:MARIA', ''),
    11,
    'NAD names a traveller without a surname',
  ],
  ['another message', sample.replace('+PAXLST:D', '+CUSRES:D'), 4, 'a CUSRES message, not PAXLST'],
  [
    'another directory',
    sample.replace('PAXLST:D:05B', 'PAXLST:S:93A'),
    4,
    'PAXLST version S, not D',
  ],
  ['neither passengers nor crew', sample.replace('BGM+745', 'BGM+111'), 5, 'BGM 111: neither 745'],
  [
    'no voyage',
    sample.replace("TDT+20+DF042+1'", "FTX+AAI'"),
    4,
    'no TDT names a flight or voyage',
  ],
  ['something else altogether', '<html>', 1, 'this is no EDIFACT'],
  [
    'service characters that are the same',
    sample.replace("UNA:+.? '", "UNA::.? '"),
    1,
    'UNA does not name six characters',
  ],
] as const)('refused, with its place: %s', ([, text, line, detail]) => {
  const parsed = parse(text)
  if (parsed.kind !== 'refused') throw new Error('it was taken')
  const found = parsed.errors.find((error) => error.detail.includes(detail))
  expect(found, JSON.stringify(parsed.errors)).toBeDefined()
  expect(found?.line).toBe(line)
})

test('a second passenger who is the first again is expected once, and said to be twice', () => {
  const traveller = sample.slice(sample.indexOf('NAD+FL'), sample.indexOf('CNT'))
  const twice = sample
    .replace('CNT+42:1', `${traveller.trimEnd()}\nCNT+42:2`)
    .replace('UNT+21', 'UNT+31')
  const parsed = parse(twice)
  expect(parsed).toMatchObject({ kind: 'lists', warnings: [{ line: 16 }] })
  expect(lists(twice)[0]?.travellers).toHaveLength(1)
})

test('a part of a list, and a list that changes another, are told as such', () => {
  expect(lists(sample.replace('+01:F', '+01:C'))[0]?.partial).toBe(true)
  expect(parse(sample.replace('BGM+745', 'BGM+745+CP'))).toMatchObject({
    warnings: [{ detail: 'BGM says CP: it may change an earlier list' }],
  })
  expect(parse(sample.replace('D:05B:UN', 'D:21A:UN'))).toMatchObject({
    warnings: [{ detail: 'PAXLST D.21A was read as D.05B' }],
  })
})

test.for([
  ['Latin letters that UNOC names', 'UNOC', [0xd6], 'Ö', null],
  ['Cyrillic letters that UNOE names', 'UNOE', [0xb6], 'Ж', null],
  ['letters beyond UNOA as UTF-8', 'UNOA', [0xc3, 0x96], 'Ö', /read as UTF-8/],
  ['letters of nobody knows what', 'UNOA', [0xd6], 'Ö', /Windows-1252/],
] as const)('encoding: %s', ([, set, bytes, letter, warning]) => {
  const [before, after] = sample.replace('UNOA', set).split('ERIKSSON')
  const decoded = decodeList(
    Buffer.concat([Buffer.from(before ?? ''), Buffer.from(bytes), Buffer.from(after ?? '')]),
  )
  if (decoded.kind === 'refused') throw new Error(decoded.fault.detail)
  expect(lists(decoded.text)[0]?.travellers[0]?.surname).toBe(letter)
  if (warning === null) expect(decoded.warning).toBeNull()
  else expect(decoded.warning).toMatch(warning)
})

test.for([
  ['UTF-16', Buffer.from(`\ufeff${sample}`, 'utf16le'), 'UTF-16'],
  [
    'UTF-8 that is none',
    Buffer.concat([Buffer.from(sample.replace('UNOA', 'UNOY')), Buffer.from([0xff])]),
    'UNOY says UTF-8',
  ],
  ['more than a megabyte', Buffer.alloc(1024 * 1024 + 1, 'A'), 'longer than'],
] as const)('encoding refused: %s', ([, bytes, detail]) => {
  const decoded = decodeList(bytes)
  expect(decoded.kind === 'refused' && decoded.fault.detail).toContain(detail)
})

test('whatever is cut out, changed or put in: an answer, never half a list', () => {
  fc.assert(
    fc.property(fc.nat(sample.length), fc.nat(40), fc.string({ maxLength: 12 }), (at, cut, put) => {
      const parsed = parse(sample.slice(0, at) + put + sample.slice(at + cut))
      if (parsed.kind === 'refused') expect(parsed.errors.length).toBeGreaterThan(0)
      else for (const list of parsed.lists) expect(list.reference).not.toBe('')
    }),
    { numRuns: 1000 },
  )
})
