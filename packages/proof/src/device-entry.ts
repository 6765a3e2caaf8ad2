/** Entries about what devices saw of themselves (specs/log.md). */

import { code, hex256, id128, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** A device signed that something happened to it. */
export type DeviceEventEntry = Head<'device_event'> & {
  readonly event: string
  readonly device: string
  /** Of the device's events. */
  readonly sequence: number
  /** Kind of the event, as in the statement. */
  readonly what: string
  readonly statement_sha256: string
}

export type DeviceLogEntry = DeviceEventEntry

export const deviceEntryShapes = {
  device_event: record<DeviceEventEntry>({
    ...head('device_event'),
    event: id128,
    device: id128,
    sequence: whole(1),
    what: code,
    statement_sha256: hex256,
  }),
} as const
