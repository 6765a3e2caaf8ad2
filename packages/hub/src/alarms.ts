/** Raising alarms: a row, an entry in the log when it is new, an event for whoever watches. */

import type { AlarmKind } from '@sallyport/core/alarm'
import { type AlarmRow, alarmById, noteAlarmLogged, raiseAlarm } from '@sallyport/store/alarms'
import type { Db } from '@sallyport/store/postgres/database'

import type { Events } from './events.ts'
import { newId } from './ids.ts'
import type { Journal } from './journal.ts'

export type AlarmOrigin = { readonly device?: string; readonly lane?: string }

export type Alarms = {
  /** Never throws: an alarm that cannot be stored must not stop what raised it. */
  raise(kind: AlarmKind, origin: AlarmOrigin, detail: string): Promise<void>
}

export function createAlarms(context: {
  readonly db: Db
  readonly journal: Journal
  readonly events: Events
  readonly now: () => Date
  readonly report: (message: string) => void
}): Alarms {
  const { db, journal, events, now, report } = context
  return {
    async raise(kind, { device, lane }, detail) {
      try {
        const at = now()
        const { id, isNew } = await raiseAlarm(db, {
          id: newId(),
          kind,
          device: device ?? null,
          lane: lane ?? null,
          at,
          detail: detail.slice(0, 500),
        })
        if (isNew) {
          const entry = {
            v: 1,
            at: at.toISOString(),
            kind: 'alarm',
            alarm: id,
            alarm_kind: kind,
          } as const
          await noteAlarmLogged(
            db,
            id,
            await journal.append(device === undefined ? entry : { ...entry, device }),
          )
        }
        const row = await alarmById(db, id)
        if (row !== null) events.publish('alarm', alarmView(row))
      } catch (error) {
        report(
          `alarm ${kind} could not be recorded: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
    },
  }
}

/** An alarm as the API gives it. */
export function alarmView(row: AlarmRow) {
  return {
    id: row.id,
    kind: row.kind,
    device: row.device,
    lane: row.lane,
    at: row.at.toISOString(),
    last_at: row.last_at.toISOString(),
    count: row.count,
    detail: row.detail,
    acknowledged:
      row.acknowledged_at === null
        ? null
        : {
            at: row.acknowledged_at.toISOString(),
            by: row.acknowledged_by_name ?? 'unknown',
            note: row.acknowledged_note,
          },
    log_index: row.log_index,
  }
}
