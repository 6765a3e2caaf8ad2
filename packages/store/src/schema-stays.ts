/** The tables of stays and passenger lists (`migrations/0008-stays.sql`). */

import type { ClockVerdict } from '@sallyport/core/clock'
import type { Direction } from '@sallyport/core/crossing'
import type { StatementClass, StatementKind } from '@sallyport/core/stays/statement'
import type { Stay, StayState } from '@sallyport/core/stays/stay'
import type { TravellerRole, Transport } from '@sallyport/core/travellers/passenger-list'
import type { ColumnType, Generated } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type Json<T> = ColumnType<T, string, string>

export type StayTables = {
  stay_passage: {
    id: string
    crossing: string
    received_at: Date
    at: Date
    direction: Direction
    lane: string
    clock: ClockVerdict
    jurisdiction: string | null
    key: string | null
    text: string | null
    verdict: string | null
    other_erased: Generated<boolean>
    near: string[] | null
  }
  stay: {
    id: string
    key: string
    state: StayState
    at: Date
    from_at: Date | null
    until_at: Date | null
    passages: string[]
    doubted: boolean
    rule: string | null
    due_at: Date | null
    stay: Json<Stay>
    near: string[] | null
  }
  stay_statement: {
    id: string
    class: StatementClass
    kind: StatementKind
    passage: string
    other: string | null
    instant: Date | null
    day: string | null
    reason: string
    account: string
    at: Date
    supersedes: string | null
    by_salt: Bytes
    terms_salt: Bytes
    state: 'pending' | 'logged' | 'failed'
    log_from: number
    log_index: number | null
  }
  stay_due: { key: string; at: Date }
  stay_cursor: { one: Generated<boolean>; log_index: number; rules_sha256: Bytes | null }
  passenger_list: {
    id: string
    format: 'paxlst' | 'csv'
    sha256: Bytes
    transport: Transport
    reference: string
    departs_from: string | null
    departs_at: string | null
    arrives_in: string | null
    arrives_at: string | null
    sender: string | null
    control: string | null
    message: string | null
    people: 'passengers' | 'crew'
    partial: boolean
    warnings: Json<readonly string[]>
    imported_at: Date
    imported_by: string
    expires_at: Date
    file_salt: Bytes
    by_salt: Bytes
    log_index: number | null
  }
  expected_traveller: {
    id: string
    list: string
    place: number
    role: TravellerRole
    surname: string
    given_names: string
    born: string | null
    sex: 'F' | 'M' | 'X' | null
    nationality: string | null
    document_kind: string | null
    document_number: string | null
    document_issuer: string | null
    document_expires: string | null
    embarks: string | null
    debarks: string | null
    booking: string | null
  }
}
