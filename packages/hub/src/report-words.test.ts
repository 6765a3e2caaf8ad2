import { z } from '@hono/zod-openapi'
import { expect, test } from 'vitest'

import { reportStack, reportWords } from './report-words.ts'

const secret = 'ABC1234'

function thrown(work: () => unknown): Error {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('it threw no error')
}

const ofDatabase = Object.assign(
  new Error(`duplicate key value violates unique constraint: (plate_text)=(${secret})`),
  {
    severity: 'ERROR',
    code: '23505',
    detail: `Key (plate_text)=(${secret}) already exists.`,
    table: 'crossing',
    constraint: 'crossing_plate',
  },
)

test.each([
  ['of the database', ofDatabase, /23505, table crossing, constraint crossing_plate/],
  ['of a parser of JSON', thrown(() => JSON.parse(`${secret} {`)), /SyntaxError/],
  ['of a schema', thrown(() => z.enum(['a']).parse(secret)), /ZodError/],
])('an error %s is told without the value that it quotes', (_name, error, words) => {
  const told = `${reportWords(error)}\n${reportStack(error)}`
  expect(told).not.toContain(secret)
  expect(told).toMatch(words)
  // Where it happened stays.
  expect(reportStack(error)).toContain('report-words.test.ts')
})

test('a bug of our own says what it is', () => {
  const error = thrown(() => Reflect.get(undefined as unknown as object, 'id'))
  expect(reportStack(error)).toMatch(/^TypeError: .+\n\s+at /)
  expect(reportWords('text')).not.toContain('text')
})
