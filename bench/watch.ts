/**
 * What a crossing costs to compare with the watch list, and what a careless comparison would.
 *
 *   npx tsx bench/watch.ts [--entries 100000] [--crossings 2000]
 *
 * Entries and crossings are drawn: plates of seven characters, one in three with a tolerance of two.
 * A crossing has six looks that list five alternatives each. The reference of the same run compares
 * every candidate with every entry, character by character, and must find the same.
 */

import { parseArgs } from 'node:util'

import type { CrossingReads } from '@sallyport/core/crossing'
import { parsePlateText, type PlateText } from '@sallyport/core/plate'
import {
  type Candidate,
  candidatesOf,
  confusableClasses,
  type Tolerance,
  type WatchedPlate,
  WatchIndex,
} from '@sallyport/core/watch'

import { measure, printRows } from './measure.ts'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '100000' },
    crossings: { type: 'string', default: '2000' },
  },
})
const entriesCount = Number(values.entries)
const crossingsCount = Number(values.crossings)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const now = new Date()

let state = 20_261_122
/** A number from 0 below `below`, the same in every run. */
function draw(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
  return Math.floor((state / 2 ** 32) * below)
}

function drawPlate(): PlateText {
  const text = Array.from({ length: 7 }, () => alphabet[draw(36)] ?? 'A').join('')
  const plate = parsePlateText(text)
  if (plate === null) throw new Error('drawn plates are plates')
  return plate
}

/** The plate with one character replaced, often by one that looks like it. */
function misread(text: string): string {
  const at = draw(text.length)
  const own = text[at] ?? 'A'
  const alike = confusableClasses.find((members) => members.includes(own)) ?? alphabet
  const other = alike[draw(alike.length)] ?? own
  return text.slice(0, at) + other + text.slice(at + 1)
}

function drawReads(text: string): CrossingReads {
  const look = () => ({
    text: draw(4) === 0 ? misread(text) : text,
    confidence: 0.8,
    alternatives: Array.from({ length: 5 }, () => ({ text: misread(text), confidence: 0.06 })),
  })
  return {
    plate: { kind: 'read', text, characters: [], jurisdiction: { code: 'US', confidence: 0.9 } },
    looks: Array.from({ length: 6 }, look),
  } as unknown as CrossingReads
}

const entries = Array.from({ length: entriesCount }, (_, at): WatchedPlate => {
  const tolerance: Tolerance = at % 3 === 0 ? 2 : 1
  const expiresAt = new Date(now.getTime() + 3_600_000)
  return { id: String(at), plate: drawPlate(), jurisdiction: null, tolerance, expiresAt }
})
// One crossing in fifty is of a plate that is looked for.
const crossings = Array.from({ length: crossingsCount }, (_, at) =>
  drawReads(at % 50 === 0 ? misread(entries[draw(entriesCount)]?.plate ?? '') : drawPlate()),
)

const before = process.memoryUsage().heapUsed
const started = performance.now()
const index = new WatchIndex()
for (const entry of entries) index.add(entry)
const builtMs = performance.now() - started
const builtMb = (process.memoryUsage().heapUsed - before) / 1e6

let hits = 0
const indexed = await measure('by skeleton', crossingsCount, 5, () => {
  hits = 0
  for (const reads of crossings) hits += index.match(candidatesOf(reads), null, now).length
})

const alike = new Set(
  confusableClasses.flatMap((members) =>
    Array.from(members).flatMap((one) => Array.from(members, (other) => one + other)),
  ),
)

/** Every candidate with every entry. */
function naive(candidates: readonly Candidate[]): number {
  let found = 0
  for (const entry of entries) {
    const accepts = candidates.some(({ text }) => {
      if (text.length !== entry.plate.length) return false
      let mistakes = 0
      for (let at = 0; at < text.length; at++) {
        if (text[at] === entry.plate[at]) continue
        if (!alike.has(`${text[at]}${entry.plate[at]}`)) return false
        mistakes += 1
      }
      return mistakes <= entry.tolerance
    })
    if (accepts && entry.expiresAt > now) found += 1
  }
  return found
}

// The first of every fifty is looked for: both must find those.
const few = crossings.filter((_, at) => at % 50 < 2).slice(0, 60)
let naiveHits = 0
const reference = await measure('every entry (reference)', few.length, 1, () => {
  naiveHits = 0
  for (const reads of few) naiveHits += naive(candidatesOf(reads))
})
const indexedFew = few.reduce(
  (sum, reads) => sum + index.match(candidatesOf(reads), null, now).length,
  0,
)
if (indexedFew !== naiveHits)
  throw new Error(`the index found ${indexedFew}, the reference ${naiveHits}`)

printRows('One crossing against the watch list', [indexed, reference], now)
const candidates = crossings.reduce((sum, reads) => sum + candidatesOf(reads).length, 0)
console.log(
  `\n${entriesCount} entries, built in ${builtMs.toFixed(0)} ms, ${builtMb.toFixed(0)} MB; ` +
    `${crossingsCount} crossings of ${(candidates / crossingsCount).toFixed(1)} texts, ${hits} hits`,
)
