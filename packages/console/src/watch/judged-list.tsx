import { Skeleton } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { lanesQuery } from '../api/queries.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { CheckIcon, CrossIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { OlderButton } from '../shell/older-button.tsx'
import { MarkedPlate } from './plate-pair.tsx'
import { judgedHitsQuery } from './watch-queries.ts'

/** What people said of possible matches, newest first. */
export function JudgedList(): ReactElement {
  const judged = useInfiniteQuery(judgedHitsQuery)
  const lanes = useQuery(lanesQuery)
  if (judged.isError)
    return (
      <FailureNote
        doing="The judged matches could not be read"
        error={judged.error}
        onRetry={() => void judged.refetch()}
      />
    )
  if (judged.data === undefined) return <Skeleton height={240} aria-label="Reading" />
  const hits = judged.data.pages.flatMap((page) => page.hits)
  if (hits.length === 0)
    return (
      <div className="sp-empty sp-panel">
        <h2>Nobody has judged a match yet</h2>
        <p>Verdicts stay here with their names and notes.</p>
      </div>
    )
  return (
    <div className="sp-list sp-panel sp-watch-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">Looked for</th>
            <th scope="col">Read</th>
            <th scope="col">Crossing</th>
            <th scope="col">By</th>
            <th scope="col">Note</th>
            <th scope="col">Log</th>
          </tr>
        </thead>
        <tbody>
          {hits.map((hit) => (
            <tr key={hit.id}>
              <td className="sp-watch-verdict" data-state={hit.state}>
                {hit.state === 'confirmed' ? <CheckIcon /> : <CrossIcon />}
                {hit.state === 'confirmed' ? 'Confirmed' : 'Rejected'}
              </td>
              <td data-name="Looked for">
                <MarkedPlate text={hit.entry.plate} positions={[]} />
              </td>
              <td data-name="Read">
                <MarkedPlate text={hit.text} positions={hit.positions} />
              </td>
              <td>
                <Link className="sp-link" href={`/crossings/${hit.crossing.id}`}>
                  {lanes.data?.find(({ id }) => id === hit.crossing.lane)?.name ??
                    hit.crossing.lane}
                  , <Instant at={hit.crossing.captured_at} />
                </Link>
              </td>
              <td>
                {hit.judged?.by.name} {hit.judged !== null && <Instant at={hit.judged.at} />}
              </td>
              <td className="sp-watch-text">{hit.judged?.note}</td>
              <td data-name="Log">
                <LogIndex index={hit.judged?.log_index ?? null} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <OlderButton list={judged} />
    </div>
  )
}
