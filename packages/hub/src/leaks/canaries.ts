/** Records that were planted in releases: nobody has them but whoever got that release. */

import type { Evidence } from '@sallyport/core/leaks/finding'
import { foldPlateText, type Look } from '@sallyport/core/plate'
import { pdqDistance, pdqNear } from '@sallyport/marks/hash/pdq'
import { canariesWithPlates } from '@sallyport/store/leaks/copies'
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
    .map((word) => foldPlateText(word.replaceAll('-', '')))
  const plates = [...new Set(words)].filter((word) => /^[A-Z0-9]{2,12}$/.test(word))
  const named: Evidence[] = []
  for (let at = 0; at < plates.length; at += limits.leakPlatesAtOnceMax) {
    const some = plates.slice(at, at + limits.leakPlatesAtOnceMax)
    for (const { id, release } of await canariesWithPlates(db, some))
      named.push({ kind: 'canary', canary: id, release, by: 'plate' })
    if (named.length >= limits.leakCanariesNamedMax) break
  }
  return named.slice(0, limits.leakCanariesNamedMax)
}

/** Planted records are known by hash and plate together: their drawings share a style. */
export async function canariesAmong(
  hashes: readonly TurnedHash[],
  looks: readonly Pick<Look, 'text' | 'alternatives'>[],
  { db }: Rows,
): Promise<readonly Evidence[]> {
  const texts = looks.flatMap((look) => [look, ...look.alternatives]).map(({ text }) => text)
  const planted = await canariesWithPlates(db, [...new Set(texts.map(foldPlateText))])
  return planted.flatMap(({ id, release, hash }) => {
    const words = wordsOf(hash)
    const near = hashes.some((one) => pdqDistance(one.hash, words) <= pdqNear)
    return near ? [{ kind: 'canary', canary: id, release, by: 'hash' } as const] : []
  })
}
