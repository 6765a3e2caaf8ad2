import { Button, Modal, Textarea } from '@mantine/core'
import type { HitVerdict } from '@sallyport/core/watch-decisions'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { watchKeys } from './watch-queries.ts'

/** The last step before a verdict: it carries a name, and stands in the log before it holds. */
export function JudgeDialog(props: {
  /** Where the verdict goes. */
  readonly path: string
  /** Of what or whom is looked for. */
  readonly name: string
  /** What the person says with it. */
  readonly words: { readonly title: string; readonly law: string; readonly done: string }
  readonly verdict: HitVerdict
  readonly onClose: () => void
}): ReactElement {
  const { path, name, words, verdict, onClose } = props
  const { account } = useSession()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const { busy, error, run } = useAction()
  const judge = async (): Promise<void> => {
    await request(path, {
      method: 'POST',
      body: { verdict, ...(note.trim() === '' ? {} : { note: note.trim() }) },
    })
    notifyDone(words.done, `${name}: recorded as your verdict.`)
    onClose()
    await client.invalidateQueries({ queryKey: watchKeys.all })
  }
  return (
    <Modal opened onClose={onClose} title={words.title} centered>
      <form
        className="sp-judge"
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) run(judge)
        }}
      >
        <p>{words.law}</p>
        <Textarea
          label="Note (optional)"
          description="Kept with the verdict; not in the public log."
          maxLength={500}
          autosize
          minRows={2}
          maxRows={6}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {error !== null && <FailureNote doing="Not recorded" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} data-autofocus>
            {verdict === 'confirmed' ? 'Confirm' : 'Reject'} as {account.name}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
