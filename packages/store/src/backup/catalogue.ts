/**
 * The tables of a hub's database as the database itself describes them, so that a table added later
 * is backed up without anybody remembering it.
 */

import { type Kysely, sql } from 'kysely'

import type { Database } from '../schema.ts'

export type Table = {
  readonly name: string
  /** Those that are written; what is generated from others is not carried. */
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Columns in which its rows are carried: oldest first where rows have a time. */
  readonly order: readonly string[]
}

/** Everything that loading needs beside the rows. */
export type Catalogue = {
  /** Migrations that made these tables. */
  readonly migrations: readonly string[]
  readonly tables: readonly Table[]
  readonly partitions: readonly {
    readonly name: string
    readonly of: string
    readonly bound: string
  }[]
  readonly sequences: readonly { readonly name: string; readonly value: number }[]
}

type Reader = Kysely<Database>

/** Kept by `migrate` itself. */
const migrationTable = 'migration'

export async function readCatalogue(db: Reader): Promise<Catalogue> {
  const { rows: migrations } = await sql<{ name: string }>`
    select name from ${sql.table(migrationTable)} order by name`.execute(db)
  const { rows: tables } = await sql<Table>`
    select relation.relname as name,
      (select json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod)) order by attnum)
         from pg_attribute where attrelid = relation.oid and attnum > 0
         and not attisdropped and attgenerated = '') as columns,
      coalesce((select json_agg(attname order by atttypid <> 'timestamptz'::regtype, attnum)
         from pg_attribute where attrelid = relation.oid and attnum > 0 and not attisdropped
         and (attname = (select first.attname from pg_attribute as first
                where first.attrelid = relation.oid and first.attnum > 0 and not first.attisdropped
                and first.attnotnull and first.atttypid = 'timestamptz'::regtype
                order by first.attnum limit 1)
              or attnum = any (select unnest(indkey) from pg_index
                where indrelid = relation.oid and indisprimary))), '[]') as "order"
    from pg_class as relation
    where relation.relnamespace = current_schema()::regnamespace
      and relation.relkind in ('r', 'p') and not relation.relispartition
      and relation.relname <> ${migrationTable}
    order by relation.relname`.execute(db)
  const { rows: partitions } = await sql<Catalogue['partitions'][number]>`
    select child.relname as name, parent.relname as of,
      pg_get_expr(child.relpartbound, child.oid) as bound
    from pg_class as child join pg_inherits on inhrelid = child.oid
    join pg_class as parent on parent.oid = inhparent
    where child.relispartition and child.relkind in ('r', 'p')
      and child.relnamespace = current_schema()::regnamespace
    order by child.relname`.execute(db)
  const { rows: sequences } = await sql<Catalogue['sequences'][number]>`
    select sequencename as name, last_value as value from pg_sequences
    where schemaname = current_schema() and last_value is not null`.execute(db)
  return { migrations: migrations.map(({ name }) => name), tables, partitions, sequences }
}

/** Whether the database has any table at all where ours would be. */
export async function hasTables(db: Reader): Promise<boolean> {
  const { rows } = await sql`select 1 from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') limit 1`.execute(
    db,
  )
  return rows.length > 0
}

/** The highest entry of the log that any row refers to, in any table; -1 when none does. */
export async function highestLogIndexOf(db: Reader, { tables }: Catalogue): Promise<number> {
  const found = tables.flatMap(({ name, columns }) =>
    // A crossing's index stands in `intake` too, where there is an index on it.
    name === 'crossing'
      ? []
      : columns
          .filter((column) => /(^|_)log_index$/.test(column.name))
          .map((column) => sql`(select max(${sql.id(column.name)}) from ${sql.table(name)})`),
  )
  if (found.length === 0) return -1
  const { rows } = await sql<{ highest: number | null }>`
    select greatest(${sql.join(found)}) as highest`.execute(db)
  return rows[0]?.highest ?? -1
}

/** For each segment of the vault, the end of the last body that a row names. */
export async function segmentEnds(
  db: Reader,
  { tables }: Catalogue,
): Promise<ReadonlyMap<number, number>> {
  const ends = new Map<number, number>()
  for (const { name, columns } of tables) {
    const names = columns.map((column) => column.name)
    if (!['segment', 'position', 'bytes'].every((column) => names.includes(column))) continue
    const { rows } = await sql<{ segment: number; until: number }>`
      select segment, max(position + bytes)::bigint as until from ${sql.table(name)}
      where segment is not null group by segment`.execute(db)
    for (const { segment, until } of rows)
      ends.set(segment, Math.max(until, ends.get(segment) ?? 0))
  }
  return ends
}
