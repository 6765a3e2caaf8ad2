import { expect, test } from 'vitest'

import { chanceOf } from './chance.ts'
import { decodeCode, encodeCode } from './error-code.ts'

test.for(['0000000000000000', 'ffffffffffffffff', '8000000000000001', '0123456789abcdef'])(
  'code %s comes back although every fifth coded bit is wrong',
  (code) => {
    const soft = Float64Array.from(encodeCode(code), (bit, at) => (at % 5 === 2 ? -bit : bit))
    expect(decodeCode(soft)).toBe(code)
  },
)

test('noise as strong as the signal is corrected, 60 times of 60', () => {
  const chance = chanceOf(4)
  const normal = () => Math.sqrt(-2 * Math.log(1 - chance())) * Math.cos(2 * Math.PI * chance())
  for (let round = 0; round < 60; round++) {
    const code = Array.from({ length: 16 }, () => Math.floor(chance() * 16).toString(16)).join('')
    expect(decodeCode(Float64Array.from(encodeCode(code), (bit) => bit + normal()))).toBe(code)
  }
})

test('soft bits that say nothing still end in some code', () => {
  expect(decodeCode(new Float64Array(384))).toMatch(/^[0-9a-f]{16}$/)
})
