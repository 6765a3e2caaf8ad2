/**
 * Perceptual hashes: computing them, and finding near ones among many.
 *
 *   npx tsx bench/hashes.ts [--hashes 1000000] [--questions 2000]
 *
 * Questions are hashes of the index with up to 31 bits changed. The reference of the same run looks
 * at every hash and leaves each once it is too far. Hashes of chance spread evenly; a fixed camera's do not.
 */

import { parseArgs } from 'node:util'

import { createHashIndex } from '@sallyport/marks/hash/hash-index'
import { ones, pdqNear, pdqOrientations, pdqVersion } from '@sallyport/marks/hash/pdq'

const { values } = parseArgs({
  options: {
    hashes: { type: 'string', default: '1000000' },
    questions: { type: 'string', default: '2000' },
  },
})
const count = Number(values.hashes)
const questions = Number(values.questions)
const chance = seeded(20_261_122)

const words = Uint32Array.from({ length: count * 8 }, () => Math.floor(chance() * 4_294_967_296))
const builtFrom = cpuMs()
const index = createHashIndex(words)
const buildMs = cpuMs() - builtFrom

const asked = Array.from({ length: questions }, () => {
  const at = Math.floor(chance() * count)
  const hash = words.slice(at * 8, at * 8 + 8)
  for (let bit = 0; bit < pdqNear; bit++) {
    const place = Math.floor(chance() * 256)
    hash[place >>> 5]! ^= 1 << (place & 31)
  }
  return { at, hash }
})
let found = 0
const indexedFrom = cpuMs()
for (const { at, hash } of asked) if (index.near(hash).some((near) => near.at === at)) found += 1
const indexedMs = (cpuMs() - indexedFrom) / questions

const few = asked.slice(0, Math.min(50, questions))
let linearFound = 0
const linearFrom = cpuMs()
for (const { hash } of few) linearFound += linear(hash)
const linearMs = (cpuMs() - linearFrom) / few.length

const picture = {
  width: 1280,
  height: 720,
  channels: 3 as const,
  data: Uint8Array.from({ length: 1280 * 720 * 3 }, (_, at) => (at * 2_654_435_761) >>> 24),
}
const hashedFrom = cpuMs()
for (let each = 0; each < 10; each++) pdqOrientations(picture)
const hashMs = (cpuMs() - hashedFrom) / 10

console.table({
  'eight hashes of 1280 × 720 pixels': { cpu_ms: round(hashMs) },
  [`near ones of ${count}, index`]: { cpu_ms: round(indexedMs) },
  'the same, looking at each': { cpu_ms: round(linearMs) },
  'building the index': { cpu_ms: round(buildMs) },
})
console.log(
  `${found} of ${questions} found again by the index; ${linearFound} of ${few.length} by looking at each`,
)
console.log(`${pdqVersion}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`)

function linear(hash: Uint32Array): number {
  let near = 0
  for (let at = 0; at < words.length; at += 8) {
    let distance = 0
    for (let word = 0; word < 8 && distance <= pdqNear; word++)
      distance += ones(words[at + word]! ^ hash[word]!)
    if (distance <= pdqNear) near += 1
  }
  return near
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
