import { expect, test } from 'vitest'

import { agencyFingerprint, newEnrolmentCode, parseEnrolmentCode } from './enrolment-code.ts'

test.each([
  ['', null],
  ['SP1-SHORT-SHORT', null],
  [`SP1-${'A'.repeat(26)}-${'1'.repeat(16)}`, null],
  [`SP2-${'A'.repeat(26)}-${'B'.repeat(16)}`, null],
  [`SP1-${'A'.repeat(26)}-${'B'.repeat(16)}`, 'B'.repeat(16)],
  [` sp1-${'a'.repeat(26)}-${'b'.repeat(16)}\n`, 'B'.repeat(16)],
])('the code "%s" names the fingerprint %s', (code, fingerprint) => {
  expect(parseEnrolmentCode(code)?.fingerprint ?? null).toBe(fingerprint)
})

test('the fingerprint is base32 of the first ten bytes of SHA-256', () => {
  // SHA-256 of nothing begins e3b0c44298fc1c149afb.
  expect(agencyFingerprint(new Uint8Array())).toBe('4OYMIQUY7QOBJGX3')
})

test('a code made for one agency does not fit another', () => {
  const agency = new Uint8Array(32).fill(1)
  const code = newEnrolmentCode(agency, (bytes) => new Uint8Array(bytes).fill(255))
  expect(code).toMatch(/^SP1-7{26}-/)
  const { fingerprint } = parseEnrolmentCode(code) ?? {}
  expect(fingerprint).toBe(agencyFingerprint(agency))
  expect(fingerprint).not.toBe(agencyFingerprint(new Uint8Array(32).fill(2)))
})
