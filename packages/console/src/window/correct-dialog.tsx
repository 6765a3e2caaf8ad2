import { Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { GivenVerdict } from '../api/review-types.ts'
import type { Crossing } from '../api/types.ts'
import { CorrectionForm } from '../review/correction-form.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'

/** What the plate at the window says, typed; what was read stays beside it. */
export function CorrectDialog(props: {
  readonly crossing: Crossing
  /** One's own opening of its picture; null while it is closed. */
  readonly opening: string | null
  readonly onClose: () => void
}): ReactElement {
  const { crossing, opening, onClose } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const record = async (text: string, jurisdiction: string | null): Promise<void> => {
    await request<GivenVerdict>(`/v1/reviews/${encodeURIComponent(crossing.id)}/verdicts`, {
      method: 'POST',
      body: { text, jurisdiction, opening, supersedes: crossing.verdict?.id ?? null },
    })
    notifyDone('Recorded', `${text}, as your verdict. What was read stays on record.`)
    onClose()
    await client.invalidateQueries({ queryKey: keys.lanes })
  }
  return (
    <Modal opened onClose={onClose} title="What the plate says" centered>
      {opening === null && crossing.captures.length > 0 ? (
        <p>
          A verdict is on a picture that you opened: close this, open the picture with <kbd>o</kbd>,
          then press <kbd>e</kbd> again.
        </p>
      ) : (
        <CorrectionForm
          item={crossing}
          disabled={busy}
          onSay={(text, jurisdiction) => run(() => record(text, jurisdiction))}
          onClose={onClose}
        />
      )}
      {error !== null && <FailureNote doing="Not recorded" error={error} />}
    </Modal>
  )
}
