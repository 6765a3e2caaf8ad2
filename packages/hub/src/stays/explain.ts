/** Why a side of a stay is missing, as far as the records can tell, and what it may be. */

import { type Candidate, rankCandidates, type Sighting } from '@sallyport/core/stays/candidates'
import { nearIndex } from '@sallyport/core/stays/near'
import { decodeKey, subjectOf } from '@sallyport/core/stays/passage'
import type { Zone } from '@sallyport/core/stays/zone'
import type { Db } from '@sallyport/store/postgres/database'
import type { StayRow } from '@sallyport/store/stays/computed'
import { type PassageRow, passagesById } from '@sallyport/store/stays/passages'
import {
  countUnknown,
  firstPassageAt,
  staysNear,
  unknownNear,
} from '@sallyport/store/stays/queries'
import { countUnconfirmed } from '@sallyport/store/stays/travellers'

import { stayLimits } from './limits.ts'
import { passageView } from './views.ts'

type Found = Sighting & { readonly row: PassageRow; readonly stay: string | null }

/** What may be the other side of a passage: entries for an exit, exits for an entry. */
export async function candidatesFor(passage: PassageRow, db: Db, zone: Zone) {
  if (passage.text === null) return []
  const near = nearIndex(passage.text)
  const stays = await staysNear(db, near, stayLimits.comparedMax)
  const rows = await passagesById(
    db,
    stays.map(({ id }) => id),
  )
  const stayOf = new Map(stays.map((stay) => [stay.id, stay.id]))
  const unknown = await unknownNear(db, near, stayLimits.comparedMax)
  const sightings = [...rows, ...unknown].flatMap((row): Found[] =>
    row.text === null
      ? []
      : [{ ...sightingOf(row, row.text), row, stay: stayOf.get(row.id) ?? null }],
  )
  return rankCandidates(sightingOf(passage, passage.text), sightings)
    .slice(0, stayLimits.candidatesMax)
    .map((one: Candidate<Found>) => ({
      passage: passageView(one.sighting.row, zone),
      stay: one.sighting.stay,
      nearness: one.nearness,
    }))
}

function sightingOf(row: PassageRow, text: string): Sighting {
  const { id, direction, clock } = row
  return { id, direction, clock, at: row.at.getTime(), text }
}

const dayMs = 24 * 3_600_000

/**
 * What is known of a missing side: since when there are records at all, and how many passed the other
 * way in the time in question whom nobody could name: vehicles whose plate nobody read surely, or people
 * whose face was seen and whom nobody confirmed.
 */
export async function explanationOf({ key, stay }: StayRow, db: Db, now: Date) {
  if (stay.state !== 'entry_missing' && stay.state !== 'exit_missing' && stay.state !== 'open')
    return null
  const left = stay.state === 'entry_missing'
  const at = left ? stay.exit.at : stay.entry.at
  const until = stay.state === 'exit_missing' ? (stay.next?.at ?? at + dayMs) : now.getTime()
  const [from, to] = left
    ? [stay.before?.at ?? at - dayMs, at]
    : [at, Math.min(until, at + 31 * dayMs)]
  const direction = left ? ('in' as const) : ('out' as const)
  const decoded = decodeKey(key)
  const vehicle = decoded === null || subjectOf(decoded) === 'vehicle'
  const count = vehicle ? countUnknown : countUnconfirmed
  return {
    records_since: (await firstPassageAt(db))?.toISOString() ?? null,
    unknown: {
      direction,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      count: await count(db, direction, new Date(from), new Date(to)),
    },
  }
}
