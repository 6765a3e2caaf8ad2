import { Button, FileButton } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type DragEvent, type ReactElement } from 'react'

import { FailureNote } from '../shell/failure-note.tsx'
import { useAction } from '../shell/use-action.ts'
import { leakKeys } from './api.ts'
import { foundIn, sendFound } from './send-files.ts'

/** Takes pictures, lists of plates and ZIP archives, dropped or chosen, and sends one after another. */
export function DropFiles({ search }: { readonly search: string }): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [over, setOver] = useState(false)
  const [now, setNow] = useState<{ readonly name: string; readonly sent: number } | null>(null)
  const send = (files: readonly File[]) =>
    run(async () => {
      let sent = 0
      try {
        for await (const found of foundIn(files)) {
          setNow({ name: found.name, sent })
          await sendFound(search, found)
          sent += 1
          await client.invalidateQueries({ queryKey: leakKeys.all })
        }
      } finally {
        setNow(null)
      }
    })
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!busy) send([...event.dataTransfer.files])
  }
  return (
    <>
      <div
        className="sp-leak-drop"
        data-over={over}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>Drop pictures, lists of plates or ZIP archives here, or</p>
        <FileButton multiple onChange={send}>
          {(props) => (
            <Button {...props} loading={busy}>
              Choose files
            </Button>
          )}
        </FileButton>
        <p className="sp-quiet" role="status">
          {now === null
            ? 'They are sent one after another; large dumps go faster with sallyport leaks search.'
            : `${now.sent} looked at · ${now.name}`}
        </p>
      </div>
      {error !== null && <FailureNote doing="The rest was not looked at" error={error} />}
    </>
  )
}
