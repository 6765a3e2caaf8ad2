/** The tables of searches for leaked copies as TypeScript sees them (`migrations/0055-leaks.sql`, `0065-leak-keys.sql`). */

import type { FindingLevel, FindingVerdict } from '@sallyport/core/leaks/finding'
import type { ColumnType } from 'kysely'

type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>
type MaybeBytes = ColumnType<Buffer | null, Uint8Array | null, Uint8Array | null>
type Json<T> = ColumnType<T, string, string>
type MaybeJson<T> = ColumnType<T | null, string | null, string | null>

export type LeakTables = {
  leak_search: {
    id: string
    at: Date
    account: string
    reference: string
    sources: string[]
    state: 'running' | 'ended'
    ended_at: Date | null
    captures: number
    captures_hashed: number
    faces_described: ColumnType<number | null, number | null | undefined, number | null>
    index_root: Bytes
    self_test: MaybeJson<unknown>
    commitment_salt: Bytes
    log_index: number | null
    end_log_index: number | null
  }
  leak_file: {
    search: string
    number: number
    at: Date
    name: string
    sha256: MaybeBytes
    verdict: FindingVerdict
    level: FindingLevel | null
    capture: string | null
    crossing: string | null
    opening: string | null
    release: string | null
    party: string | null
    error_probability: number | null
    evidence: Json<unknown>
    log_index: number | null
  }
}
