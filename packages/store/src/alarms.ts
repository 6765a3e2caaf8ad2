/** Alarms: one open row for each kind and origin; repeats raise its count. */

import type { AlarmKind } from '@sallyport/core/alarm'
import { type Selectable, sql } from 'kysely'

import type { Db } from './postgres/database.ts'
import type { Database } from './schema.ts'

export type AlarmRow = Selectable<Database['alarm']> & {
  readonly acknowledged_by_name: string | null
}

export type NewAlarm = {
  readonly id: string
  readonly kind: AlarmKind
  readonly device: string | null
  readonly lane: string | null
  readonly at: Date
  readonly detail: string
}

/** Raises an alarm, or counts one more of an open alarm of the same kind and origin. */
export async function raiseAlarm(
  db: Db,
  alarm: NewAlarm,
): Promise<Pick<Selectable<Database['alarm']>, 'id' | 'at' | 'log_index'>> {
  const { rows } = await sql<Selectable<Database['alarm']>>`
    insert into alarm (id, kind, device, lane, at, last_at, detail)
    values (${alarm.id}, ${alarm.kind}, ${alarm.device}, ${alarm.lane}, ${alarm.at}, ${alarm.at}, ${alarm.detail})
    on conflict (kind, coalesce(device, '00000000-0000-0000-0000-000000000000'), coalesce(lane, ''))
      where acknowledged_at is null
    do update set count = alarm.count + 1, last_at = excluded.last_at, detail = excluded.detail
    returning id, at, log_index`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('an upsert returns its row')
  return row
}

export async function noteAlarmLogged(db: Db, id: string, logIndex: number): Promise<void> {
  await db.updateTable('alarm').set({ log_index: logIndex }).where('id', '=', id).execute()
}

export async function alarmById(db: Db, id: string): Promise<AlarmRow | null> {
  return (await alarmQuery(db).where('alarm.id', '=', id).executeTakeFirst()) ?? null
}

export async function listAlarms(
  db: Db,
  openOnly: boolean,
  limit: number,
): Promise<readonly AlarmRow[]> {
  let query = alarmQuery(db)
  if (openOnly) query = query.where('alarm.acknowledged_at', 'is', null)
  return query.orderBy('alarm.last_at', 'desc').limit(limit).execute()
}

function alarmQuery(db: Db) {
  return db
    .selectFrom('alarm')
    .leftJoin('account', 'account.id', 'alarm.acknowledged_by')
    .selectAll('alarm')
    .select('account.name as acknowledged_by_name')
}

/** False when there is no such open alarm. */
export async function acknowledgeAlarm(
  db: Db,
  id: string,
  by: { readonly account: string; readonly note: string | null; readonly at: Date },
): Promise<boolean> {
  const done = await db
    .updateTable('alarm')
    .set({ acknowledged_at: by.at, acknowledged_by: by.account, acknowledged_note: by.note })
    .where('id', '=', id)
    .where('acknowledged_at', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}
