import { Button, Select, Skeleton, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { watchMakers } from '@sallyport/core/watch-decisions'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import type { WatchEntry } from '../api/watch-types.ts'
import { countWords } from '../format/figures.ts'
import { LogIndex } from '../log/log-index.tsx'
import { bareQuery } from '../plate/match.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { OlderButton } from '../shell/older-button.tsx'
import { useHolds } from '../shell/session-context.ts'
import { ImportDialog } from './import-dialog.tsx'
import { MakeDialog } from './make-dialog.tsx'
import { MarkedPlate } from './plate-pair.tsx'
import { entriesQuery, limits } from './watch-queries.ts'
import { WithdrawDialog } from './withdraw-dialog.tsx'
import { acceptsWords, stateWords } from './words.ts'

type Asked =
  | { readonly kind: 'make' }
  | { readonly kind: 'import' }
  | { readonly kind: 'withdraw'; readonly entry: WatchEntry }

/** The list itself: found by plate and state, made, imported and withdrawn by supervisors. */
export function EntriesPanel(): ReactElement {
  const makes = useHolds(...watchMakers)
  const [state, setState] = useState('in_force')
  const [typed, setTyped] = useState('')
  const [plate] = useDebouncedValue(bareQuery(typed).slice(0, 12), limits.previewAfterMs)
  const [asked, setAsked] = useState<Asked | null>(null)
  const entries = useInfiniteQuery(entriesQuery({ state, plate }))
  const rows = entries.data?.pages.flatMap((page) => page.entries) ?? []
  const close = (): void => setAsked(null)
  return (
    <>
      <div className="sp-watch-bar">
        <TextInput
          label="Plate"
          placeholder="Any part"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Select
          label="State"
          data={[
            { value: 'in_force', label: 'In force' },
            { value: 'expired', label: 'Expired' },
            { value: 'withdrawn', label: 'Withdrawn' },
            { value: '', label: 'All' },
          ]}
          value={state}
          allowDeselect={false}
          onChange={(value) => setState(value ?? '')}
        />
        <p className="sp-quiet sp-watch-count">
          {countWords(entries.data?.pages[0]?.in_force ?? 0)} in force
        </p>
        {makes && (
          <div className="sp-watch-actions">
            <Button variant="default" onClick={() => setAsked({ kind: 'import' })}>
              Import CSV…
            </Button>
            <Button onClick={() => setAsked({ kind: 'make' })}>Look for a plate…</Button>
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
      {entries.isPending && <Skeleton height={240} aria-label="Reading the entries" />}
      {entries.data !== undefined && rows.length === 0 && (
        <div className="sp-empty sp-panel">
          <h2>No such entry</h2>
          <p>Entries name a plate, who looks for it, why, and until when.</p>
        </div>
      )}
      {rows.length > 0 && (
        <Entries
          rows={rows}
          onWithdraw={makes ? (entry) => setAsked({ kind: 'withdraw', entry }) : null}
        />
      )}
      <OlderButton list={entries} />
      {asked?.kind === 'make' && <MakeDialog onClose={close} />}
      {asked?.kind === 'import' && <ImportDialog onClose={close} />}
      {asked?.kind === 'withdraw' && (
        <WithdrawDialog
          path={`/v1/watch/entries/${encodeURIComponent(asked.entry.id)}/withdrawal`}
          name={asked.entry.plate}
          issuer={asked.entry.issuer}
          kept="The entry stays on record with your name."
          onClose={close}
        />
      )}
    </>
  )
}

function Entries(props: {
  readonly rows: readonly WatchEntry[]
  readonly onWithdraw: ((entry: WatchEntry) => void) | null
}): ReactElement {
  const { onWithdraw } = props
  return (
    <div className="sp-list sp-panel sp-watch-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Plate</th>
            <th scope="col">Reason</th>
            <th scope="col">Issuer</th>
            <th scope="col">Until</th>
            <th scope="col">Accepts</th>
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
              <td>
                <MarkedPlate text={entry.plate} positions={[]} />{' '}
                {entry.jurisdiction !== null && (
                  <span className="sp-jurisdiction">{entry.jurisdiction.toUpperCase()}</span>
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
              </td>
              <td data-name="Accepts">{acceptsWords(entry.accepts)}</td>
              <td data-name="Made">
                {entry.made.by.name}, <Instant at={entry.made.at} />
              </td>
              <td data-name="Log">
                <LogIndex index={entry.log_index} />
              </td>
              <td>
                {onWithdraw !== null && entry.state !== 'withdrawn' && (
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
