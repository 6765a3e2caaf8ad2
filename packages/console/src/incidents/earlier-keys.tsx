import { Button, Checkbox, Modal } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { lanesQuery } from '../api/queries.ts'
import { plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { type Contained, type EarlierKeys, keys, type Step } from './api.ts'

/** Lanes that have to do with keys that were replaced, each with what it still owes. */
export function EarlierLanes(props: { readonly earlier: EarlierKeys }): ReactElement | null {
  const lanes = useQuery(lanesQuery)
  const { waiting_for: waiting } = props.earlier
  if (waiting.length === 0) return null
  return (
    <ul className="sp-incident-earlier">
      {waiting.map(({ device, lane, holds, missing }) => (
        <li key={device}>
          <strong>{lanes.data?.find(({ id }) => id === lane)?.name ?? lane}</strong>{' '}
          {holds
            ? `seals to the new keys; ${plural(missing ?? 0, 'item', 'items')} sealed before not delivered`
            : 'has not said that it seals to the new keys'}
        </li>
      ))}
    </ul>
  )
}

/** One person's word that replaced keys shall be destroyed. That of a second, of another unit, does it. */
export function DestroyEarlier(props: {
  readonly incident: string
  readonly step: Step
  readonly earlier: EarlierKeys
}): ReactElement {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button size="compact-md" variant="default" color="red" onClick={() => setAsking(true)}>
        Destroy the earlier keys…
      </Button>
      {asking && <DestroyDialog {...props} onClose={() => setAsking(false)} />}
    </>
  )
}

function DestroyDialog(props: {
  readonly incident: string
  readonly step: Step
  readonly earlier: EarlierKeys
  readonly onClose: () => void
}): ReactElement {
  const { incident, step, earlier, onClose } = props
  const client = useQueryClient()
  const [accepted, setAccepted] = useState(false)
  const { busy, error, run } = useAction()
  const destroy = async (): Promise<void> => {
    const done = await request<Contained>(`/v1/incidents/${incident}/containment`, {
      method: 'POST',
      body: { cuts: [{ act: 'earlier_keys_given_up', target: step.id }] },
    })
    await client.invalidateQueries({ queryKey: keys.room(incident) })
    const [refused] = done.refused
    if (refused !== undefined) throw new Error(refused.detail)
    const destroyed = done.steps.every(({ effect }) => effect.confirmed)
    if (destroyed) notifyDone('Destroyed', 'The earlier keys are gone.')
    else notifyDone('Noted', 'It is done when somebody of another unit says the same.')
    onClose()
  }
  const [first, last] = [earlier.days[0], earlier.days.at(-1)]
  return (
    <Modal opened onClose={onClose} title="Destroy the earlier keys?" centered>
      <form
        className="sp-incident-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (accepted && !busy) run(destroy)
        }}
      >
        <p>
          With the word of two people of different units the keys of {first}
          {last !== first && ` to ${last}`} that were replaced are destroyed. Nothing brings them
          back. What has arrived is not touched.
        </p>
        {earlier.waiting_for.length === 0 ? (
          <p>Every lane has delivered what it sealed before: nothing becomes unreadable.</p>
        ) : (
          <>
            <p>What these lanes sealed before and have not delivered then opens for nobody:</p>
            <EarlierLanes earlier={earlier} />
          </>
        )}
        <Checkbox
          label="It may become unreadable"
          data-autofocus
          checked={accepted}
          onChange={(event) => setAccepted(event.currentTarget.checked)}
        />
        {error !== null && <FailureNote doing="Not destroyed" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={busy} disabled={!accepted}>
            Destroy
          </Button>
        </div>
      </form>
    </Modal>
  )
}
