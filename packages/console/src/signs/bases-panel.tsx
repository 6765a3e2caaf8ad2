import { Button, TextInput } from '@mantine/core'
import { basisKeepers } from '@sallyport/core/basis/basis'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { basesQuery, type FaceBasis, type FacesHere, signKeys } from './sign-types.ts'

const hereWords: Readonly<Record<FacesHere['why'], string>> = {
  border: 'Faces are compared here: the site is a border.',
  basis: 'Faces are compared here, on the ground in force below.',
  off_at_hub: 'Faces are off by the hub’s setting, whatever ground is recorded.',
  no_basis:
    'Faces are off: the site is no border, and no ground is in force. Two people record one.',
}

const states = {
  proposed: 'Waits for a second person',
  in_force: 'In force',
  ended: 'Ended',
} as const

/** On what ground faces are compared here: named by one person, agreed by another, ended by either. */
export function BasesPanel(): ReactElement | null {
  const bases = useQuery(basesQuery)
  const keeps = useHolds(...basisKeepers)
  if (bases.isError)
    return (
      <FailureNote
        doing="The grounds could not be read"
        error={bases.error}
        onRetry={() => void bases.refetch()}
      />
    )
  if (bases.data === undefined) return null
  return (
    <section className="sp-panel sp-section sp-bases sp-noprint" aria-label="Ground for faces">
      <h2>Ground for comparing faces</h2>
      <p>{hereWords[bases.data.faces.why]}</p>
      {bases.data.bases.map((basis) => (
        <Basis key={basis.id} basis={basis} keeps={keeps} />
      ))}
      {keeps && bases.data.site !== 'border' && <Propose />}
    </section>
  )
}

function Basis(props: { readonly basis: FaceBasis; readonly keeps: boolean }): ReactElement {
  const { basis } = props
  const { account } = useSession()
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const act = (what: 'agreement' | 'end'): void =>
    run(async () => {
      await request(`/v1/face-bases/${encodeURIComponent(basis.id)}/${what}`, { method: 'POST' })
      await client.invalidateQueries({ queryKey: signKeys.all })
    })
  const own = basis.proposed?.by.id === account.id
  return (
    <div className="sp-basis" data-state={basis.state}>
      <p>
        <strong>{basis.document}</strong> of {basis.dated}; {basis.responsible} answers for it.
      </p>
      <p className="sp-quiet">
        {states[basis.state]}.
        {[
          ['Named', basis.proposed] as const,
          ['Agreed', basis.agreed] as const,
          ['Ended', basis.ended] as const,
        ].map(([name, done]) =>
          done === null ? null : (
            <span key={name}>
              {' '}
              {name} by {done.by.name}, <Instant at={done.at} />, log{' '}
              <LogIndex index={done.log_index} />.
            </span>
          ),
        )}
      </p>
      {error !== null && <FailureNote doing="Not recorded" error={error} />}
      {props.keeps && basis.state !== 'ended' && (
        <div className="sp-basis-acts">
          {basis.state === 'proposed' && (
            <Button
              size="compact-sm"
              disabled={own}
              loading={busy}
              onClick={() => act('agreement')}
            >
              Agree as {account.name}
            </Button>
          )}
          {basis.state === 'proposed' && own && (
            <span className="sp-quiet">Another person has to agree.</span>
          )}
          <Button size="compact-sm" variant="default" loading={busy} onClick={() => act('end')}>
            End it
          </Button>
        </div>
      )}
    </div>
  )
}

function Propose(): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [document, setDocument] = useState('')
  const [responsible, setResponsible] = useState('')
  const [dated, setDated] = useState('')
  const ready = document.trim() !== '' && responsible.trim() !== '' && dated !== ''
  return (
    <form
      className="sp-basis-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready || busy) return
        run(async () => {
          await request('/v1/face-bases', {
            method: 'POST',
            body: { document: document.trim(), responsible: responsible.trim(), dated },
          })
          setDocument('')
          setResponsible('')
          setDated('')
          await client.invalidateQueries({ queryKey: signKeys.all })
        })
      }}
    >
      <TextInput
        label="Document that allows it"
        maxLength={200}
        value={document}
        onChange={(event) => setDocument(event.currentTarget.value)}
      />
      <TextInput
        label="Who answers for it"
        maxLength={120}
        value={responsible}
        onChange={(event) => setResponsible(event.currentTarget.value)}
      />
      <TextInput
        label="Dated"
        type="date"
        value={dated}
        onChange={(event) => setDated(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={!ready} loading={busy}>
        Name this ground
      </Button>
      {error !== null && <FailureNote doing="Not recorded" error={error} />}
    </form>
  )
}
