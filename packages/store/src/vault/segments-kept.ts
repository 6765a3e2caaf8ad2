/**
 * Whoever reads segments as of an earlier moment, as a backup does, keeps them from being removed
 * meanwhile, across processes: by a lock of the database, which a connection that dies gives back.
 */

import { sql } from 'kysely'

import type { Db } from '../postgres/database.ts'

const advisoryLock = 5_317_004_232

/** No segment is removed while `work` runs. Waits while one is being removed. */
export async function withSegmentsKept<T>(db: Db, work: () => Promise<T>): Promise<T> {
  return db.connection().execute(async (connection) => {
    await sql`select pg_advisory_lock_shared(${advisoryLock})`.execute(connection)
    try {
      return await work()
    } finally {
      await sql`select pg_advisory_unlock_shared(${advisoryLock})`.execute(connection)
    }
  })
}

/** Runs `work` while nobody keeps segments; false, and nothing is done, when somebody does. */
export async function whenNoneKept(db: Db, work: (db: Db) => Promise<void>): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ free: boolean }>`
      select pg_try_advisory_xact_lock(${advisoryLock}) as free`.execute(transaction)
    if (rows[0]?.free !== true) return false
    await work(transaction)
    return true
  })
}
