/** Brings a database to the newest schema: plain SQL files, each once, each in a transaction. */

import { readdir, readFile } from 'node:fs/promises'

import { sql } from 'kysely'

import { type Db, serverVersion } from './postgres/database.ts'

const directory = new URL('./migrations/', import.meta.url)

/** Serialises hubs that start at once; any constant of our own does. */
const advisoryLock = 5_317_004_231

/**
 * Applies what is missing and returns the names applied; of `upTo`, when it is given, and no others.
 * Throws with the file's name on failure.
 */
export async function migrate(db: Db, upTo?: readonly string[]): Promise<readonly string[]> {
  const version = await serverVersion(db)
  if (version < 150_000) {
    throw new Error(
      `PostgreSQL 15 or newer is needed; this server is ${Math.floor(version / 10_000)}.`,
    )
  }
  const names = (await readdir(directory)).filter((name) => name.endsWith('.sql')).sort()
  return db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(transaction)
    await sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`.execute(
      transaction,
    )
    const { rows } = await sql<{ name: string }>`select name from migration`.execute(transaction)
    const applied = new Set(rows.map(({ name }) => name))
    const unknown = [...applied, ...(upTo ?? [])].filter((name) => !names.includes(name))
    if (unknown.length > 0) {
      throw new Error(
        `The database was made by a newer version (${unknown.join(', ')}). Start that version.`,
      )
    }
    const missing = names.filter(
      (name) => !applied.has(name) && (upTo === undefined || upTo.includes(name)),
    )
    for (const name of missing) {
      const text = await readFile(new URL(name, directory), 'utf8')
      await sql.raw(text).execute(transaction)
      await sql`insert into migration (name) values (${name})`.execute(transaction)
    }
    return missing
  })
}

/** Months kept ready ahead of now, so that no crossing waits for its partition. */
const monthsAhead = 2

/** Creates the monthly partitions from the month of `now` onward. Idempotent; hubs may race. */
export async function ensurePartitions(db: Db, now: Date): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await sql`select pg_advisory_xact_lock(${advisoryLock})`.execute(transaction)
    for (let ahead = -1; ahead <= monthsAhead; ahead++) {
      const from = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead, 1))
      const to = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + ahead + 1, 1))
      for (const table of ['crossing', 'capture', 'face']) {
        const name = `${table}_${from.toISOString().slice(0, 7).replace('-', '_')}`
        await sql`create table if not exists ${sql.id(name)} partition of ${sql.id(table)}
          for values from (${sql.lit(from.toISOString())}) to (${sql.lit(to.toISOString())})`.execute(
          transaction,
        )
      }
    }
  })
}
