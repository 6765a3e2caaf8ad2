/** How the crossings of a month were: counts by jurisdiction, hour and width of the plate. */

import type { Counted } from '@sallyport/core/cohort-shape'
import { sql } from 'kysely'

import type { Db } from './postgres/database.ts'

export type TrafficCounts = {
  readonly jurisdictions: readonly Counted[]
  /** Hour of the day at the port, 0 to 23. */
  readonly hours: readonly Counted[]
  readonly widths: readonly Counted[]
}

/** Of at most `limit` crossings with a sure plate, the newest of the span. */
export async function trafficCounts(
  db: Db,
  span: { readonly from: Date; readonly to: Date; readonly zone: string },
  limit: number,
): Promise<TrafficCounts> {
  const { rows } = await sql<Counted & { what: string }>`
    with seen as (
      select
        coalesce(reads -> 'plate' -> 'jurisdiction' ->> 'code', 'unknown') as jurisdiction,
        extract(hour from captured_at at time zone ${span.zone})::int::text as hour,
        (20 * floor((
          select max((look ->> 'plateWidthPx')::float8)
          from jsonb_array_elements(reads -> 'looks') as look
        ) * 1280 / nullif((reads -> 'picture' ->> 'width')::float8, 0) / 20))::int::text as width
      from crossing
      where received_at >= ${span.from} and received_at < ${span.to}
        and plate_kind = 'read' and reads is not null
      order by received_at desc
      limit ${limit}
    )
    select 'jurisdictions' as what, jurisdiction as value, count(*)::int as count from seen group by 2
    union all
    select 'hours', hour, count(*)::int from seen group by 2
    union all
    select 'widths', width, count(*)::int from seen where width is not null group by 2`.execute(db)
  const of = (name: string): readonly Counted[] =>
    rows.filter(({ what }) => what === name).map(({ value, count }) => ({ value, count }))
  return { jurisdictions: of('jurisdictions'), hours: of('hours'), widths: of('widths') }
}
