import { Button, Checkbox, Modal, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { Lane } from '../api/types.ts'
import { shortHex } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'

/** Shuts a device out for good; asks for the reason and says what follows. */
export function RevokeDialog(props: {
  readonly lane: Lane
  readonly onClose: () => void
}): ReactElement {
  const { lane, onClose } = props
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [sure, setSure] = useState(false)
  const { busy, error, run } = useAction()
  const device = lane.device?.id ?? ''
  const revoke = async (): Promise<void> => {
    await request(`/v1/devices/${encodeURIComponent(device)}/revocation`, {
      method: 'POST',
      body: { reason: reason.trim() },
    })
    await client.invalidateQueries({ queryKey: keys.lanes })
    notifyDone('Device revoked', `Nothing it sends for ${lane.name} is accepted any more.`)
    onClose()
  }
  const ready = sure && reason.trim().length >= 3
  return (
    <Modal opened onClose={onClose} title={`Revoke the device at ${lane.name}?`} centered>
      <form
        className="sp-enrol"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) run(revoke)
        }}
      >
        <p>
          Device <span className="sp-mono">{shortHex(device)}</span> will be refused from now on,
          also what still waits in its spool. What it sent before stays and stays provable. This
          cannot be undone: the lane needs a new enrolment.
        </p>
        <TextInput
          label="Reason"
          description="Kept with the device."
          data-autofocus
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Checkbox
          label="I understand that this lane stops delivering"
          checked={sure}
          onChange={(event) => setSure(event.currentTarget.checked)}
        />
        {error !== null && <FailureNote doing="Not revoked" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={busy} disabled={!ready}>
            Revoke device
          </Button>
        </div>
      </form>
    </Modal>
  )
}
