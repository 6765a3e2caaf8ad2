import { expect, test } from 'vitest'

import type { Crossing } from '../api/types.ts'
import { emptyFilter, filterOf, isEmpty, matches, parametersOf, queryOf } from './filter.ts'

const zone = 'America/Chicago'
const now = new Date('2026-11-22T20:00:00Z')

const crossing = {
  lane: 'north',
  direction: 'in',
  captured_at: '2026-11-22T19:30:00Z',
  plate: { kind: 'read', text: 'AB0123' },
} as Crossing

test('an address and its filter say the same', () => {
  const text = 'lane=north&direction=in&kind=unsure&range=custom&from=2026-11-01T00%3A00'
  expect(parametersOf(filterOf(new URLSearchParams(text))).toString()).toBe(text)
})

test('a plate never stands in an address', () => {
  expect(parametersOf({ ...emptyFilter, plate: 'ABC123' }).toString()).toBe('')
  expect(filterOf(new URLSearchParams('plate=ABC123')).plate).toBe('')
})

test('an address made by hand cannot ask for what does not exist', () => {
  const filter = filterOf(new URLSearchParams('direction=up&kind=maybe&range=ever&from=now'))
  expect(filter).toEqual(emptyFilter)
  expect(isEmpty(filter)).toBe(true)
})

test('days are those of the port, and yesterday ends where today begins', () => {
  const today = queryOf({ ...emptyFilter, range: 'today' }, zone, now)
  const yesterday = queryOf({ ...emptyFilter, range: 'yesterday' }, zone, now)
  expect(today).toMatchObject({ from: '2026-11-22T06:00:00.000Z', to: null })
  expect(yesterday).toMatchObject({
    from: '2026-11-21T06:00:00.000Z',
    to: '2026-11-22T06:00:00.000Z',
  })
})

test('half a custom range bounds one side', () => {
  const filter = { ...emptyFilter, range: 'custom', from: '2026-11-22T12:00' } as const
  expect(queryOf(filter, zone, now)).toMatchObject({ from: '2026-11-22T18:00:00.000Z', to: null })
})

test('a search of separators alone is no search', () => {
  expect(queryOf({ ...emptyFilter, plate: ' - ' }, zone, now).plate).toBeNull()
  expect(isEmpty({ ...emptyFilter, plate: ' - ' })).toBe(true)
})

test.each<[string, Parameters<typeof queryOf>[0], boolean]>([
  ['nothing asked', emptyFilter, true],
  ['its plate with O for 0', { ...emptyFilter, plate: 'bo1' }, true],
  ['another plate', { ...emptyFilter, plate: 'XYZ' }, false],
  ['its lane', { ...emptyFilter, lane: 'north' }, true],
  ['another lane', { ...emptyFilter, lane: 'south' }, false],
  ['the other direction', { ...emptyFilter, direction: 'out' }, false],
  ['unsure ones', { ...emptyFilter, kind: 'unsure' }, false],
  ['the last hour', { ...emptyFilter, range: 'hour' }, true],
  ['yesterday', { ...emptyFilter, range: 'yesterday' }, false],
])('a crossing that arrives belongs in a list of %s or not', (_name, filter, belongs) => {
  expect(matches(queryOf(filter, zone, now), crossing)).toBe(belongs)
})
