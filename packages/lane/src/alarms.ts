/** What is wrong at the lane now. An alarm stands until its cause is gone. */

import type { Report } from './events.ts'
import { limits } from './limits.ts'

export const alarmKinds = [
  'spool_filling',
  'spool_full',
  'spool_write_failed',
  'no_epoch',
  'epochs_ending',
  'camera_gone',
  'rear_camera_gone',
  'bundle_refused',
  'events_unkept',
  'event_refused',
  'verdict_refused',
] as const
export type AlarmKind = (typeof alarmKinds)[number]

export type Alarms = {
  raise(kind: AlarmKind, detail: string): void
  clear(kind: AlarmKind): void
  /** `kind: detail`, oldest first, as the heartbeat carries them. */
  open(): readonly string[]
}

/** Alarms that are reported once when they begin and once when they end. */
export function createAlarms(report: Report): Alarms {
  const open = new Map<AlarmKind, string>()
  return {
    raise(kind, detail) {
      const isNew = !open.has(kind)
      open.set(kind, detail)
      if (isNew) report({ event: 'alarm_raised', alarm: kind, detail })
    },
    clear(kind) {
      if (open.delete(kind)) report({ event: 'alarm_cleared', alarm: kind })
    },
    open: () =>
      [...open]
        .slice(0, limits.alarmsSentMax)
        .map(([kind, detail]) => `${kind}: ${detail}`.slice(0, 200)),
  }
}
