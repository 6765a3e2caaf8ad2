/**
 * Every hash within a distance, exactly: a multi-index over 16 slots of 16 bits. Hashes that differ
 * in at most 31 bits agree in one slot up to a single bit (pigeonhole), so 17 probes a slot find all.
 */

import { ones, type PdqHash, pdqNear } from './pdq.ts'

const slots = 16
const values = 65_536

export type Near = {
  /** Position of the hash as it was given. */
  readonly at: number
  readonly distance: number
}

export type HashIndex = {
  readonly size: number
  /** All within `distance` bits (at most 31) of a hash, nearest first, then by position. */
  near(hash: PdqHash, distance?: number): readonly Near[]
}

/**
 * Builds an index over hashes laid end to end, 8 words each (32 bytes); it takes 64 bytes more a
 * hash. Throws a RangeError when the words are not whole hashes.
 */
export function createHashIndex(words: Uint32Array): HashIndex {
  if (words.length % 8 !== 0) throw new RangeError('a hash has 8 words')
  const size = words.length / 8
  const halves = new Uint16Array(words.buffer, words.byteOffset, words.length * 2)
  const starts = Array.from({ length: slots }, () => new Uint32Array(values + 1))
  const members = Array.from({ length: slots }, () => new Uint32Array(size))
  for (let slot = 0; slot < slots; slot++) {
    const start = starts[slot]!
    for (let at = 0; at < size; at++) start[halves[at * slots + slot]! + 1]! += 1
    for (let value = 0; value < values; value++) start[value + 1]! += start[value]!
    const next = start.slice()
    const own = members[slot]!
    for (let at = 0; at < size; at++) {
      const value = halves[at * slots + slot]!
      own[next[value]!] = at
      next[value]! += 1
    }
  }
  // One mark a hash, changed with every question: no list of what was seen has to be emptied.
  const seen = new Uint32Array(size)
  let question = 0

  function distanceTo(hash: PdqHash, at: number, max: number): number {
    let distance = 0
    for (let word = 0; word < 8; word++) {
      distance += ones(words[at * 8 + word]! ^ hash[word]!)
      if (distance > max) return distance
    }
    return distance
  }

  return {
    size,
    near(hash, distance = pdqNear) {
      if (distance > pdqNear)
        throw new RangeError(`an index of 16 slots is exact up to ${pdqNear} bits`)
      question = (question + 1) >>> 0
      if (question === 0) {
        seen.fill(0)
        question = 1
      }
      const found: Near[] = []
      const own = new Uint16Array(Uint32Array.from(hash).buffer)
      for (let slot = 0; slot < slots; slot++) {
        const start = starts[slot]!
        const ids = members[slot]!
        for (let bit = -1; bit < 16; bit++) {
          const value = bit < 0 ? own[slot]! : own[slot]! ^ (1 << bit)
          for (let place = start[value]!; place < start[value + 1]!; place++) {
            const at = ids[place]!
            if (seen[at] === question) continue
            seen[at] = question
            const apart = distanceTo(hash, at, distance)
            if (apart <= distance) found.push({ at, distance: apart })
          }
        }
      }
      return found.toSorted((a, b) => a.distance - b.distance || a.at - b.at)
    },
  }
}
