import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { concat, equal, utf8 } from './bytes.ts'
import { limits } from './limits.ts'
import {
  encodeEntryBundle,
  isCovered,
  levelShape,
  levelsOf,
  parseEntryBundle,
  parseTilePath,
  tileAt,
  tilePath,
} from './tiles.ts'

test('the tree of 70,000 in c2sp.org/tlog-tiles', () => {
  expect(levelShape(0, 70_000)).toEqual({ full: 273, partial: 112 })
  expect(levelShape(1, 70_000)).toEqual({ full: 1, partial: 17 })
  expect(levelShape(2, 70_000)).toEqual({ full: 0, partial: 1 })
  expect(levelsOf(70_000)).toBe(3)
  expect(levelShape(0, 256)).toEqual({ full: 1, partial: 0 })
  expect(levelShape(1, 256)).toEqual({ full: 0, partial: 1 })
})

test('every tile has one path and every path one tile', () => {
  const tile = fc.record({
    level: fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const)),
    index: fc.integer({ min: 0, max: 2 ** 40 }),
    width: fc.integer({ min: 1, max: 256 }),
  })
  fc.assert(
    fc.property(tile, (one) => {
      expect(parseTilePath(tilePath(one))).toEqual(one)
    }),
  )
})

test('no path escapes its folder or has a second spelling', () => {
  const part = fc.constantFrom(
    'tile',
    'entries',
    '0',
    '000',
    'x001',
    '.',
    '..',
    '/',
    '.p/',
    '7',
    '',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 7 }), fc.constantFrom('/', ''), (parts, by) => {
      const path = parts.join(by)
      const tile = parseTilePath(path)
      expect(tile === null || (tilePath(tile) === path && !path.includes('..'))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('entries come back from their bundle, also empty and longest ones', () => {
  const entry = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constant(new Uint8Array(65_535)))
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), (entries) => {
      const bundle = encodeEntryBundle(entries)
      const read = parseEntryBundle(bundle, entries.length) ?? []
      expect(read.length).toBe(entries.length)
      expect(read.every((one, at) => equal(one, entries[at]!))).toBe(true)
      expect(parseEntryBundle(bundle, entries.length + 1)).toBeNull()
      expect(parseEntryBundle(concat(bundle, Uint8Array.of(0, 0)), entries.length)).toBeNull()
    }),
    { numRuns: 30 },
  )
  expect(() => encodeEntryBundle([new Uint8Array(limits.entryMax + 1)])).toThrow('65,535')
})

describe('a bundle cut at any byte is malformed', () => {
  const bundle = encodeEntryBundle([utf8('one'), utf8(''), utf8('three')])
  test.each(Array.from({ length: bundle.length }, (_, at) => at))('%i', (length) => {
    expect(parseEntryBundle(bundle.subarray(0, length), 3)).toBeNull()
  })
})

test('a tile is covered exactly when the tree has all of it', () => {
  expect(isCovered({ level: 0, index: 0, width: 256 }, 255)).toBe(false)
  expect(isCovered({ level: 0, index: 0, width: 256 }, 256)).toBe(true)
  expect(isCovered({ level: 'entries', index: 1, width: 4 }, 260)).toBe(true)
  expect(isCovered({ level: 'entries', index: 1, width: 5 }, 260)).toBe(false)
  expect(isCovered({ level: 1, index: 0, width: 1 }, 255)).toBe(false)
  expect(isCovered({ level: 1, index: 0, width: 1 }, 256)).toBe(true)
  expect(tileAt(0, 259, 260)).toEqual({ level: 0, index: 1, width: 4 })
  expect(tileAt(0, 255, 260)).toEqual({ level: 0, index: 0, width: 256 })
})
