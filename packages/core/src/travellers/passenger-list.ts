/** Who is expected at a place and time, whatever the list came as. */

import type { Place } from './edifact.ts'

export type Transport = 'flight' | 'sailing' | 'train' | 'road' | 'other'

export const travellerRoles = ['passenger', 'crew', 'transit'] as const
export type TravellerRole = (typeof travellerRoles)[number]

export type ExpectedTraveller = {
  readonly role: TravellerRole
  readonly surname: string
  readonly givenNames: string
  /** '1974-08-12'; null where the list names none. */
  readonly born: string | null
  readonly sex: 'F' | 'M' | 'X' | null
  /** ISO 3166-1 alpha-3 or ICAO, as the list has it. */
  readonly nationality: string | null
  readonly document: {
    readonly kind: string
    readonly number: string
    readonly issuer: string | null
    readonly expires: string | null
  } | null
  readonly embarks: string | null
  readonly debarks: string | null
  readonly booking: string | null
}

export type PassengerList = {
  readonly transport: Transport
  /** Flight or voyage: 'DF042'. */
  readonly reference: string
  readonly departsFrom: string | null
  /** As the clocks there show it: '2026-11-22T08:00'; null where the list names none. */
  readonly departsAt: string | null
  readonly arrivesIn: string | null
  readonly arrivesAt: string | null
  readonly sender: string | null
  readonly control: string | null
  readonly message: string | null
  readonly people: 'passengers' | 'crew'
  /** More parts of the same list are to come. */
  readonly partial: boolean
  readonly travellers: readonly ExpectedTraveller[]
}

export type ListError = Place & { readonly detail: string }

/** A list is taken whole or not at all. Warnings say what is odd about one that can be taken. */
export type ParsedLists =
  | {
      readonly kind: 'lists'
      readonly lists: readonly PassengerList[]
      readonly warnings: readonly ListError[]
    }
  | { readonly kind: 'refused'; readonly errors: readonly ListError[]; readonly total: number }
