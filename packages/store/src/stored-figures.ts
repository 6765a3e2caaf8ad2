/** How much there is of what was taken in, counted over all rows: for reports, not for pages. */

import { sql } from 'kysely'

import type { Db } from './postgres/database.ts'

export type StoredFigures = {
  readonly crossings: number
  readonly pictures: number
  readonly templates: number
}

export async function storedFigures(db: Db): Promise<StoredFigures> {
  const { rows } = await sql<StoredFigures>`select
    (select count(*)::int from crossing where kind = 'crossing') as crossings,
    (select count(*)::int from capture where class <> 'reads') as pictures,
    (select count(*)::int from face where template is not null) as templates`.execute(db)
  const [figures] = rows
  if (figures === undefined) throw new Error('a count has a row')
  return figures
}
