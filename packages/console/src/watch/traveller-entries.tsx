import { Button } from '@mantine/core'
import { watchMakers } from '@sallyport/core/watch-decisions'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import type { Traveller } from '../api/traveller-types.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { OlderButton } from '../shell/older-button.tsx'
import { useHolds } from '../shell/session-context.ts'
import { SeekDialog } from './seek-dialog.tsx'
import { travellersQuery } from './traveller-queries.ts'
import { WithdrawDialog } from './withdraw-dialog.tsx'
import { stateWords } from './words.ts'

type Asked = { readonly kind: 'seek' } | { readonly kind: 'withdraw'; readonly entry: Traveller }

/** The list itself, made and withdrawn by supervisors. */
export function TravellerEntries(): ReactElement {
  const makes = useHolds(...watchMakers)
  const [asked, setAsked] = useState<Asked | null>(null)
  const entries = useInfiniteQuery(travellersQuery)
  const rows = entries.data?.pages.flatMap((page) => page.entries) ?? []
  const close = (): void => setAsked(null)
  return (
    <section aria-label="Who is looked for">
      <div className="sp-watch-bar">
        <h2>Who is looked for</h2>
        {makes && (
          <div className="sp-watch-actions">
            <Button onClick={() => setAsked({ kind: 'seek' })}>Look for a traveller…</Button>
          </div>
        )}
      </div>
      {entries.isError && (
        <FailureNote
          doing="The entries could not be read"
          error={entries.error}
          onRetry={() => void entries.refetch()}
        />
      )}
      {entries.data !== undefined && rows.length === 0 && (
        <p className="sp-quiet">Nobody is looked for, and nobody was.</p>
      )}
      {rows.length > 0 && (
        <Entries
          rows={rows}
          onWithdraw={makes ? (entry) => setAsked({ kind: 'withdraw', entry }) : null}
        />
      )}
      <OlderButton list={entries} />
      {asked?.kind === 'seek' && <SeekDialog onClose={close} />}
      {asked?.kind === 'withdraw' && (
        <WithdrawDialog
          path={`/v1/watch/travellers/${encodeURIComponent(asked.entry.id)}/withdrawal`}
          name={asked.entry.name ?? asked.entry.reason}
          issuer={asked.entry.issuer}
          kept="Its photograph and template are gone for good; the entry stays on record with your name."
          onClose={close}
        />
      )}
    </section>
  )
}

function Entries(props: {
  readonly rows: readonly Traveller[]
  readonly onWithdraw: ((entry: Traveller) => void) | null
}): ReactElement {
  const { onWithdraw } = props
  return (
    <div className="sp-list sp-panel sp-watch-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Reason</th>
            <th scope="col">Issuer</th>
            <th scope="col">Until</th>
            <th scope="col">Made</th>
            <th scope="col">Log</th>
            <th scope="col">
              <span className="sp-unseen">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {props.rows.map((entry) => (
            <tr key={entry.id} data-state={entry.state}>
              <td className="sp-watch-text">
                {entry.name ?? 'Not known'}
                {entry.document_number !== null && (
                  <span className="sp-mono"> {entry.document_number}</span>
                )}
              </td>
              <td className="sp-watch-text">
                {entry.reason}
                {entry.withdrawn !== null && (
                  <span className="sp-quiet">
                    {' '}
                    Withdrawn by {entry.withdrawn.by.name}: {entry.withdrawn.reason}
                  </span>
                )}
              </td>
              <td className="sp-watch-text">{entry.issuer}</td>
              <td data-name="Until">
                <Instant at={entry.expires_at} />
                {entry.state !== 'in_force' && (
                  <span className="sp-quiet"> {stateWords(entry.state)}</span>
                )}
                {entry.state === 'in_force' && !entry.searched && (
                  <span className="sp-traveller-idle"> Not searched: of another model</span>
                )}
              </td>
              <td data-name="Made">
                {entry.made.by.name}, <Instant at={entry.made.at} />
              </td>
              <td data-name="Log">
                <LogIndex index={entry.log_index} />
              </td>
              <td>
                {onWithdraw !== null && entry.state === 'in_force' && (
                  <Button size="compact-sm" variant="default" onClick={() => onWithdraw(entry)}>
                    Withdraw…
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
