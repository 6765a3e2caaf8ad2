import { Button, Modal, TextInput } from '@mantine/core'
import { watchLimits } from '@sallyport/core/watch'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import type { WatchEntry } from '../api/watch-types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { watchKeys } from './watch-queries.ts'

/** Ends an entry before its expiry; it stays on record. */
export function WithdrawDialog(props: {
  readonly entry: WatchEntry
  readonly onClose: () => void
}): ReactElement {
  const { entry, onClose } = props
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const { busy, error, run } = useAction()
  const ready = reason.trim().length >= watchLimits.reasonLengthMin
  const withdraw = async (): Promise<void> => {
    await request(`/v1/watch/entries/${encodeURIComponent(entry.id)}/withdrawal`, {
      method: 'POST',
      body: { reason: reason.trim() },
    })
    await client.invalidateQueries({ queryKey: watchKeys.all })
    notifyDone('Withdrawn', `${entry.plate} is no longer looked for by ${entry.issuer}.`)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={`No longer look for ${entry.plate}?`} centered>
      <form
        className="sp-judge"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(withdraw)
        }}
      >
        <p>
          It matches nothing from now on, and matches that wait can no longer be confirmed. The
          entry stays on record with your name.
        </p>
        <TextInput
          label="Reason"
          data-autofocus
          maxLength={watchLimits.reasonLengthMax}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error !== null && <FailureNote doing="Not withdrawn" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            Withdraw
          </Button>
        </div>
      </form>
    </Modal>
  )
}
