import { Button, Checkbox, Select, TextInput } from '@mantine/core'
import type { ScopeCounts } from '@sallyport/core/scope/counts'
import { grades } from '@sallyport/core/scope/question'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { between, keys, type Recounted, type Scope, scopesQuery } from './api.ts'

const gradeWords = {
  released_in_clear: 'Released in clear',
  handled_by_untrusted_device: 'Handled by an untrusted device',
  reachable_not_read: 'Reachable, not read',
  ciphertext_only: 'Ciphertext only',
} as const
const sideWords = {
  reached: 'reached',
  not_reached: 'not reached',
  undecided: 'undecided',
} as const
const kinds = [
  { value: 'window', label: 'Everything that anybody opened' },
  { value: 'party', label: 'A party' },
  { value: 'person', label: 'An account' },
  { value: 'grant', label: 'A grant' },
  { value: 'device', label: 'A device' },
  { value: 'lane', label: 'A lane’s disk or network' },
  { value: 'epoch', label: 'The key of a day' },
  { value: 'capture', label: 'A file, by its SHA-256' },
  { value: 'release', label: 'A release' },
] as const
const fieldOf: Readonly<Record<string, string>> = {
  party: 'party',
  person: 'account',
  grant: 'grant',
  device: 'device',
  lane: 'lane',
  epoch: 'day',
  capture: 'sha256',
  release: 'release',
}

/** How much it was: the newest version, and the question for the next. */
export function ScopePanel(props: { readonly incident: string }): ReactElement {
  const asks = useHolds('responder', 'privacy', 'auditor')
  const scopes = useQuery({ ...scopesQuery(props.incident), enabled: asks })
  const newest = scopes.data?.[0]
  return (
    <section className="sp-section sp-panel">
      <h2>How much</h2>
      {scopes.isError && (
        <FailureNote
          doing="The scopes could not be read"
          error={scopes.error}
          onRetry={() => void scopes.refetch()}
        />
      )}
      {newest === undefined ? (
        <p className="sp-quiet">Nobody has asked yet.</p>
      ) : (
        <>
          <ScopeTable scope={newest} />
          {asks && <Recount key={newest.scope} scope={newest.scope} />}
        </>
      )}
      {asks && <Ask incident={props.incident} newest={newest ?? null} />}
    </section>
  )
}

