import { Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { bytesWords, countWords } from '../format/figures.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { OlderButton } from '../shell/older-button.tsx'
import { shreddingsQuery } from './queries.ts'
import type { Shredding } from './types.ts'
import { className } from './words.ts'

/** What was shredded: two times, asked for and effective. */
export function ShreddingsList(): ReactElement {
  const list = useInfiniteQuery(shreddingsQuery)
  const rows = list.data?.pages.flatMap((page) => page.shreddings) ?? []
  if (list.isPending) return <Skeleton height={240} aria-label="Reading what was shredded" />
  if (list.isError)
    return <FailureNote doing="What was shredded could not be read" error={list.error} />
  if (rows.length === 0)
    return (
      <div className="sp-empty sp-panel">
        <h2>Nothing was shredded yet</h2>
        <p>Each shredding will stand here with the time it was asked for and became effective.</p>
      </div>
    )
  return (
    <>
      <div className="sp-list sp-panel sp-retention-table">
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Sealed on (UTC)</th>
              <th scope="col">Bodies</th>
              <th scope="col">Size</th>
              <th scope="col">Requested</th>
              <th scope="col">Effective</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id} data-state={row.state}>
                <td>
                  <strong>{className[row.class]}</strong>
                </td>
                <td data-name="Sealed on">{row.day}</td>
                <td data-name="Bodies" className="sp-figure">
                  {countWords(row.bodies)}
                </td>
                <td data-name="Size">{bytesWords(row.bytes)}</td>
                <td data-name="Requested">
                  <Instant at={row.requested_at} /> <LogIndex index={row.log_index} />
                </td>
                <td data-name="Effective" className="sp-retention-text">
                  <Effect row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <OlderButton list={list} />
    </>
  )
}

function Effect(props: { readonly row: Shredding }): ReactElement {
  const { row } = props
  if (row.effective_at !== null)
    return (
      <>
        <Instant at={row.effective_at} /> <LogIndex index={row.effective_log_index} />
      </>
    )
  if (row.stopped_at !== null)
    return (
      <>
        Stopped by a hold, <Instant at={row.stopped_at} />
      </>
    )
  const holders = row.outstanding.map(({ holder, until }) =>
    until === null ? holder : `${holder} by ${until.slice(0, 10)}`,
  )
  return (
    <span className="sp-retention-waits">
      Not yet{holders.length > 0 && `: waits for ${holders.join(', ')}`}
    </span>
  )
}
