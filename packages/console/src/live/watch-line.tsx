import { hitReaders } from '@sallyport/core/watch-decisions'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { WarnIcon } from '../shell/icons.tsx'
import { useHolds } from '../shell/session-context.ts'
import { openHitsQuery } from '../watch/watch-queries.ts'

/** Why the crossing at the window may be one that is looked for, and who says so. */
export function WatchLine(props: { readonly crossing: string }): ReactElement | null {
  const reads = useHolds(...hitReaders)
  const hits = useQuery({ ...openHitsQuery, enabled: reads })
  const here = hits.data?.hits.filter(({ crossing }) => crossing.id === props.crossing) ?? []
  if (here.length === 0) return null
  return (
    <ul className="sp-watch-line">
      {here.map((hit) => (
        <li key={hit.id}>
          <WarnIcon size={16} /> Possible match, not confirmed: {hit.entry.reason} (
          {hit.entry.issuer}).{' '}
          <Link className="sp-link" href="/watch">
            Compare
          </Link>
        </li>
      ))}
    </ul>
  )
}
