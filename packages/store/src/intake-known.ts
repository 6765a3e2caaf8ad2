/** Which crossings were ever accepted, whatever became of their rows since. */

import type { Db } from './postgres/database.ts'

const idsAtOnce = 5000

export async function intakeOf(db: Db, crossings: readonly string[]): Promise<ReadonlySet<string>> {
  const known = new Set<string>()
  for (let at = 0; at < crossings.length; at += idsAtOnce) {
    const rows = await db
      .selectFrom('intake')
      .select('crossing')
      .where('crossing', 'in', crossings.slice(at, at + idsAtOnce))
      .execute()
    for (const { crossing } of rows) known.add(crossing)
  }
  return known
}
