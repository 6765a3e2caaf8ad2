import { describe, expect, test } from 'vitest'

import { fromHex, utf8 } from './bytes.ts'
import {
  encodeEpochs,
  epochDay,
  epochDays,
  type EpochDocument,
  epochFor,
  recipientFor,
  signEpochs,
  verifyEpochs,
} from './epoch.ts'
import { generateSigningKey, sign, verify } from './node/ed25519.ts'
import { generateHybridIdentity } from './node/seal-hybrid.ts'
import { generateIdentity } from './node/seal.ts'

test('an epoch day is the UTC day, at both of its ends', () => {
  expect(epochDay(new Date('2026-03-01T00:00:00.000Z'))).toBe('2026-03-01')
  expect(epochDay(new Date('2026-03-01T23:59:59.999Z'))).toBe('2026-03-01')
  expect(epochDay(new Date('2026-03-01T23:30:00-05:00'))).toBe('2026-03-02')
})

test('days ahead cross the end of February and of the year', () => {
  expect(epochDays(new Date('2028-02-28T12:00:00Z'), 3)).toEqual([
    '2028-02-28',
    '2028-02-29',
    '2028-03-01',
  ])
  expect(epochDays(new Date('2026-12-31T23:59:59Z'), 2)).toEqual(['2026-12-31', '2027-01-01'])
})

test('a document of fourteen days is trusted under the pinned key alone', () => {
  const agency = generateSigningKey()
  const days = epochDays(new Date('2026-07-22T00:00:00Z'), 14)
  const bytes = encodeEpochs({
    version: 1,
    agency_key: Buffer.from(agency.publicKey).toString('hex'),
    port: 'north-bridge',
    epochs: days.map((day) => ({ day, recipient: generateIdentity().recipient })),
    issued_at: '2026-07-22T00:00:00.000Z',
  })
  const signature = signEpochs(agency.privateKey, bytes, sign)
  const verified = verifyEpochs(agency.publicKey, bytes, signature, verify)
  if (verified.kind === 'refused') throw new Error(verified.detail)
  expect(verified.epochs.map((epoch) => epoch.day)).toEqual(days)
  expect(epochFor(verified.document, days[13]!)).toEqual({ ...verified.epochs[13], hybrid: null })
  expect(epochFor(verified.document, '2026-08-05')).toBeNull()
  expect(verifyEpochs(generateSigningKey().publicKey, bytes, signature)).toMatchObject({
    code: 'bad_signature',
  })
  // A signature over the bare document, or for another use, is not one over epochs.
  const bare = sign(agency.privateKey, bytes)
  expect(verifyEpochs(agency.publicKey, bytes, bare)).toMatchObject({ code: 'bad_signature' })
})

test('a document that would not be trusted cannot be written', () => {
  const { recipient } = generateIdentity()
  const document = {
    version: 1,
    agency_key: '00'.repeat(32),
    port: 'p',
    epochs: [{ day: '2026-01-02', recipient }],
    issued_at: '2026-01-01T00:00:00.000Z',
  } as const
  expect(encodeEpochs(document)).toEqual(utf8(JSON.stringify(document)))
  expect(fromHex(document.agency_key)?.length).toBe(32)
  const again = { day: '2026-01-02', recipient }
  expect(() => encodeEpochs({ ...document, epochs: [again, again] })).toThrow('ascending')
  expect(() => encodeEpochs({ ...document, epochs: [] })).toThrow('0 items')
  const misspelt = recipient.slice(0, -1) + (recipient.endsWith('q') ? 'p' : 'q')
  const wrong = [{ day: '2026-01-02', recipient: misspelt }]
  expect(() => encodeEpochs({ ...document, epochs: wrong })).toThrow('recipient')
})

describe('documents of version 2', () => {
  const agency = generateSigningKey()
  const document: EpochDocument = {
    version: 2,
    agency_key: Buffer.from(agency.publicKey).toString('hex'),
    port: 'p',
    hybrid_classes: ['face', 'reads'],
    epochs: epochDays(new Date('2026-07-22T00:00:00Z'), 15).map((day) => ({
      day,
      recipient: generateIdentity().recipient,
      hybrid_recipient: generateHybridIdentity().recipient,
    })),
    issued_at: '2026-07-22T00:00:00.000Z',
  }
  const [first] = document.epochs

  test('what is kept long is sealed to the hybrid recipient, all else as before', () => {
    const bytes = encodeEpochs(document)
    const trusted = verifyEpochs(
      agency.publicKey,
      bytes,
      signEpochs(agency.privateKey, bytes, sign),
      verify,
    )
    if (trusted.kind === 'refused') throw new Error(trusted.detail)
    const epoch = epochFor(trusted.document, '2026-07-22')!
    expect(recipientFor(epoch, 'reads')).toBe(first?.hybrid_recipient)
    expect(recipientFor(epoch, 'scene')).toBe(first?.recipient)
  })

  test.each<[string, Partial<EpochDocument>, string]>([
    ['version 1 with a hybrid recipient', { version: 1 }, 'version 1'],
    [
      'a day without one',
      { epochs: [{ day: '2026-07-22', recipient: first!.recipient }] },
      'version 2',
    ],
  ])('%s is none', (_, change, words) => {
    expect(() => encodeEpochs({ ...document, ...change })).toThrow(words)
  })

  test('classes twice or out of order, a hybrid recipient that is none, and a year of them are refused', () => {
    for (const hybrid_classes of [
      ['reads', 'face'],
      ['face', 'face'],
    ] as const)
      expect(() => encodeEpochs({ ...document, hybrid_classes })).toThrow('in order')
    const misspelt = first!.hybrid_recipient!.replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'))
    const epochs = [{ ...first!, hybrid_recipient: misspelt }]
    expect(() => encodeEpochs({ ...document, epochs })).toThrow('hybrid_recipient')
    const year = epochDays(new Date('2026-07-22T00:00:00Z'), 365).map((day) => ({ ...first!, day }))
    expect(() => encodeEpochs({ ...document, epochs: year })).toThrow('too long')
  })
})
