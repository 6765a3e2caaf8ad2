/** Entries about what devices saw of themselves, and who worked at them (specs/log.md). */

import { code, hex256, id128, oneOf, record, whole } from './canonical-json.ts'
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

/** A work order for a lane stands, or its maintenance begins or ends by the word of a person. */
export type MaintenanceOrderedEntry = Head<'maintenance_ordered'> & {
  readonly order: string
  readonly device: string
  /** Commitment to number, technician, party and window. */
  readonly terms: string
  readonly by: string
}
export type MaintenanceBegunEntry = Head<'maintenance_begun'> & {
  readonly order: string
  /** Whoever let it begin said that they stay beside the work. */
  readonly watch?: 'beside'
  readonly by: string
}
export type MaintenanceOverEntry = Head<'maintenance_over'> & {
  readonly order: string
  readonly by: string
}

/** A device signed for a hand-over what its computer was found to be. */
export type DeviceAttestedEntry = Head<'device_attested'> & {
  readonly attestation: string
  readonly device: string
  /** A commitment: the statement holds a random id that nobody can guess. */
  readonly statement_sha256: string
}

export type DeviceLogEntry =
  | DeviceEventEntry
  | DeviceAttestedEntry
  | MaintenanceOrderedEntry
  | MaintenanceBegunEntry
  | MaintenanceOverEntry

export const deviceEntryShapes = {
  device_event: record<DeviceEventEntry>({
    ...head('device_event'),
    event: id128,
    device: id128,
    sequence: whole(1),
    what: code,
    statement_sha256: hex256,
  }),
  device_attested: record<DeviceAttestedEntry>({
    ...head('device_attested'),
    attestation: id128,
    device: id128,
    statement_sha256: hex256,
  }),
  maintenance_ordered: record<MaintenanceOrderedEntry>({
    ...head('maintenance_ordered'),
    order: id128,
    device: id128,
    terms: hex256,
    by: hex256,
  }),
  maintenance_begun: record<MaintenanceBegunEntry>(
    {
      ...head('maintenance_begun'),
      order: id128,
      watch: oneOf(['beside']),
      by: hex256,
    },
    ['watch'],
  ),
  maintenance_over: record<MaintenanceOverEntry>({
    ...head('maintenance_over'),
    order: id128,
    by: hex256,
  }),
} as const
