import { Button, Checkbox, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { retentionKey } from './queries.ts'
import type { OpenEpoch, RestLost } from './types.ts'

/** One person's word that what has not come of a day is lost. The second destroys the key. */
export function LostDialog(props: {
  readonly epoch: OpenEpoch
  readonly onClose: () => void
}): ReactElement {
  const { epoch, onClose } = props
  const client = useQueryClient()
  const [accepted, setAccepted] = useState(false)
  const { busy, error, run } = useAction()
  const declare = async (): Promise<void> => {
    const said = await request<RestLost>(`/v1/epochs/${encodeURIComponent(epoch.day)}/lost`, {
      method: 'POST',
      body: {},
    })
    await client.invalidateQueries({ queryKey: retentionKey })
    if (said.destroyed) notifyDone('Given up', `The key of ${epoch.day} is destroyed.`)
    else notifyDone('Noted', 'It becomes so when a second person says the same.')
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title={`Give up the rest of ${epoch.day}?`} centered>
      <form
        className="sp-hold-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (accepted && !busy) run(declare)
        }}
      >
        <p>
          With the word of two people the key of this day is destroyed. What a lane still holds of
          it then opens for nobody, ever. What has arrived is not touched.
        </p>
        <Checkbox
          label="What has not arrived is lost"
          data-autofocus
          checked={accepted}
          onChange={(event) => setAccepted(event.currentTarget.checked)}
        />
        {error !== null && <FailureNote doing="Not given up" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" color="red" loading={busy} disabled={!accepted}>
            Give up
          </Button>
        </div>
      </form>
    </Modal>
  )
}
