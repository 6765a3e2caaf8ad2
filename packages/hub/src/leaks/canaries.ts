/** Records that were planted in releases: nobody has them but whoever got that release. */

import type { Evidence } from '@sallyport/core/leaks/finding'
import { foldPlateText } from '@sallyport/core/plate'
import { pdqDistance, pdqNear } from '@sallyport/marks/hash/pdq'
import { plantedCanaries } from '@sallyport/store/leaks/copies'
import type { Db } from '@sallyport/store/postgres/database'

import { limits } from '../limits.ts'
import { wordsOf } from './hash-memory.ts'
import type { TurnedHash } from './leak-thread.ts'

type Rows = { readonly db: Db }

/** A list of plates has no pixels; a planted plate in it says whose list it was. */
export async function canariesListed(
  bytes: Uint8Array,
  { db }: Rows,
): Promise<readonly Evidence[]> {
  if (bytes.length === 0 || bytes.length > limits.leakTextBytesMax || bytes.includes(0)) return []
  const words = new TextDecoder('utf-8')
    .decode(bytes)
    .toUpperCase()
    .split(/[^A-Z0-9-]+/)
  const plates = new Set(words.map((word) => foldPlateText(word.replaceAll('-', ''))))
  const planted = await plantedCanaries(db, limits.leakCanariesMax)
  return planted
    .filter(({ plateFolded }) => plates.has(plateFolded))
    .map(({ id, release }) => ({ kind: 'canary', canary: id, release, by: 'plate' }))
}

/** Planted records are known by hash and plate together: their drawings share a style. */
export async function canariesAmong(
  hashes: readonly TurnedHash[],
  looks: readonly { readonly text: string }[],
  { db }: Rows,
): Promise<readonly Evidence[]> {
  const plates = new Set(looks.map(({ text }) => foldPlateText(text)))
  const planted = await plantedCanaries(db, limits.leakCanariesMax)
  return planted.flatMap(({ id, release, plateFolded, hash }) => {
    const words = wordsOf(hash)
    const near = hashes.some((one) => pdqDistance(one.hash, words) <= pdqNear)
    if (!near || !plates.has(plateFolded)) return []
    return [{ kind: 'canary', canary: id, release, by: 'hash' } as const]
  })
}