function ScopeTable(props: { readonly scope: Scope }): ReactElement {
  const { scope, version, at, why, result } = props.scope
  return (
    <>
      <p>
        Version {version}, <Instant at={at} />: {why}{' '}
        <a href={`/v1/scopes/${scope}/bundle`} download>
          Signed bundle
        </a>
      </p>
      <div className="sp-incident-scroll">
        <table className="sp-incident-table">
          <thead>
            <tr>
              <th scope="col">Grade</th>
              <th scope="col">Pictures</th>
              <th scope="col">People</th>
              <th scope="col">Plates</th>
              <th scope="col">Lanes</th>
              <th scope="col">Days</th>
            </tr>
          </thead>
          <tbody>
            {grades.map((grade) => {
              const counts = result.grades[grade]
              return (
                <tr key={grade} data-empty={counts.pictures === 0}>
                  <th scope="row">{gradeWords[grade]}</th>
                  <td>{counts.pictures.toLocaleString('en')}</td>
                  <td>{between(counts.people)}</td>
                  <td>{between(counts.plates)}</td>
                  <td>{counts.lanes.length}</td>
                  <td>{counts.days.count}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <People people={result.total.people} />
      <ul className="sp-incident-lines">
        {result.lines.map((line) => (
          <li key={line.line}>
            <strong>
              {line.people.toLocaleString('en')} {line.people === 1 ? 'person' : 'people'}:{' '}
              {sideWords[line.side]}
            </strong>
            {line.side_with_reachable !== line.side &&
              `, ${sideWords[line.side_with_reachable]} with what was reachable`}
            . {line.means} <span className="sp-quiet">{line.source}</span>
          </li>
        ))}
      </ul>
      {result.changes.length > 0 && (
        <p>
          Changed:{' '}
          {result.changes
            .map((one) => `${one.figure.replaceAll('_', ' ')} ${one.before} → ${one.after}`)
            .join('; ')}
        </p>
      )}
      {result.assumes.map((sentence) => (
        <p key={sentence} className="sp-quiet">
          {sentence}
        </p>
      ))}
    </>
  )
}

/** How the people of a scope are known. */
function People(props: { readonly people: ScopeCounts['people'] }): ReactElement | null {
  const { identified, by_face: faces, plate_only: plates } = props.people
  if (faces === undefined) return null
  return (
    <p>
      Of the people {identified.toLocaleString('en')} identified, {between(faces)} known by a face
      only, {between(plates)} by a plate only.
    </p>
  )
}

/** Whether a second engine comes to the same numbers. */
function Recount(props: { readonly scope: string }): ReactElement {
  const [done, setDone] = useState<Recounted | null>(null)
  const { busy, error, run } = useAction()
  const count = async (): Promise<void> =>
    setDone(
      await request<Recounted>(`/v1/scopes/${props.scope}/recount`, {
        method: 'POST',
        timeoutMs: 330_000,
      }),
    )
  return (
    <div className="sp-incident-recount" aria-live="polite">
      <Button variant="default" loading={busy} onClick={() => run(count)}>
        Count again by a second engine
      </Button>
      {done !== null && (
        <p>
          {done.difference === null
            ? 'Both engines agree. '
            : `The engines DIFFER: ${wordsOf(done.difference.figure)} is ${done.difference.first} by the database and ${done.difference.second} by the files. `}
          {done.moved !== null &&
            `Since it was stated ${wordsOf(done.moved.figure)} went from ${done.moved.first} to ${done.moved.second}: state the next version. `}
          Entry <LogIndex index={done.log_index} /> of the log.
        </p>
      )}
      {error !== null && <FailureNote doing="It was not counted again" error={error} />}
    </div>
  )
}

function wordsOf(figure: string): string {
  return figure.replaceAll('_', ' ').replaceAll('.', ', ')
}

/** Of a day with several keys one may be named behind it. */
function suspicionOf(kind: string, target: string): Readonly<Record<string, string>> {
  const field = fieldOf[kind]
  if (field === undefined) return { kind }
  const [day = '', recipient] = target.split(':')
  return kind === 'epoch' && recipient !== undefined
    ? { kind, day, recipient }
    : { kind, [field]: target }
}

function Ask(props: { readonly incident: string; readonly newest: Scope | null }): ReactElement {
  const client = useQueryClient()
  const [kind, setKind] = useState<string>('window')
  const [target, setTarget] = useState('')
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const [why, setWhy] = useState('')
  const [byFace, setByFace] = useState(false)
  const { busy, error, run } = useAction()
  const field = fieldOf[kind]
  const ask = async (): Promise<void> => {
    const { incident, newest } = props
    await request('/v1/scopes', {
      method: 'POST',
      timeoutMs: 330_000,
      body: {
        suspicions: [suspicionOf(kind, target.trim())],
        from: new Date(`${from}T00:00:00Z`).toISOString(),
        to: new Date(`${to}T00:00:00Z`).toISOString(),
        why,
        by_face: byFace,
        incident,
        ...(newest === null ? {} : { revises: newest.scope }),
      },
    })
    setWhy('')
    // Notices follow the newest scope.
    await client.invalidateQueries({ queryKey: keys.room(incident) })
  }
  return (
    <form
      className="sp-incident-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(ask)
      }}
    >
      <Select
        label="What is suspected"
        data={[...kinds]}
        value={kind}
        allowDeselect={false}
        onChange={(value) => setKind(value ?? 'window')}
      />
      {field !== undefined && (
        <TextInput
          label={kind === 'epoch' ? 'Day, as 2026-05-01' : 'Its id'}
          inputWrapperOrder={['label', 'input', 'description']}
          description={
            kind === 'epoch' ? 'Where its keys were replaced, one of them: 2026-05-01:age1…' : null
          }
          value={target}
          onChange={(event) => setTarget(event.currentTarget.value)}
        />
      )}
      <TextInput
        type="date"
        label="From"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="date"
        label="Up to, not included"
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <TextInput
        label={props.newest === null ? 'Why' : 'Why again: what is new'}
        maxLength={1000}
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <Checkbox
        label="Tell people apart by their faces"
        description="Opens their templates in the hub’s memory; the log says so."
        checked={byFace}
        onChange={(event) => setByFace(event.currentTarget.checked)}
      />
      <Button
        type="submit"
        loading={busy}
        disabled={
          from === '' ||
          to === '' ||
          why.trim() === '' ||
          (field !== undefined && target.trim() === '')
        }
      >
        {props.newest === null ? 'Count it' : 'State the next version'}
      </Button>
      {error !== null && <FailureNote doing="It was not counted" error={error} />}
    </form>
  )
}
