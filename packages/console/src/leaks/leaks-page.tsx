import { Button, Skeleton, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'
import { Link, useLocation } from 'wouter'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { useAction } from '../shell/use-action.ts'
import { leakKeys, type LeakSearch, leakSearchesQuery, limits } from './api.ts'

import './leaks.css'

/** Searches for copies outside, and the door to a new one. */
export function LeaksPage(): ReactElement {
  useTitle('Copies found outside')
  const searches = useQuery(leakSearchesQuery)
  const mayIt = useHolds('responder')
  return (
    <>
      <div className="sp-page-head">
        <h1>Copies found outside</h1>
        <p>
          Are these pictures ours, which ones, and whose copy is it? Files are looked at in the
          hub’s memory and forgotten; what was found out of them stays, and the log has it.
        </p>
      </div>
      <div className="sp-leaks">
        {mayIt ? (
          <NewSearch />
        ) : (
          <p className="sp-quiet">Responders search; you see what they found.</p>
        )}
        <section className="sp-section sp-panel">
          <h2>Searches</h2>
          {searches.isError && (
            <FailureNote
              doing="The searches could not be read"
              error={searches.error}
              onRetry={() => void searches.refetch()}
            />
          )}
          {searches.isPending && <Skeleton height={80} aria-label="Reading the searches" />}
          {searches.data?.length === 0 && <p className="sp-quiet">Nothing was searched yet.</p>}
          <ul className="sp-leak-list">
            {searches.data?.map((one) => (
              <li key={one.id}>
                <div>
                  <Link className="sp-link" href={`/leaks/${one.id}`}>
                    {one.reference}
                  </Link>
                  <p className="sp-quiet">
                    {one.by.name} · <Instant at={one.at} /> · {one.sources.join(', ')}
                  </p>
                </div>
                <Counts search={one} />
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  )
}

function Counts({ search }: { readonly search: LeakSearch }): ReactElement {
  const { state, files, ours, unsure, attributed } = search
  return (
    <span className="sp-leak-counts">
      {state === 'running' && <span className="sp-quiet">not ended · </span>}
      {files} files, <strong>{ours} ours</strong>
      {attributed > 0 && ` (${attributed} with whose copy)`}, {unsure} unsure
    </span>
  )
}

function NewSearch(): ReactElement {
  const client = useQueryClient()
  const [, navigate] = useLocation()
  const [reference, setReference] = useState('')
  const [source, setSource] = useState('')
  const { busy, error, run } = useAction()
  const begin = async (): Promise<void> => {
    const { id } = await request<LeakSearch>('/v1/leak-searches', {
      method: 'POST',
      body: { reference, sources: [source.trim() === '' ? 'files given in the console' : source] },
      timeoutMs: limits.beginMs,
    })
    await client.invalidateQueries({ queryKey: leakKeys.list })
    navigate(`/leaks/${id}`)
  }
  return (
    <form
      className="sp-section sp-panel sp-leak-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(begin)
      }}
    >
      <h2>Search files from outside</h2>
      <TextInput
        label="Case"
        description="It stands in the record."
        maxLength={200}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
      <TextInput
        label="Where the files are from"
        description="It stands in what may be said in public."
        maxLength={200}
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy} disabled={reference.trim() === ''}>
        Begin a search
      </Button>
      {error !== null && <FailureNote doing="It was not begun" error={error} />}
    </form>
  )
}
