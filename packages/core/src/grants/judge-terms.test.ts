import { expect, test } from 'vitest'

import { type GrantTerms, grantLimits } from './grant.ts'
import { judgeTerms, type KnownPlaces, widenings } from './judge-terms.ts'

const now = new Date('2026-11-23T15:00:00.000Z')
const terms: GrantTerms = {
  party: 'north-optics',
  basis: 'Work order 114',
  purpose: 'fault_analysis',
  ports: ['north'],
  lanes: ['lane-1'],
  views: ['plate_crop'],
  hours: { days: ['mon', 'tue'], from: 420, to: 1_140 },
  picturesPerDay: 40,
  bytesPerDay: 20_000_000,
  from: new Date('2026-11-01T00:00:00.000Z'),
  until: new Date('2026-12-01T00:00:00.000Z'),
  incidentHours: 24,
}
const known: KnownPlaces = {
  parties: new Map([
    ['agency', 'agency'],
    ['north-optics', 'subcontractor'],
  ]),
  lanes: new Map([
    ['north', new Set(['lane-1', 'lane-2'])],
    ['south', new Set(['lane-9'])],
  ]),
}

test('terms without fault have no problem', () => {
  expect(judgeTerms(terms, known, now)).toEqual([])
})

test.each<[string, Partial<GrantTerms>, string, keyof GrantTerms]>([
  ['ends before it begins', { until: new Date('2026-10-01') }, 'contradiction', 'until'],
  ['is over', { from: new Date('2026-01-01'), until: now }, 'already_over', 'until'],
  [
    'hours over midnight',
    { hours: { days: ['mon'], from: 1_320, to: 360 } },
    'contradiction',
    'hours',
  ],
  ['hours on no day', { hours: { days: [], from: 0, to: 60 } }, 'contradiction', 'hours'],
  ['no port', { ports: [], lanes: 'all' }, 'contradiction', 'ports'],
  ['an empty list of lanes, which is not "all"', { lanes: [] }, 'contradiction', 'lanes'],
  ['shows nothing', { views: [] }, 'contradiction', 'views'],
  ['rests on nothing', { basis: '  ' }, 'contradiction', 'basis'],
  ['a party that is not there', { party: 'nobody' }, 'unknown_party', 'party'],
  ['the agency itself', { party: 'agency' }, 'party_is_agency', 'party'],
  ['a port that is not there', { ports: ['north', 'west'] }, 'unknown_port', 'ports'],
  ['a lane of another port', { lanes: ['lane-9'] }, 'unknown_lane', 'lanes'],
  ['over a year', { until: new Date('2028-01-01') }, 'over_limit', 'until'],
  ['no pictures', { picturesPerDay: 0 }, 'over_limit', 'picturesPerDay'],
  ['half a picture', { picturesPerDay: 0.5 }, 'over_limit', 'picturesPerDay'],
  ['too many bytes', { bytesPerDay: grantLimits.bytesPerDayMax + 1 }, 'over_limit', 'bytesPerDay'],
  ['a lax incident clause', { incidentHours: 25 }, 'over_limit', 'incidentHours'],
])('a grant is refused that %s', (_, change, code, field) => {
  expect(judgeTerms({ ...terms, ...change }, known, now)).toMatchObject([{ code, field }])
})

test('everything that is wrong is said at once', () => {
  const wrong = { ...terms, party: 'nobody', ports: ['west'], views: [] }
  expect(judgeTerms(wrong, known, now).map(({ code }) => code)).toEqual([
    'contradiction',
    'unknown_party',
    'unknown_port',
    'unknown_lane',
  ])
})

test.each<[string, Partial<GrantTerms>]>([
  ['another party', { party: 'gate-works' }],
  ['another purpose', { purpose: 'incident_support' }],
  ['a port more', { ports: ['north', 'south'] }],
  ['a lane more', { lanes: ['lane-1', 'lane-2'] }],
  ['every lane', { lanes: 'all' }],
  ['originals', { views: ['plate_crop', 'scene'] }],
  ['a day more', { hours: { days: ['mon', 'tue', 'wed'], from: 420, to: 1_140 } }],
  ['a minute earlier', { hours: { days: ['mon'], from: 419, to: 1_140 } }],
  ['a minute later', { hours: { days: ['mon'], from: 420, to: 1_141 } }],
  ['around the clock', { hours: null }],
  ['a picture more', { picturesPerDay: 41 }],
  ['a byte more', { bytesPerDay: 20_000_001 }],
  ['an earlier begin', { from: new Date('2026-10-31T23:59:59.999Z') }],
  ['a later end', { until: new Date('2026-12-01T00:00:00.001Z') }],
  ['a laxer incident clause', { incidentHours: 25 }],
])('a version that widens its grant is caught: %s', (_, change) => {
  expect(widenings(terms, { ...terms, ...change })).toHaveLength(1)
})

test('a version that only narrows widens nothing', () => {
  const wide: GrantTerms = { ...terms, lanes: 'all', hours: null, views: ['plate_crop', 'scene'] }
  expect(widenings(wide, { ...terms, picturesPerDay: 1, incidentHours: 1 })).toEqual([])
})
