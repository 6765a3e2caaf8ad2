/** What a lane says of itself: one JSON line per event, ids and counts only, nothing personal. */

import type { DeviceEventKind } from '@sallyport/proof/device-event'
import type { GapReason } from '@sallyport/proof/manifest'

import type { AlarmKind } from './alarms.ts'

export type LaneEvent =
  | {
      readonly event: 'lane_started'
      readonly lane: string
      readonly device: string
      readonly source: string
    }
  | { readonly event: 'lane_stopped' }
  | { readonly event: 'pass_began' }
  | {
      readonly event: 'crossing_spooled'
      readonly crossing: string
      readonly sequence: number
      readonly plate: string
      readonly looks: number
      readonly lane_ms: number
      readonly bytes: number
      readonly scene: boolean
    }
  | { readonly event: 'crossing_dropped'; readonly reason: string }
  | {
      readonly event: 'gap_signed'
      readonly reason: GapReason
      readonly sequence: number
      readonly dropped: number
    }
  | { readonly event: 'crossing_sent'; readonly sequence: number; readonly waited_ms: number }
  | { readonly event: 'bundle_refused'; readonly sequence: number; readonly code: string }
  | { readonly event: 'verdict_kept'; readonly verdict: string; readonly sequence: number }
  | { readonly event: 'verdict_not_kept'; readonly reason: string }
  | { readonly event: 'verdict_sent'; readonly verdict: string }
  | { readonly event: 'verdict_refused'; readonly verdict: string; readonly code: string }
  | {
      readonly event: 'send_failed'
      readonly reason: string
      readonly attempt: number
      readonly wait_ms: number
    }
  | { readonly event: 'picture_refused'; readonly code: string }
  | { readonly event: 'frame_dropped'; readonly code: string; readonly frame: string }
  | { readonly event: 'camera'; readonly state: 'ok' | 'gone'; readonly reason: string }
  | { readonly event: 'source_ended' }
  | { readonly event: 'epochs_renewed'; readonly until: string }
  | { readonly event: 'epochs_refused'; readonly code: string }
  | { readonly event: 'day_closed'; readonly through: string; readonly sequence: number }
  | { readonly event: 'day_not_closed'; readonly through: string; readonly code: string }
  | { readonly event: 'alarm_raised'; readonly alarm: AlarmKind; readonly detail: string }
  | { readonly event: 'alarm_cleared'; readonly alarm: AlarmKind }
  | {
      readonly event: 'machine_event'
      readonly kind: DeviceEventKind
      readonly sequence: number
    }
  | { readonly event: 'machine_event_refused'; readonly sequence: number; readonly code: string }
  | { readonly event: 'duty_refused' }
  | { readonly event: 'test_picture'; readonly read: boolean }
  | { readonly event: 'faces_failed'; readonly reason: string }
  | { readonly event: 'failed'; readonly reason: string }

export type Report = (event: LaneEvent) => void

/** Writes events as JSON lines with their time, for example to stderr. */
export function jsonLines(write: (line: string) => void, now: () => Date): Report {
  return (event) =>
    write(`${JSON.stringify({ at: now().toISOString(), level: levelOf(event), ...event })}\n`)
}

const warnings: ReadonlySet<LaneEvent['event']> = new Set([
  'alarm_raised',
  'bundle_refused',
  'crossing_dropped',
  'frame_dropped',
  'picture_refused',
  'epochs_refused',
  'day_not_closed',
  'machine_event',
  'machine_event_refused',
])

function levelOf({ event }: LaneEvent): 'info' | 'warn' | 'error' {
  if (event === 'failed' || event === 'faces_failed') return 'error'
  return warnings.has(event) ? 'warn' : 'info'
}

/** A short reason without what it was about: system codes are kept, messages are not quoted. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'string') return code
  const cause: unknown = error.cause
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code
  return error.name
}
