/** Travellers who are looked for, and possible matches, as the API gives them. */

import { outcomeWithheld, windowState } from '@sallyport/core/window/window'
import { crossingsById } from '@sallyport/store/crossings'
import type { Db } from '@sallyport/store/postgres/database'
import {
  type TravellerHitRow,
  travellerVerdicts,
  type TravellerVerdictRow,
} from '@sallyport/store/travellers/hits'
import { type ListedSought, soughtById } from '@sallyport/store/travellers/sought'
import { asStep, windowSteps } from '@sallyport/store/window/steps'

import { crossingView } from '../views.ts'
import type { Travellers } from './travellers.ts'

/** An entry as it stands at `now`. */
export function soughtView(
  row: ListedSought,
  now: Date,
  { isSearched }: Pick<Travellers, 'isSearched'>,
) {
  const withdrawn = row.end_log_index !== null && row.ended_by !== null
  return {
    id: row.id,
    issuer: row.issuer,
    reason: row.reason,
    expires_at: row.expires_at.toISOString(),
    name: row.name,
    born: row.born,
    document_issuer: row.document_issuer,
    document_number: row.document_number,
    state: withdrawn
      ? ('withdrawn' as const)
      : row.end_log_index !== null || row.expires_at <= now
        ? ('expired' as const)
        : ('in_force' as const),
    searched: isSearched(row.id),
    quality: row.quality,
    made: { at: row.made_at.toISOString(), by: { id: row.made_by, name: row.made_by_name } },
    withdrawn: withdrawn
      ? {
          at: (row.ended_at ?? row.expires_at).toISOString(),
          by: { id: row.ended_by ?? '', name: row.ended_by_name ?? 'unknown' },
          reason: row.ended_reason ?? '',
          log_index: row.end_log_index,
        }
      : null,
    log_index: row.log_index,
  }
}

/**
 * Those of these hits that this person may not see yet: in secondary nobody is told whom a search found
 * before they have said what they see themselves.
 */
export async function withheldFrom(
  db: Db,
  account: string,
  hits: readonly TravellerHitRow[],
): Promise<ReadonlySet<string>> {
  const crossings = [...new Set(hits.map(({ crossing }) => crossing))]
  const steps = await windowSteps(db, crossings)
  const withheld = new Set(
    crossings.filter((crossing) => {
      const own = steps.filter((step) => step.crossing === crossing)
      return outcomeWithheld(windowState(own.map(asStep)), account)
    }),
  )
  return new Set(hits.filter(({ crossing }) => withheld.has(crossing)).map(({ id }) => id))
}

/** Hits as one person sees them, in the order given; what is withheld from them is left out. */
export async function travellerHitViews(
  rows: readonly TravellerHitRow[],
  viewer: string,
  context: {
    readonly db: Db
    readonly now: () => Date
    readonly travellers: Pick<Travellers, 'isSearched'>
  },
) {
  const { db } = context
  const now = context.now()
  const [entries, crossings, verdicts, withheld] = await Promise.all([
    soughtById(db, [...new Set(rows.map(({ entry }) => entry))]),
    crossingsById(db, [...new Set(rows.map(({ crossing }) => crossing))]),
    travellerVerdicts(
      db,
      rows.map(({ id }) => id),
    ),
    withheldFrom(db, viewer, rows),
  ])
  return rows.flatMap((row) => {
    const entry = entries.find(({ id }) => id === row.entry)
    const found = crossings.find(({ crossing }) => crossing.id === row.crossing)
    if (entry === undefined || found === undefined || withheld.has(row.id)) return []
    const given = verdicts.filter(({ hit }) => hit === row.id)
    const own = given.find(({ account }) => account === viewer)
    return [
      {
        id: row.id,
        at: row.at.toISOString(),
        state: row.state,
        capture_id: row.capture,
        has_photo: entry.end_log_index === null,
        entry: soughtView(entry, now, context.travellers),
        crossing: crossingView(found),
        own_verdict: own === undefined ? null : verdictView(own),
        // Who looks second must not know what the first saw, nor that there was a first.
        verdicts: row.state === 'unconfirmed' ? [] : given.map(verdictView),
        log_index: row.log_index,
      },
    ]
  })
}

function verdictView({
  verdict,
  at,
  account,
  account_name: name,
  note,
  log_index,
}: TravellerVerdictRow) {
  return { verdict, at: at.toISOString(), by: { id: account, name }, note, log_index }
}
