import { expect, test } from 'vitest'

import { decideGallery, galleryLimits, type GalleryTerms, isSearchedAt } from './gallery-terms.ts'

const now = new Date('2026-11-22T09:00:00Z')
const terms: GalleryTerms = {
  kind: 'list',
  name: 'DF042',
  lanes: [],
  direction: null,
  opensAt: new Date('2026-11-22T08:00:00Z'),
  expiresAt: new Date('2026-11-22T12:00:00Z'),
}
const late = new Date(now.getTime() + galleryLimits.hoursMax * 3_600_000 + 1)

test.for<[string, Partial<GalleryTerms>, 'allow' | 'refuse']>([
  ['a list at every lane', {}, 'allow'],
  ['one that is over already', { expiresAt: now }, 'refuse'],
  ['one that ends before it begins', { opensAt: new Date('2026-11-22T13:00:00Z') }, 'refuse'],
  ['one that would outlive any event', { expiresAt: late }, 'refuse'],
  ['a flight without gates', { kind: 'flight', direction: 'out' }, 'refuse'],
  ['a flight that neither boards nor arrives', { kind: 'flight', lanes: ['g4'] }, 'refuse'],
  ['a flight at its gate', { kind: 'flight', lanes: ['g4'], direction: 'out' }, 'allow'],
])('%s', ([, change, kind]) => {
  expect(decideGallery({ ...terms, ...change }, now).kind).toBe(kind)
})

test.for<[string, Partial<GalleryTerms>, Date, boolean]>([
  ['within its time', {}, now, true],
  ['at the instant of its end', {}, terms.expiresAt, false],
  ['before it opens', {}, new Date('2026-11-22T07:59:59Z'), false],
  ['at the gate of another flight', { lanes: ['g5'] }, now, false],
  ['at its own gate', { lanes: ['g5', 'g4'] }, now, true],
  ['where people arrive, of a flight that boards', { direction: 'out' }, now, false],
])('a face is looked for: %s', ([, change, at, searched]) => {
  expect(isSearchedAt({ ...terms, ...change }, { id: 'g4', direction: 'in' }, at)).toBe(searched)
})
