/** Copies that left: by their bytes, by their mark, by what was planted among them. */

import type { Copy } from '@sallyport/core/leaks/finding'
import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

/** A copy that left, and of what. */
export type KnownCopy = {
  readonly copy: Copy
  /** Null for a planted record. */
  readonly capture: string | null
  readonly canary: string | null
  readonly mark: string | null
}

export async function noteOpeningCopy(db: Db, opening: string, sha256: Uint8Array): Promise<void> {
  await db
    .updateTable('opening')
    .set({ copy_sha256: Buffer.from(sha256) })
    .where('id', '=', opening)
    .execute()
}

/** The copy that has exactly these bytes. */
export async function copyWithBytes(db: Db, sha256: Uint8Array): Promise<KnownCopy | null> {
  const bytes = Buffer.from(sha256)
  const opening = await db
    .selectFrom('opening')
    .select(['id', 'capture', 'mark'])
    .where('copy_sha256', '=', bytes)
    .executeTakeFirst()
  if (opening !== undefined) return ofOpening(opening)
  return ofReleaseFile(
    await releaseFiles(db)
      .where((where) =>
        where.or([
          where('release_files.copy_sha256', '=', bytes),
          where('release_files.sha256', '=', bytes),
        ]),
      )
      .executeTakeFirst(),
  )
}

/** The copy that carries this mark. */
export async function copyWithMark(db: Db, mark: string): Promise<KnownCopy | null> {
  const opening = await db
    .selectFrom('opening')
    .select(['id', 'capture', 'mark'])
    .where('mark', '=', mark)
    .executeTakeFirst()
  if (opening !== undefined) return ofOpening(opening)
  return ofReleaseFile(
    await releaseFiles(db).where('release_files.mark', '=', mark).executeTakeFirst(),
  )
}

/** All copies of a stored picture that carry a mark, newest first. */
export async function markedCopiesOf(
  db: Db,
  capture: string,
  limit: number,
): Promise<readonly (KnownCopy & { readonly view: string | null })[]> {
  const openings = await db
    .selectFrom('opening')
    .select(['id', 'capture', 'mark', 'view'])
    .where('capture', '=', capture)
    .where('mark', 'is not', null)
    .where('outcome', '=', 'opened')
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
  const released = await releaseFiles(db)
    .where('release_files.capture', '=', capture)
    .limit(limit)
    .execute()
  return [
    ...openings.map((row) => ({ ...ofOpening(row), view: row.view })),
    ...released.flatMap((row) => {
      const copy = ofReleaseFile(row)
      return copy === null ? [] : [{ ...copy, view: null }]
    }),
  ]
}

export type Canary = {
  readonly id: string
  readonly release: string
  readonly plateFolded: string
  readonly hash: Buffer
}

/** What was ever planted with one of these plates, folded. */
export async function canariesWithPlates(
  db: Db,
  plates: readonly string[],
): Promise<readonly Canary[]> {
  if (plates.length === 0) return []
  const { rows } = await sql<{ id: string; release: string; plate_folded: string; pdq: Buffer }>`
    select id, release, plate_folded, pdq from release_canaries
    where plate_folded = any(${plates}::text[])`.execute(db)
  return rows.map(({ id, release, plate_folded: plateFolded, pdq: hash }) => ({
    id,
    release,
    plateFolded,
    hash,
  }))
}

/** To whom a copy went: the party of the person who opened, or of the release. */
export async function partyOf(db: Db, copy: Copy): Promise<string | null> {
  if (copy.kind === 'release') {
    const row = await db
      .selectFrom('releases')
      .select('party')
      .where('id', '=', copy.release)
      .executeTakeFirst()
    return row?.party ?? null
  }
  const row = await db
    .selectFrom('opening')
    .innerJoin('account', 'account.id', 'opening.account')
    .select('account.party')
    .where('opening.id', '=', copy.opening)
    .executeTakeFirst()
  return row?.party ?? null
}

function releaseFiles(db: Db) {
  return db
    .selectFrom('release_files')
    .leftJoin('release_canaries', (join) =>
      join
        .onRef('release_canaries.release', '=', 'release_files.release')
        .onRef('release_canaries.number', '=', 'release_files.number'),
    )
    .select([
      'release_files.release',
      'release_files.capture',
      'release_files.mark',
      'release_canaries.id as canary',
    ])
}

function ofOpening(row: {
  readonly id: string
  readonly capture: string
  readonly mark: string | null
}): KnownCopy {
  const { id, capture, mark } = row
  return { copy: { kind: 'opening', opening: id }, capture, canary: null, mark }
}

function ofReleaseFile(
  row:
    | {
        readonly release: string
        readonly capture: string | null
        readonly mark: string | null
        readonly canary: string | null
      }
    | undefined,
): KnownCopy | null {
  if (row === undefined) return null
  const { release, capture, mark, canary } = row
  return { copy: { kind: 'release', release }, capture, canary, mark }
}
