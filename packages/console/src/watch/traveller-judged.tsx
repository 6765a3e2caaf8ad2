import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { CheckIcon, CrossIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { OlderButton } from '../shell/older-button.tsx'
import { LaneName } from './lane-name.tsx'
import { judgedTravellerHitsQuery } from './traveller-queries.ts'

/** What people said of faces, newest first; nothing where nobody said anything yet. */
export function TravellerJudged(): ReactElement | null {
  const judged = useInfiniteQuery(judgedTravellerHitsQuery)
  if (judged.isError)
    return (
      <FailureNote
        doing="What was judged could not be read"
        error={judged.error}
        onRetry={() => void judged.refetch()}
      />
    )
  const hits = judged.data?.pages.flatMap((page) => page.hits) ?? []
  if (hits.length === 0) return null
  return (
    <section aria-label="Judged">
      <h2>Judged</h2>
      <div className="sp-list sp-panel sp-watch-table">
        <table>
          <thead>
            <tr>
              <th scope="col">Together</th>
              <th scope="col">Looked for</th>
              <th scope="col">Crossing</th>
              <th scope="col">Said by</th>
            </tr>
          </thead>
          <tbody>
            {hits.map((hit) => (
              <tr key={hit.id}>
                <td className="sp-watch-verdict" data-state={hit.state}>
                  {hit.state === 'confirmed' ? <CheckIcon /> : <CrossIcon />}
                  {hit.state === 'confirmed' ? 'The same person' : 'Somebody else'}
                </td>
                <td className="sp-watch-text">
                  {hit.entry.name ?? 'Name unknown'}, {hit.entry.reason}
                </td>
                <td>
                  <Link className="sp-link" href={`/crossings/${hit.crossing.id}`}>
                    <LaneName id={hit.crossing.lane} />, <Instant at={hit.crossing.captured_at} />
                  </Link>
                </td>
                <td className="sp-watch-text">
                  <ul className="sp-traveller-verdicts">
                    {hit.verdicts.map((one) => (
                      <li key={one.by.id}>
                        {one.by.name}: {one.verdict === 'confirmed' ? 'same' : 'somebody else'},{' '}
                        <Instant at={one.at} /> <LogIndex index={one.log_index} /> {one.note}
                      </li>
                    ))}
                  </ul>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <OlderButton list={judged} />
    </section>
  )
}
