import { Badge, Button, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { type Equipment, equipmentQuery, keys, partiesQuery } from './api.ts'

const assessmentDays = 90

/** What contractors have standing at lanes; what is overdue suspends their grants. */
export function EquipmentRegister(): ReactElement {
  const equipment = useQuery(equipmentQuery)
  const keeps = useHolds('supervisor', 'privacy')
  return (
    <section className="sp-section sp-panel">
      <h2>Equipment at lanes</h2>
      <p className="sp-quiet">
        Somebody of the agency looks at each by its date. From then on the grants of its party are
        suspended.
      </p>
      {equipment.isError && (
        <FailureNote
          doing="The register could not be read"
          error={equipment.error}
          onRetry={() => void equipment.refetch()}
        />
      )}
      {equipment.data?.length === 0 && <p>Nothing is registered.</p>}
      {equipment.data?.map((one) => (
        <Row key={one.id} one={one} keeps={keeps} />
      ))}
      {keeps && <NewEquipment />}
    </section>
  )
}

function Row(props: { readonly one: Equipment; readonly keeps: boolean }): ReactElement {
  const { one, keeps } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const assess = async (): Promise<void> => {
    const body = { due_at: inDays(assessmentDays) }
    await request(`/v1/equipment/${one.id}/assessments`, { method: 'POST', body })
    await client.invalidateQueries({ queryKey: keys.equipment })
    await client.invalidateQueries({ queryKey: keys.grants })
  }
  return (
    <article className="sp-seconding" aria-label={one.name}>
      <div>
        <p>
          <strong>{one.name}</strong> at {one.place}, of {one.party}{' '}
          {one.overdue && (
            <Badge color="red" variant="light">
              Overdue
            </Badge>
          )}
        </p>
        <p className="sp-quiet">
          Due <Instant at={one.due_at} />
          {one.assessed_at !== null && (
            <>
              , looked at <Instant at={one.assessed_at} />
            </>
          )}
        </p>
        {error !== null && <FailureNote doing="It was not noted" error={error} />}
      </div>
      {keeps && (
        <Button size="compact-md" variant="default" loading={busy} onClick={() => run(assess)}>
          Looked at, in order
        </Button>
      )}
    </article>
  )
}

function NewEquipment(): ReactElement {
  const client = useQueryClient()
  const parties = useQuery(partiesQuery)
  const [party, setParty] = useState<string | null>(null)
  const [name, setName] = useState('')
  const [place, setPlace] = useState('')
  const { busy, error, run } = useAction()
  const add = async (): Promise<void> => {
    const body = { party, name: name.trim(), place: place.trim(), due_at: inDays(assessmentDays) }
    await request('/v1/equipment', { method: 'POST', body })
    setName('')
    setPlace('')
    await client.invalidateQueries({ queryKey: keys.equipment })
  }
  const contractors = (parties.data ?? []).filter(({ kind }) => kind !== 'agency')
  return (
    <form
      className="sp-contractors-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(add)
      }}
    >
      <h3>Register equipment</h3>
      <TextInput
        label="What it is"
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Where it stands"
        maxLength={120}
        value={place}
        onChange={(event) => setPlace(event.currentTarget.value)}
      />
      <Select
        label="Whose it is"
        data={contractors.map((one) => ({ value: one.id, label: one.name }))}
        value={party}
        onChange={setParty}
      />
      <Button
        type="submit"
        loading={busy}
        disabled={party === null || name.trim() === '' || place.trim() === ''}
      >
        Register it
      </Button>
      {error !== null && <FailureNote doing="It was not registered" error={error} />}
    </form>
  )
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}
