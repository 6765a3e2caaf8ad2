/** Reading a body by its row, which may be told another place meanwhile: compaction moves bodies. */

import type { Db } from '../postgres/database.ts'
import type { Place } from './record.ts'
import type { VaultRead, VaultReader } from './segments.ts'

/** Where a row says that its body lies; null where it is gone. */
export type MaybePlace = { readonly [Part in 'segment' | 'position']: number | null }

/** Reads a body where `place` says; when it is not there, once more where the row says now. */
export async function readBody(
  vault: VaultReader,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: Uint8Array },
  place: MaybePlace,
  placeNow: () => Promise<MaybePlace | null>,
): Promise<VaultRead> {
  const read = await readAt(vault, { bytes, sha256 }, place)
  if (read.kind === 'body') return read
  const now = await placeNow()
  const isMoved = now !== null && (now.segment !== place.segment || now.position !== place.position)
  return isMoved ? readAt(vault, { bytes, sha256 }, now) : read
}

/** Where a capture lies now; null when there is no such row. */
export async function placeOfCapture(db: Db, id: string): Promise<MaybePlace | null> {
  const row = await db
    .selectFrom('capture')
    .select(['segment', 'position'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

async function readAt(
  vault: VaultReader,
  { bytes, sha256 }: { readonly bytes: number; readonly sha256: Uint8Array },
  { segment, position }: MaybePlace,
): Promise<VaultRead> {
  if (segment === null || position === null)
    return { kind: 'missing', detail: 'It was shredded, and its ciphertext is gone.' }
  const place: Place = { segment, position, bytes }
  return vault.read(place, sha256)
}
