/** Hashes of all stored pictures in memory, brought up to date before each question. */

import { createHash } from 'node:crypto'

import { createHashIndex, type HashIndex } from '@sallyport/marks/hash/hash-index'
import { type PdqHash, pdqDistance, pdqNear, pdqVersion } from '@sallyport/marks/hash/pdq'
import { existingAmong, hashedCaptures } from '@sallyport/store/leaks/captures'
import type { Db } from '@sallyport/store/postgres/database'

export type NearCapture = { readonly capture: string; readonly distance: number }

export type HashMemory = {
  /** Takes in what came since. */
  refresh(): Promise<{ readonly size: number; readonly root: string }>
  /** Stored pictures within `pdqNear` bits of any of the hashes, nearest first, at most `limit`. */
  near(hashes: readonly PdqHash[], limit: number): Promise<readonly NearCapture[]>
}

const pageRows = 20_000
/** What was stored meanwhile under an earlier time of receipt is looked for so far back. */
const overlapMs = 600_000
/** Hashes that are looked at one by one before an index is built over them, too. */
const looseMax = 4_000

export function createHashMemory(db: Db): HashMemory {
  const ids: string[] = []
  const known = new Set<string>()
  let words = new Uint32Array(8 * pageRows)
  let index: HashIndex = createHashIndex(new Uint32Array(0))
  let newest: Date | null = null
  const root = createHash('sha256')

  function add(id: string, hash: Buffer): void {
    if (known.has(id)) return
    known.add(id)
    const at = ids.push(id) - 1
    if (words.length < (at + 1) * 8) {
      const larger = new Uint32Array(words.length * 2)
      larger.set(words)
      words = larger
    }
    words.set(wordsOf(hash), at * 8)
    root.update(Buffer.from(id, 'hex')).update(hash)
  }

  return {
    async refresh() {
      let after = newest === null ? null : { receivedAt: before(newest), id: lowestId }
      for (;;) {
        const rows = await hashedCaptures(db, pdqVersion, after, pageRows)
        for (const { id, hash } of rows) add(id.replaceAll('-', ''), hash)
        const last = rows.at(-1)
        if (last === undefined) break
        newest = last.receivedAt
        after = { receivedAt: last.receivedAt, id: last.id }
        if (rows.length < pageRows) break
      }
      if (ids.length - index.size > looseMax)
        index = createHashIndex(words.slice(0, ids.length * 8))
      return { size: ids.length, root: root.copy().digest('hex') }
    },
    async near(hashes, limit) {
      const distances = new Map<number, number>()
      const note = (at: number, distance: number) => {
        if (distance < (distances.get(at) ?? Number.POSITIVE_INFINITY)) distances.set(at, distance)
      }
      for (const hash of hashes) {
        for (const { at, distance } of index.near(hash)) note(at, distance)
        for (let at = index.size; at < ids.length; at++) {
          const distance = pdqDistance(words.subarray(at * 8, at * 8 + 8), hash)
          if (distance <= pdqNear) note(at, distance)
        }
      }
      const nearest = [...distances]
        .toSorted((a, b) => a[1] - b[1])
        .slice(0, limit)
        .map(([at, distance]) => ({ capture: ids[at]!, distance }))
      // What was shredded since is in memory still, and in nothing else.
      const there = await existingAmong(
        db,
        nearest.map(({ capture }) => capture),
      )
      return nearest.filter(({ capture }) => there.has(capture))
    },
  }
}

const lowestId = '00000000000000000000000000000000'

function before(newest: Date): Date {
  return new Date(newest.getTime() - overlapMs)
}

/** The first word has the last 32 bits of the text, as `parsePdq` reads it. */
export function wordsOf(hash: Buffer): PdqHash {
  return Uint32Array.from({ length: 8 }, (_, word) => hash.readUInt32BE((7 - word) * 4))
}
