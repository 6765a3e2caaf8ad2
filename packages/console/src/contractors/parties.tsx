import { Button, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { keys, partiesQuery, type Party } from './api.ts'

/** Who works for whom, and whom the agency calls. */
export function Parties(): ReactElement {
  const parties = useQuery(partiesQuery)
  const keeps = useHolds('supervisor', 'privacy')
  return (
    <section className="sp-section sp-panel">
      <h2>Parties</h2>
      {parties.isError && (
        <FailureNote
          doing="The parties could not be read"
          error={parties.error}
          onRetry={() => void parties.refetch()}
        />
      )}
      <Chain parties={parties.data ?? []} parent={null} />
      {keeps && parties.data !== undefined && <NewParty parties={parties.data} />}
    </section>
  )
}

/** The chain of contracts as a tree: subcontractors under their primes. */
function Chain(props: {
  readonly parties: readonly Party[]
  readonly parent: string | null
}): ReactElement | null {
  const { parties, parent } = props
  const here = parties.filter((party) => party.parent === parent)
  if (here.length === 0) return null
  return (
    <ul className="sp-parties">
      {here.map((party) => (
        <li key={party.id}>
          <strong>{party.name}</strong>{' '}
          <span className="sp-quiet">
            {party.id} · {party.people} {party.people === 1 ? 'person' : 'people'}
            {party.contact !== '' && ` · ${party.contact}`}
          </span>
          <Chain parties={parties} parent={party.id} />
        </li>
      ))}
    </ul>
  )
}

function NewParty(props: { readonly parties: readonly Party[] }): ReactElement {
  const client = useQueryClient()
  const [id, setId] = useState('')
  const [name, setName] = useState('')
  const [contact, setContact] = useState('')
  const [parent, setParent] = useState('agency')
  const { busy, error, run } = useAction()
  const add = async (): Promise<void> => {
    const kind = parent === 'agency' ? 'prime' : 'subcontractor'
    await request('/v1/parties', { method: 'POST', body: { id, name, contact, parent, kind } })
    setId('')
    setName('')
    setContact('')
    await client.invalidateQueries({ queryKey: keys.parties })
  }
  return (
    <form
      className="sp-contractors-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(add)
      }}
    >
      <h3>A new contractor</h3>
      <TextInput
        label="Name"
        maxLength={120}
        value={name}
        onChange={(event) => {
          const value = event.currentTarget.value
          setName(value)
          setId(slugOf(value))
        }}
      />
      <TextInput
        label="Short name"
        description="In grants and on the command line"
        maxLength={40}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
      />
      <Select
        label="Works for"
        data={props.parties.map((party) => ({ value: party.id, label: party.name }))}
        value={parent}
        allowDeselect={false}
        onChange={(value) => setParent(value ?? 'agency')}
      />
      <TextInput
        label="Contact"
        description="Whom the agency calls about an incident, directly"
        maxLength={200}
        value={contact}
        onChange={(event) => setContact(event.currentTarget.value)}
      />
      <Button
        type="submit"
        loading={busy}
        disabled={name.trim() === '' || contact.trim() === '' || !/^[a-z0-9][a-z0-9-]*$/.test(id)}
      >
        Add it
      </Button>
      {error !== null && <FailureNote doing="It was not added" error={error} />}
    </form>
  )
}

function slugOf(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFKD')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 40)
}
