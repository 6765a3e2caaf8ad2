/** The files of releases: which marked copy of what went to whom, and the sealed bytes until they go. */

import { type Insertable, type Selectable, sql } from 'kysely'

import type { Db } from '../postgres/database.ts'
import type { Database } from '../schema.ts'

export type ReleaseFileRow = Selectable<Database['release_files']>

export type MadeFile = Omit<Insertable<Database['release_files']>, 'release'> & {
  readonly body: Uint8Array
  readonly canary: {
    readonly id: string
    readonly plate_folded: string
    readonly pdq: Uint8Array
  } | null
}

/** One file with its sealed bytes, before the release is made. */
export async function insertFile(db: Db, release: string, made: MadeFile): Promise<void> {
  const { body, canary, ...file } = made
  const { number } = file
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('release_files')
      .values({ release, ...file })
      .execute()
    await transaction.insertInto('release_bodies').values({ release, number, body }).execute()
    if (canary !== null)
      await transaction
        .insertInto('release_canaries')
        .values({ release, number, ...canary })
        .execute()
  })
}

/** Forgets the files of a release that was never made: none of them left. */
export async function forgetFiles(db: Db, release: string): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    for (const table of ['release_canaries', 'release_bodies', 'release_files'] as const)
      await transaction.deleteFrom(table).where('release', '=', release).execute()
  })
}

/** Its files, in the order of their numbers. */
export async function filesOf(db: Db, release: string): Promise<readonly ReleaseFileRow[]> {
  return db
    .selectFrom('release_files')
    .selectAll()
    .where('release', '=', release)
    .orderBy('number')
    .execute()
}

/** The sealed bytes of one file; null when they are gone. */
export async function bodyOf(db: Db, release: string, number: number): Promise<Buffer | null> {
  const row = await db
    .selectFrom('release_bodies')
    .select('body')
    .where('release', '=', release)
    .where('number', '=', number)
    .executeTakeFirst()
  return row?.body ?? null
}

/**
 * Forgets sealed bytes that nobody is to fetch any more: of releases that expired or whose copies are
 * accounted for, and of captures that were shredded. The rows about them stay.
 */
export async function sweepBodies(db: Db, now: Date): Promise<void> {
  await sql`
    delete from release_bodies using releases, release_files
    where releases.id = release_bodies.release
      and release_files.release = release_bodies.release
      and release_files.number = release_bodies.number
      and (releases.expires_at <= ${now} or releases.state in ('returned', 'destroyed')
        or (release_files.capture is not null and not exists (
          select 1 from capture where capture.id = release_files.capture
            and capture.shredded_at is null and capture.shredding is null)))`.execute(db)
}

/** A planted record that was found outside, and the release that it was planted in. */
export type FoundCanary = {
  readonly canary: string
  readonly release: string
  readonly by: 'bytes' | 'hash' | 'plate'
}

/** Canaries whose copy has one of these SHA-256, or whose plate is one of these (folded). */
export async function canariesOf(
  db: Db,
  found: { readonly sha256: readonly Uint8Array[]; readonly plates: readonly string[] },
): Promise<readonly FoundCanary[]> {
  const rows = db
    .selectFrom('release_canaries')
    .innerJoin('release_files', (join) =>
      join
        .onRef('release_files.release', '=', 'release_canaries.release')
        .onRef('release_files.number', '=', 'release_canaries.number'),
    )
    .select(['release_canaries.id as canary', 'release_canaries.release'])
  const byBytes =
    found.sha256.length === 0
      ? []
      : await rows
          .where((eb) =>
            eb.or([
              eb(
                'copy_sha256',
                'in',
                found.sha256.map((one) => Buffer.from(one)),
              ),
              eb(
                'sha256',
                'in',
                found.sha256.map((one) => Buffer.from(one)),
              ),
            ]),
          )
          .execute()
  const byPlate =
    found.plates.length === 0 ? [] : await rows.where('plate_folded', 'in', found.plates).execute()
  return [
    ...byBytes.map((row) => ({ ...row, by: 'bytes' as const })),
    ...byPlate.map((row) => ({ ...row, by: 'plate' as const })),
  ]
}

/** The perceptual hashes of every planted picture: few enough to compare each with what was found. */
export async function canaryHashes(
  db: Db,
): Promise<readonly { readonly canary: string; readonly release: string; readonly pdq: Buffer }[]> {
  return db.selectFrom('release_canaries').select(['id as canary', 'release', 'pdq']).execute()
}

/** Which of these plates (folded) any crossing has: a planted one must be nobody's. */
export async function knownPlates(db: Db, folded: readonly string[]): Promise<ReadonlySet<string>> {
  if (folded.length === 0) return new Set()
  const rows = await db
    .selectFrom('crossing')
    .select('plate_folded')
    .distinct()
    .where('plate_folded', 'in', folded)
    .execute()
  return new Set(rows.flatMap(({ plate_folded }) => plate_folded ?? []))
}
