import { Button, SegmentedControl, Skeleton } from '@mantine/core'
import type { FindingVerdict } from '@sallyport/core/leaks/finding'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { useAction } from '../shell/use-action.ts'
import {
  allFiles,
  leakFilesQuery,
  leakKeys,
  type LeakFile,
  type LeakSearch,
  leakSearchQuery,
  limits,
} from './api.ts'
import { DropFiles } from './drop-files.tsx'
import { FindingItem } from './finding-item.tsx'
import { csvOf } from './words.ts'

import './leaks.css'

/** One search: what may be said of it, and every finding with its evidence. */
export function SearchPage({ id }: { readonly id: string }): ReactElement {
  const search = useQuery(leakSearchQuery(id))
  useTitle(search.data?.reference ?? 'Search')
  const mayIt = useHolds('responder')
  if (search.data === undefined)
    return search.isError ? (
      <FailureNote
        doing="The search could not be read"
        error={search.error}
        onRetry={() => void search.refetch()}
      />
    ) : (
      <Skeleton height={120} aria-label="Reading the search" />
    )
  const { reference, by, at, state, ended_at: endedAt, sources } = search.data
  return (
    <>
      <div className="sp-page-head">
        <h1>{reference}</h1>
        <p>
          {sources.join(', ')} · searched by {by.name}, <Instant at={at} />
          {endedAt !== null && (
            <>
              {' '}
              to <Instant at={endedAt} />
            </>
          )}
        </p>
      </div>
      <div className="sp-leaks">
        <Statement search={search.data} />
        {state === 'running' && mayIt && <Running search={search.data} />}
        <Findings search={search.data} />
      </div>
    </>
  )
}

/** The sentences that may be said in public. None says that nothing is outside. */
function Statement({ search }: { readonly search: LeakSearch }): ReactElement {
  const { statement, state, log_index: begun, end_log_index: ended } = search
  return (
    <section className="sp-section sp-panel">
      <h2>What may be said</h2>
      {statement.map((sentence) => (
        <p key={sentence} className="sp-leak-sentence">
          {sentence}
        </p>
      ))}
      <p className="sp-quiet">
        {ended === null
          ? `Log entry ${begun}.`
          : `Log entries ${begun} and ${ended}, which holds the hash of the findings.`}
        {state === 'running' && ' It changes until the search is ended.'}
      </p>
    </section>
  )
}

function Running({ search }: { readonly search: LeakSearch }): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [doing, setDoing] = useState<'test' | 'end' | null>(null)
  const act = (what: 'test' | 'end') =>
    run(async () => {
      setDoing(what)
      await request(`/v1/leak-searches/${search.id}/${what === 'test' ? 'self-test' : 'end'}`, {
        method: 'POST',
        body: what === 'test' ? { pictures: 3 } : {},
        timeoutMs: limits.selfTestMs,
      })
      await client.invalidateQueries({ queryKey: leakKeys.all })
    })
  return (
    <section className="sp-section sp-panel">
      <h2>Files</h2>
      <DropFiles search={search.id} />
      <div className="sp-leak-actions">
        <Button variant="default" loading={busy && doing === 'test'} onClick={() => act('test')}>
          Measure what it misses
        </Button>
        <Button
          variant="default"
          loading={busy && doing === 'end'}
          disabled={busy}
          onClick={() => act('end')}
        >
          End the search
        </Button>
        <span className="sp-quiet">
          Copies of three stored pictures are planted in memory; the share that is found stands in
          the statement. Once ended, the search takes no more files.
        </span>
      </div>
      {error !== null && <FailureNote doing="It was not done" error={error} />}
    </section>
  )
}

const shown = ['all', 'ours', 'unsure', 'not_ours'] as const
const shownWords = { all: 'All', ours: 'Ours', unsure: 'Unsure', not_ours: 'Not ours' } as const

function Findings({ search }: { readonly search: LeakSearch }): ReactElement {
  const [verdict, setVerdict] = useState<FindingVerdict | null>(null)
  const running = search.state === 'running'
  const files = useInfiniteQuery(leakFilesQuery(search.id, verdict, running))
  const found = files.data?.pages.flatMap((page) => page.files) ?? []
  return (
    <section className="sp-section sp-panel" aria-labelledby="findings">
      <h2 id="findings">Findings</h2>
      <div className="sp-leak-actions">
        <SegmentedControl
          aria-label="Which findings"
          data={shown.map((one) => ({ value: one, label: shownWords[one] }))}
          value={verdict ?? 'all'}
          onChange={(one) => setVerdict(one === 'all' ? null : one)}
        />
        <Export search={search} />
      </div>
      {files.isError && (
        <FailureNote
          doing="The findings could not be read"
          error={files.error}
          onRetry={() => void files.refetch()}
        />
      )}
      {files.isPending && <Skeleton height={80} aria-label="Reading the findings" />}
      {files.isSuccess && found.length === 0 && <p className="sp-quiet">None.</p>}
      <ol className="sp-leak-list" aria-live="polite">
        {found.map((file) => (
          <FindingItem key={file.number} file={file} />
        ))}
      </ol>
      {files.hasNextPage && (
        <Button
          variant="default"
          loading={files.isFetchingNextPage}
          onClick={() => void files.fetchNextPage()}
        >
          More
        </Button>
      )}
    </section>
  )
}

/** Every finding, as lines of JSON or for a spreadsheet. */
function Export({ search }: { readonly search: LeakSearch }): ReactElement {
  const { busy, error, run } = useAction()
  const save = (ending: 'jsonl' | 'csv', text: (files: readonly LeakFile[]) => string) =>
    run(async () => {
      const blob = new Blob([text(await allFiles(search.id))], { type: 'text/plain' })
      const link = document.createElement('a')
      link.href = URL.createObjectURL(blob)
      link.download = `search-${search.id.slice(0, 8)}.${ending}`
      link.click()
      URL.revokeObjectURL(link.href)
    })
  const lines = (files: readonly LeakFile[]) =>
    files.map((file) => `${JSON.stringify(file)}\n`).join('')
  return (
    <>
      <Button variant="subtle" loading={busy} onClick={() => save('csv', csvOf)}>
        Export as CSV
      </Button>
      <Button variant="subtle" loading={busy} onClick={() => save('jsonl', lines)}>
        Export as JSON lines
      </Button>
      {error !== null && <FailureNote doing="It was not exported" error={error} />}
    </>
  )
}
