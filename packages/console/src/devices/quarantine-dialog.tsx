import { Button, Modal, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { Lane } from '../api/types.ts'
import { shortHex } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { CheckIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { useAction } from '../shell/use-action.ts'
import { quarantineQuery, type Quarantine } from './device-queries.ts'

/** Takes a device off in one step, shows whether intake obeys, and lets it back in. */
export function QuarantineDialog(props: {
  readonly lane: Lane
  readonly onClose: () => void
}): ReactElement {
  const { lane, onClose } = props
  const device = lane.device?.id ?? ''
  const client = useQueryClient()
  const standing = useQuery(quarantineQuery(device))
  const { busy, error, run } = useAction()
  const [reason, setReason] = useState('')
  const ready = reason.trim().length >= 3
  const after = async (): Promise<void> => {
    await standing.refetch()
    await client.invalidateQueries({ queryKey: keys.lanes })
  }
  const cut = async (): Promise<void> => {
    const body = { reason: reason.trim() }
    await request(`/v1/devices/${device}/quarantine`, { method: 'POST', body })
    await after()
  }
  const lift = async (step: string): Promise<void> => {
    await request(`/v1/containment/${step}/lifting`, { method: 'POST' })
    await after()
  }
  return (
    <Modal opened onClose={onClose} title={`Quarantine of the device at ${lane.name}`} centered>
      {standing.isError && (
        <FailureNote
          doing="Whether it is in quarantine could not be read"
          error={standing.error}
          onRetry={() => void standing.refetch()}
        />
      )}
      {standing.data?.quarantined === true && (
        <Standing quarantine={standing.data} busy={busy} onLift={(step) => run(() => lift(step))} />
      )}
      {standing.data?.quarantined === false && (
        <form
          className="sp-enrol"
          onSubmit={(event) => {
            event.preventDefault()
            if (ready) run(cut)
          }}
        >
          <p>
            What device <span className="sp-mono">{shortHex(device)}</span> sends waits at the lane
            from now on; what happens to it is still told. An incident is opened, with you in its
            room. It can be let back in.
          </p>
          <TextInput
            label="Reason"
            description="The incident’s title."
            data-autofocus
            maxLength={120}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className="sp-form-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={busy} disabled={!ready}>
              Put in quarantine
            </Button>
          </div>
        </form>
      )}
      {error !== null && <FailureNote doing="That did not work" error={error} />}
    </Modal>
  )
}

function Standing(props: {
  readonly quarantine: Quarantine
  readonly busy: boolean
  readonly onLift: (step: string) => void
}): ReactElement {
  const { step } = props.quarantine
  if (step === null)
    return (
      <p>
        It is in quarantine. The incident behind it is not open to you: whoever is in its room lets
        it back in.
      </p>
    )
  const { effect } = step
  return (
    <div className="sp-enrol">
      <p>
        In quarantine since <Instant at={step.at} />, by {step.by.name}, log entry #{step.log_index}
        .
      </p>
      <p className="sp-enrol-wait" role="status" data-arrived={effect.confirmed}>
        {effect.confirmed ? (
          <>
            <CheckIcon /> Intake confirms it. {effect.detail}
          </>
        ) : (
          `Waiting for intake to confirm it… ${effect.detail}`
        )}
      </p>
      <div className="sp-form-end">
        <Button variant="default" loading={props.busy} onClick={() => props.onLift(step.id)}>
          Let it back in
        </Button>
      </div>
    </div>
  )
}
