import { Button, Modal, Textarea } from '@mantine/core'
import { type ReferralReason, referralReasons } from '@sallyport/core/window/window'
import { useState, type ReactElement } from 'react'

import { reasonNames } from './words.ts'

/** Why somebody is asked to come in: one key each, and a note where it helps who looks next. */
export function ReferDialog(props: {
  readonly plate: string
  readonly onRefer: (reason: ReferralReason, note: string) => void
  readonly onClose: () => void
}): ReactElement {
  const [note, setNote] = useState('')
  const [needsNote, setNeedsNote] = useState(false)
  const refer = (reason: ReferralReason): void => {
    if (reason === 'other' && note.trim() === '') setNeedsNote(true)
    else props.onRefer(reason, note)
  }
  return (
    <Modal opened onClose={props.onClose} title={`Refer ${props.plate} to secondary`} centered>
      <div
        className="sp-refer"
        onKeyDown={(event) => {
          if (event.target instanceof HTMLTextAreaElement) return
          const reason = referralReasons[Number(event.key) - 1]
          if (reason === undefined) return
          event.preventDefault()
          refer(reason)
        }}
      >
        <p>Somebody looks again, without haste. It says nothing against the traveller.</p>
        <div className="sp-refer-reasons" role="group" aria-label="Reason">
          {referralReasons.map((reason, at) => (
            <Button
              key={reason}
              variant="default"
              justify="space-between"
              fullWidth
              onClick={() => refer(reason)}
              rightSection={<kbd>{at + 1}</kbd>}
              {...(at === 0 ? { 'data-autofocus': true } : {})}
            >
              {reasonNames[reason]}
            </Button>
          ))}
        </div>
        <Textarea
          label="Note (optional)"
          description="For secondary; not in the public log."
          maxLength={500}
          autosize
          minRows={2}
          maxRows={5}
          value={note}
          error={needsNote && note.trim() === '' ? 'Say which reason it is.' : null}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
      </div>
    </Modal>
  )
}
