import { Button, Modal, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { retentionKey } from './queries.ts'
import type { Hold } from './types.ts'

/** Ends a hold before its expiry, with a reason. */
export function LiftDialog(props: {
  readonly hold: Hold
  readonly onClose: () => void
}): ReactElement {
  const { hold, onClose } = props
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const { busy, error, run } = useAction()
  const ready = reason.trim() !== ''
  const lift = async (): Promise<void> => {
    await request(`/v1/holds/${encodeURIComponent(hold.id)}/lifting`, {
      method: 'POST',
      body: { reason: reason.trim() },
    })
    await client.invalidateQueries({ queryKey: retentionKey })
    notifyDone('Lifted', 'What is due of it is shredded within a quarter of an hour.')
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Lift this hold?" centered>
      <form
        className="sp-hold-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(lift)
        }}
      >
        <p>What it covered and is due will be shredded, and cannot be brought back.</p>
        <TextInput
          label="Reason"
          data-autofocus
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error !== null && <FailureNote doing="Not lifted" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={busy} disabled={!ready}>
            Lift
          </Button>
        </div>
      </form>
    </Modal>
  )
}
