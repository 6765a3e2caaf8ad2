import { expect, test } from 'vitest'

import { explainFailure } from './advice.ts'
import { ApiFailure, failureOf, queryString } from './client.ts'

test("the hub's own sentence is shown, and the index of a refusal it logged", () => {
  const failure = failureOf(403, {
    title: 'You have no shift',
    status: 403,
    code: 'no_shift',
    detail: 'Start your shift at this lane before you inspect its crossings.',
    log_index: 41,
  })
  expect(failure.logIndex).toBe(41)
  expect(explainFailure(failure)).toMatchObject({
    what: 'Start your shift at this lane before you inspect its crossings.',
    next: 'Start your shift at this lane, then ask again.',
    code: 'no_shift',
  })
})

test.each<[string, unknown]>([
  ['an empty body', undefined],
  ['a page of a proxy', '<html>'],
  ['an array', [1]],
  ['a problem with wrong types', { code: 7, detail: {}, log_index: 'x' }],
])('%s still gives a sentence and a next step', (_name, body) => {
  const explained = explainFailure(failureOf(502, body))
  expect(explained.what).toContain('502')
  expect(explained.next).not.toBe('')
  expect(explained.code).toBe('http_502')
})

test.each([400, 401, 403, 404, 409, 413, 418, 429, 500, 503])(
  'a failure with status %i and an unknown code has a next step',
  (status) => {
    expect(explainFailure(new ApiFailure('new_code', status, 'x')).next).not.toBe('')
  },
)

test('what says nothing is not asked', () => {
  expect(queryString({ plate: 'AB 1&2', lane: '', kind: null, limit: 50 })).toBe(
    '?plate=AB+1%262&limit=50',
  )
  expect(queryString({ lane: null })).toBe('')
})
