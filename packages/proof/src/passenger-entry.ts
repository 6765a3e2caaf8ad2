/** Entries about passenger lists (specs/log.md). They name neither flight nor people. */

import { hex256, id128, record, whole } from './canonical-json.ts'
import { type Head, head } from './entry-head.ts'

/** People are expected from here on, until the list expires. */
export type PassengerListEntry = Head<'passenger_list_imported'> & {
  readonly list: string
  readonly travellers: number
  /** Commitment to the file: hex SHA-256 of its bytes. */
  readonly file: string
  /** Commitment to the account, under a salt of its own. */
  readonly by: string
}

export const passengerEntryShapes = {
  passenger_list_imported: record<PassengerListEntry>({
    ...head('passenger_list_imported'),
    list: id128,
    travellers: whole(0),
    file: hex256,
    by: hex256,
  }),
} as const
