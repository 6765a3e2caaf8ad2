import { Badge, Button, Checkbox, Select, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import type { Lane } from '../api/types.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { deviceKeys, maintenanceQuery, type MaintenanceOrder } from './device-queries.ts'

const visitHours = 4

/** Work orders for lanes: who comes for what, and whether the lane takes pictures meanwhile. */
export function MaintenancePanel(props: { readonly lanes: readonly Lane[] }): ReactElement {
  const orders = useQuery(maintenanceQuery)
  const keeper = useHolds('integrator', 'supervisor')
  const [writing, setWriting] = useState(false)
  return (
    <section className="sp-device-events">
      <h2 className="sp-section-title">Work at lanes</h2>
      <p className="sp-quiet">
        A lane in maintenance looks at drawn pictures only: nothing that its cameras see is read,
        kept or shown. One person writes the work order, another lets it begin.
      </p>
      {orders.isError && (
        <FailureNote
          doing="The work orders could not be read"
          error={orders.error}
          onRetry={() => void orders.refetch()}
        />
      )}
      {orders.data?.map((order) => (
        <Order
          key={order.id}
          order={order}
          lane={props.lanes.find(({ id }) => id === order.lane)?.name ?? order.lane}
          keeper={keeper}
        />
      ))}
      {orders.data?.length === 0 && <p className="sp-quiet">No work order has been written.</p>}
      {keeper && !writing && (
        <Button variant="default" onClick={() => setWriting(true)}>
          Write a work order…
        </Button>
      )}
      {writing && <NewOrder lanes={props.lanes} onDone={() => setWriting(false)} />}
    </section>
  )
}

function Order(props: {
  readonly order: MaintenanceOrder
  readonly lane: string
  readonly keeper: boolean
}): ReactElement {
  const { order, lane, keeper } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [watching, setWatching] = useState(false)
  const turn = (to: 'beginning' | 'ending') =>
    run(async () => {
      const body = to === 'beginning' ? { watching } : {}
      await request(`/v1/maintenance/${order.id}/${to}`, { method: 'POST', body })
      await client.invalidateQueries({ queryKey: deviceKeys.all })
    })
  return (
    <article className="sp-alarm sp-order" aria-label={`Work order ${order.number}`}>
      <div>
        <h3>
          {lane}
          <span>
            {' '}
            · {order.number} · {order.technician}, {order.party}
          </span>{' '}
          <State order={order} />
        </h3>
        <p className="sp-quiet">
          <Instant at={order.from} /> to <Instant at={order.until} />. Written by {order.ordered.by}
          , log entry <LogIndex index={order.ordered.log_index} />
          {order.begun !== null && (
            <>
              ; begun by {order.begun.by} <Instant at={order.begun.at} />, log entry{' '}
              <LogIndex index={order.begun.log_index} />
              {order.watched && ', who stays beside it'}
            </>
          )}
          {order.over !== null && (
            <>
              ; ended by {order.over.by} <Instant at={order.over.at} />, log entry{' '}
              <LogIndex index={order.over.log_index} />
            </>
          )}
        </p>
        {keeper && order.begun === null && order.over === null && (
          <Checkbox
            size="xs"
            label="I stay beside the work: needed under supervision"
            checked={watching}
            onChange={(event) => setWatching(event.currentTarget.checked)}
          />
        )}
        {error !== null && <FailureNote doing="That did not work" error={error} />}
      </div>
      {keeper && order.over === null && (
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          onClick={() => turn(order.begun === null ? 'beginning' : 'ending')}
        >
          {order.begun === null ? 'Let it begin' : 'End it'}
        </Button>
      )}
    </article>
  )
}

function State(props: { readonly order: MaintenanceOrder }): ReactElement {
  const { begun, over, overrun } = props.order
  if (over !== null) return <Badge variant="light">Over</Badge>
  if (overrun) return <Badge color="red">Past its time</Badge>
  return begun === null ? (
    <Badge variant="light">Waits for a second person</Badge>
  ) : (
    <Badge color="yellow">In maintenance</Badge>
  )
}

function NewOrder(props: {
  readonly lanes: readonly Lane[]
  readonly onDone: () => void
}): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [lane, setLane] = useState<string | null>(null)
  const [number, setNumber] = useState('')
  const [technician, setTechnician] = useState('')
  const [party, setParty] = useState('agency')
  const [from, setFrom] = useState(() => localInput(new Date()))
  const [until, setUntil] = useState(() =>
    localInput(new Date(Date.now() + visitHours * 3_600_000)),
  )
  const ready = lane !== null && number.trim() !== '' && technician.trim() !== ''
  const send = (): void =>
    run(async () => {
      const window = { from: new Date(from).toISOString(), until: new Date(until).toISOString() }
      const body = { lane, number: number.trim(), technician: technician.trim(), party, ...window }
      await request('/v1/maintenance', { method: 'POST', body })
      await client.invalidateQueries({ queryKey: deviceKeys.all })
      props.onDone()
    })
  return (
    <form
      className="sp-enrol sp-panel sp-order-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) send()
      }}
    >
      <Select
        label="Lane"
        data={props.lanes.map(({ id, name }) => ({ value: id, label: name }))}
        value={lane}
        onChange={setLane}
        data-autofocus
      />
      <TextInput
        label="Number"
        description="As it stands on paper."
        maxLength={80}
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <TextInput
        label="Technician"
        description="One person by name."
        maxLength={80}
        value={technician}
        onChange={(event) => setTechnician(event.currentTarget.value)}
      />
      <TextInput
        label="Party"
        description="Its id under Contractors; agency for its own people."
        maxLength={40}
        value={party}
        onChange={(event) => setParty(event.currentTarget.value)}
      />
      <TextInput
        label="From"
        type="datetime-local"
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        label="Until"
        type="datetime-local"
        value={until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      {error !== null && <FailureNote doing="The work order was not written" error={error} />}
      <div className="sp-form-end">
        <Button variant="default" onClick={props.onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={!ready}>
          Write the work order
        </Button>
      </div>
    </form>
  )
}

/** What a field for local date and time takes. */
function localInput(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 16)
}
