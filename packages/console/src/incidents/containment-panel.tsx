import { Button, Checkbox, Select } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { lanesQuery } from '../api/queries.ts'
import { partiesQuery } from '../contractors/api.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { type Contained, type Incident, keys, type Step } from './api.ts'
import { DestroyEarlier, EarlierLanes } from './earlier-keys.tsx'

const actWords: Readonly<Record<Step['act'], string>> = {
  grants_suspended: 'Grants suspended',
  account_disabled: 'Account disabled',
  device_quarantined: 'Device quarantined',
  retention_frozen: 'Shredding stopped',
  epoch_declared_lost: 'Key declared lost',
  epochs_rotated: 'Keys replaced',
  earlier_keys_given_up: 'Earlier keys given up',
}

const liftWords: Partial<Record<Step['act'], string>> = {
  epochs_rotated: 'Close the step',
  earlier_keys_given_up: 'Take the word back',
}

/** What is cut off, and whether the part that has to obey says so. */
export function ContainmentPanel(props: { readonly incident: Incident }): ReactElement {
  const { id, steps } = props.incident
  const cuts = useHolds('responder', 'privacy', 'auditor')
  return (
    <section className="sp-section sp-panel">
      <h2>Cut off</h2>
      {steps.length === 0 && <p className="sp-quiet">Nothing yet.</p>}
      <ul className="sp-incident-steps">
        {steps.map((step) => (
          <StepLine key={step.id} step={step} incident={id} cuts={cuts} />
        ))}
      </ul>
      {cuts && <Cut incident={id} />}
    </section>
  )
}

function StepLine(props: {
  readonly step: Step
  readonly incident: string
  readonly cuts: boolean
}): ReactElement {
  const { step, incident, cuts } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const lift = async (): Promise<void> => {
    await request(`/v1/containment/${step.id}/lifting`, { method: 'POST' })
    await client.invalidateQueries({ queryKey: keys.room(incident) })
  }
  const inForce = step.lifted_at === null
  const { earlier } = step.effect
  // Of keys: what is destroyed cannot be taken back.
  const isKept = earlier === undefined || earlier.days.length > 0
  return (
    <li>
      <div>
        <strong>{actWords[step.act]}</strong> <span className="sp-mono">{step.target}</span>
        <div className="sp-quiet">
          <Instant at={step.at} /> · {step.by.name} · #{step.log_index}
          {step.lifted_at !== null && (
            <>
              {' '}
              · let back in <Instant at={step.lifted_at} />
            </>
          )}
        </div>
        {inForce && (
          <div role="status" className="sp-incident-effect" data-confirmed={step.effect.confirmed}>
            {step.effect.confirmed ? 'Confirmed' : 'Waits'}: {step.effect.detail}
          </div>
        )}
        {inForce && step.act === 'epochs_rotated' && earlier !== undefined && (
          <EarlierLanes earlier={earlier} />
        )}
        {inForce && step.act === 'epochs_rotated' && (
          <div className="sp-quiet">
            Lanes stay with the new keys, also when the step is closed. The earlier ones open what
            was sealed to them until they are destroyed.
          </div>
        )}
      </div>
      {inForce && cuts && step.act === 'epochs_rotated' && earlier !== undefined && isKept && (
        <DestroyEarlier incident={incident} step={step} earlier={earlier} />
      )}
      {inForce && cuts && step.act !== 'epoch_declared_lost' && isKept && (
        <Button size="compact-md" variant="default" loading={busy} onClick={() => run(lift)}>
          {liftWords[step.act] ?? 'Let back in'}
        </Button>
      )}
      {error !== null && <FailureNote doing="It is still cut off" error={error} />}
    </li>
  )
}

/** One form, one request: everything that is chosen is cut off together. */
function Cut(props: { readonly incident: string }): ReactElement {
  const client = useQueryClient()
  const { port } = useSession()
  const parties = useQuery(partiesQuery)
  const lanes = useQuery(lanesQuery)
  const [party, setParty] = useState<string | null>(null)
  const [device, setDevice] = useState<string | null>(null)
  const [freeze, setFreeze] = useState(true)
  const [rotates, setRotates] = useState(false)
  const [refused, setRefused] = useState<Contained['refused']>([])
  const { busy, error, run } = useAction()
  const cut = async (): Promise<void> => {
    const wanted = [
      ...(party === null ? [] : [{ act: 'grants_suspended', target: party }]),
      ...(device === null ? [] : [{ act: 'device_quarantined', target: device }]),
      ...(freeze ? [{ act: 'retention_frozen', target: port.id }] : []),
      ...(rotates ? [{ act: 'epochs_rotated', target: port.id }] : []),
    ]
    const done = await request<Contained>(`/v1/incidents/${props.incident}/containment`, {
      method: 'POST',
      body: { cuts: wanted },
    })
    setRefused(done.refused)
    // Ticked still, the next cut would replace the new keys too.
    setRotates(false)
    await client.invalidateQueries({ queryKey: keys.room(props.incident) })
  }
  const devices = (lanes.data ?? []).flatMap(({ id, name, device: own }) =>
    own === null ? [] : [{ value: own.id, label: `${name} (${id})` }],
  )
  return (
    <form
      className="sp-incident-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(cut)
      }}
    >
      <Select
        label="A party: every grant of it is suspended"
        data={(parties.data ?? [])
          .filter(({ kind }) => kind !== 'agency' && kind !== 'partner')
          .map(({ id, name }) => ({ value: id, label: name }))}
        value={party}
        clearable
        onChange={setParty}
      />
      <Select
        label="A device: its bundles wait at the lane"
        data={devices}
        value={device}
        clearable
        onChange={setDevice}
      />
      <Checkbox
        label="Stop all shredding"
        checked={freeze}
        onChange={(event) => setFreeze(event.currentTarget.checked)}
      />
      <Checkbox
        label="Replace the keys that lanes seal to, today’s and all to come"
        description="Nothing that was sealed is lost: the earlier keys open it until they are destroyed."
        checked={rotates}
        onChange={(event) => setRotates(event.currentTarget.checked)}
      />
      <Button
        type="submit"
        color="red"
        loading={busy}
        disabled={party === null && device === null && !freeze && !rotates}
      >
        Cut off now
      </Button>
      {refused.map((one) => (
        <p key={`${one.act} ${one.target}`} role="alert" className="sp-incident-effect">
          {actWords[one.act]}: {one.detail}
        </p>
      ))}
      {error !== null && <FailureNote doing="Nothing was cut off" error={error} />}
    </form>
  )
}
