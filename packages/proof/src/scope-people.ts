/** Rows that say which people of a scope are the same, as text that its document commits to (specs/scope.md). */

import { sha256 } from '@noble/hashes/sha2.js'

import { toHex, utf8 } from './bytes.ts'

/** A picture of a face, with the numbers of its groups and of the traveller; null where there is none. */
export type FaceLine = {
  readonly kind: 'face'
  readonly capture: string
  readonly same: number | null
  readonly maybe: number | null
  readonly person: number | null
}

/** A traveller whom people confirmed at a crossing. */
export type TravellerLine = {
  readonly kind: 'traveller'
  readonly crossing: string
  readonly person: number
}

export type PeopleLine = FaceLine | TravellerLine

/** One line for each row, in their order. */
export function peopleText(rows: readonly PeopleLine[]): string {
  const number = (value: number | null) => (value === null ? '-' : String(value))
  return rows
    .map((row) =>
      row.kind === 'face'
        ? `face ${row.capture} ${number(row.same)} ${number(row.maybe)} ${number(row.person)}\n`
        : `traveller ${row.crossing} ${row.person}\n`,
    )
    .join('')
}

/** What `peopleText` wrote; null for anything else. */
export function parsePeople(text: string): readonly PeopleLine[] | null {
  const rows: PeopleLine[] = []
  for (const line of text.split('\n').slice(0, -1)) {
    const [kind, of = '', ...numbers] = line.split(' ')
    const [first = null, second = null, third = null] = numbers.map((one) =>
      one === '-' ? null : Number(one),
    )
    if (kind === 'face') rows.push({ kind, capture: of, same: first, maybe: second, person: third })
    else if (kind === 'traveller' && first !== null)
      rows.push({ kind, crossing: of, person: first })
  }
  return peopleText(rows) === text ? rows : null
}

/** SHA-256, hex, of the text of these rows. */
export function peopleHash(text: string): string {
  return toHex(sha256(utf8(text)))
}

/** The rows as they are counted by. */
export function peopleOf(rows: readonly PeopleLine[]): {
  readonly faces: ReadonlyMap<string, FaceLine>
  readonly travellers: ReadonlyMap<string, readonly number[]>
} {
  const faces = new Map<string, FaceLine>()
  const travellers = new Map<string, readonly number[]>()
  for (const row of rows)
    if (row.kind === 'face') faces.set(row.capture, row)
    else travellers.set(row.crossing, [...(travellers.get(row.crossing) ?? []), row.person])
  return { faces, travellers }
}
