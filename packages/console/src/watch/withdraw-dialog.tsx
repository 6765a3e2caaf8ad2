import { Button, Modal, TextInput } from '@mantine/core'
import { watchLimits } from '@sallyport/core/watch'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { watchKeys } from './watch-queries.ts'

/** Ends an entry before its expiry; it stays on record. */
export function WithdrawDialog(props: {
  /** Where the withdrawal goes. */
  readonly path: string
  /** Of what or whom is looked for. */
  readonly name: string
  readonly issuer: string
  /** What becomes of the entry. */
  readonly kept: string
  readonly onClose: () => void
}): ReactElement {
  const { path, name, issuer, kept, onClose } = props
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const { busy, error, run } = useAction()
  const ready = reason.trim().length >= watchLimits.reasonLengthMin
  const withdraw = async (): Promise<void> => {
    await request(path, {
      method: 'POST',
      body: { reason: reason.trim() },
    })
    await client.invalidateQueries({ queryKey: watchKeys.all })
    notifyDone('Withdrawn', `${name} is no longer looked for by ${issuer}.`)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={`No longer look for ${name}?`} centered>
      <form
        className="sp-judge"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(withdraw)
        }}
      >
        <p>
          It matches nothing from now on, and matches that wait can no longer be confirmed. {kept}
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
