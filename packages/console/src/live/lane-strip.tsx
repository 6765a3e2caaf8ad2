import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { recentQuery } from '../api/queries.ts'
import { PlateKindLabel, PlateText } from '../plate/plate-text.tsx'
import { VerdictText } from '../plate/verdict-text.tsx'
import { jurisdictionWords } from '../plate/words.ts'
import { Instant } from '../shell/instant.tsx'

/** The crossings before the newest, one line each. */
export function LaneStrip(props: {
  readonly lane: string
  readonly newest: string | null
}): ReactElement {
  const recent = useQuery(recentQuery(props.lane))
  const before = (recent.data ?? []).filter((one) => one.id !== props.newest)
  return (
    <ol className="sp-strip" aria-label="Crossings before">
      {before.map((crossing) => (
        <li key={crossing.id}>
          <Link href={`/crossings/${crossing.id}`}>
            <Instant at={crossing.captured_at} clock />
            <span>
              <PlateText plate={crossing.plate} />
              <VerdictText plate={crossing.plate} verdict={crossing.verdict} />
            </span>
            <span className="sp-strip-jurisdiction">{jurisdictionWords(crossing.plate)}</span>
            <PlateKindLabel plate={crossing.plate} />
          </Link>
        </li>
      ))}
      {recent.isError && <li className="sp-strip-none">Earlier crossings could not be read.</li>}
      {recent.isSuccess && before.length === 0 && (
        <li className="sp-strip-none">No earlier crossings.</li>
      )}
    </ol>
  )
}
