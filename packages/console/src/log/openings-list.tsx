import { Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useRef, type ReactElement } from 'react'
import { Link } from 'wouter'

import { openingsQuery } from '../api/queries.ts'
import type { Opening } from '../api/types.ts'
import { captureName, codeWords, purposeWords } from '../format/words.ts'
import { moveFocus } from '../keys/move-focus.ts'
import { useShortcuts } from '../keys/shortcuts.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { CrossIcon, EyeIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { OlderButton } from '../shell/older-button.tsx'
import { LogIndex } from './log-index.tsx'

/** Who looked at what and why, newest first: every opening, and every request that was refused. */
export function OpeningsList(): ReactElement {
  const openings = useInfiniteQuery(openingsQuery)
  const rows = openings.data?.pages.flatMap((page) => page.openings) ?? []
  const body = useRef<HTMLTableSectionElement>(null)
  useShortcuts({
    next: () => moveFocus(body.current, 1),
    previous: () => moveFocus(body.current, -1),
  })
  return (
    <section className="sp-log-openings">
      <h2 className="sp-section-title">Openings and refusals</h2>
      {openings.isError && (
        <FailureNote
          doing="The openings could not be read"
          error={openings.error}
          onRetry={() => void openings.refetch()}
        />
      )}
      {openings.isPending && <Skeleton height={240} aria-label="Reading the openings" />}
      {openings.isSuccess && rows.length === 0 && (
        <div className="sp-empty sp-panel">
          <h2>Nobody has opened a picture</h2>
          <p>Every opening appears here as it happens, and every request that was refused.</p>
        </div>
      )}
      {rows.length > 0 && (
        <div className="sp-list sp-panel">
          <table>
            <Head />
            <tbody ref={body}>
              {rows.map((opening) => (
                <Row key={opening.id} opening={opening} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <OlderButton list={openings} label="Older openings" />
    </section>
  )
}

function Head(): ReactElement {
  return (
    <thead>
      <tr>
        {['Time', 'Who', 'Outcome', 'Purpose', 'Picture', 'Note', 'Log entry'].map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  )
}

function Row(props: { readonly opening: Opening }): ReactElement {
  const { opening } = props
  return (
    <tr data-outcome={opening.outcome}>
      <td className="sp-list-time">
        <Instant at={opening.at} />
      </td>
      <td>{opening.account.name}</td>
      <td>
        <span className="sp-outcome">
          {opening.outcome === 'opened' && <EyeIcon size={16} />}
          {opening.outcome === 'refused' && <CrossIcon size={16} />}
          {opening.outcome === 'failed' && <WarnIcon size={16} />}
          {codeWords(opening.outcome)}
          {opening.code !== null && (
            <span className="sp-quiet">{codeWords(opening.code).toLowerCase()}</span>
          )}
        </span>
      </td>
      <td>{purposeWords[opening.purpose]?.name ?? opening.purpose}</td>
      <td>
        <Link data-row className="sp-link" href={`/crossings/${opening.crossing}`}>
          {captureName(opening.capture_class)}
        </Link>
      </td>
      <td className="sp-log-note">{opening.note}</td>
      <td data-name="Log entry">
        <LogIndex index={opening.log_index} />
      </td>
    </tr>
  )
}
