/** Raising alarms: a row, an entry in the log for the first, an event for whoever watches. */

import type { AlarmKind } from '@sallyport/core/alarm'
import type { AlarmEntry } from '@sallyport/proof/entry'
import { type AlarmRow, alarmById, noteAlarmLogged, raiseAlarm } from '@sallyport/store/alarms'
import { type OutgoingEvent, queueEvents } from '@sallyport/store/deliveries'
import type { Db } from '@sallyport/store/postgres/database'

import { eventId } from './delivery/event.ts'
import type { Events } from './events.ts'
import { newId } from './ids.ts'
import type { Journal } from './journal.ts'
import { reportWords } from './report-words.ts'

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
  /** Alarms whose entry is on its way: a repeat meanwhile must not append another. */
  const logging = new Set<string>()
  return {
    async raise(kind, { device, lane }, detail) {
      try {
        const fresh = {
          id: newId(),
          kind,
          device: device ?? null,
          lane: lane ?? null,
          at: now(),
          detail: detail.slice(0, 500),
        }
        const raised = await db.transaction().execute(async (transaction) => {
          const row = await raiseAlarm(transaction, fresh)
          if (row.id === fresh.id) await queueEvents(transaction, 'alarm.raised', [eventOf(fresh)])
          return row
        })
        const { id } = raised
        // A repeat of one that the log did not take is logged too: better twice than never.
        if (raised.log_index === null && !logging.has(id)) {
          logging.add(id)
          try {
            const entry = alarmEntry({ ...raised, kind, device: device ?? null })
            await noteAlarmLogged(db, id, await journal.append(entry))
          } finally {
            logging.delete(id)
          }
        }
        const row = await alarmById(db, id)
        if (row !== null) events.publish('alarm', alarmView(row))
      } catch (error) {
        report(`alarm ${kind} could not be recorded: ${reportWords(error)}`)
      }
    },
  }
}

function eventOf({ id, at }: { readonly id: string; readonly at: Date }): OutgoingEvent {
  return { event: eventId('alarm.raised', id), subject: id, at }
}

/** What the log says of an alarm: that it was raised, and when first. */
export function alarmEntry(
  row: Pick<AlarmRow, 'id' | 'kind' | 'device'> & { readonly at: Date },
): AlarmEntry {
  const entry = {
    v: 1,
    at: row.at.toISOString(),
    kind: 'alarm',
    alarm: row.id,
    alarm_kind: row.kind,
  } as const
  return row.device === null ? entry : { ...entry, device: row.device }
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
