import { expect, test } from 'vitest'

import { fromHex, utf8 } from './bytes.ts'
import { encodeEpochs, epochDay, epochDays, epochFor, signEpochs, verifyEpochs } from './epoch.ts'
import { generateSigningKey, sign, verify } from './node/ed25519.ts'
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
  expect(epochFor(verified.document, days[13]!)).toEqual({
    version: 1,
    port: 'north-bridge',
    ...verified.epochs[13],
  })
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
