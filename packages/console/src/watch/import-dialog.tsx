import { Button, FileButton, Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { ApiFailure, request } from '../api/client.ts'
import type { WatchImported } from '../api/watch-types.ts'
import { bytesWords, countWords, plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { watchKeys } from './watch-queries.ts'

const limits = {
  /** The hub takes 8 MiB with the JSON around it. */
  fileBytes: 7 * 1024 * 1024,
  importMs: 120_000,
} as const

type Chosen = { readonly name: string; readonly csv: string; readonly check: WatchImported }

/** Many entries at once: checked first, then all of them or none. */
export function ImportDialog(props: { readonly onClose: () => void }): ReactElement {
  const { onClose } = props
  const client = useQueryClient()
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const { busy, error, run } = useAction()
  const check = async (file: File): Promise<void> => {
    setChosen(null)
    if (file.size > limits.fileBytes)
      throw new Error(
        `${file.name} has ${bytesWords(file.size)}; at most ${bytesWords(limits.fileBytes)} are taken.`,
      )
    const csv = await file.text()
    setChosen({ name: file.name, csv, check: await send(csv) })
  }
  const bring = async (): Promise<void> => {
    if (chosen === null) return
    const done = await send(chosen.csv, chosen.check.accepts)
    await client.invalidateQueries({ queryKey: watchKeys.entries })
    notifyDone('Imported', `${plural(done.entries, 'entry is', 'entries are')} in force.`)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Import entries" size="lg" centered>
      <div className="sp-import">
        <p>
          A CSV file with the columns <code>plate</code>, <code>issuer</code>, <code>reason</code>,{' '}
          <code>expires_at</code> (2026-12-31) and, where wanted, <code>jurisdiction</code> and{' '}
          <code>tolerance</code> (0, 1 or 2; 1 when empty). All lines are taken or none.
        </p>
        <FileButton
          accept=".csv,text/csv"
          onChange={(file) => {
            if (file !== null) run(() => check(file))
          }}
        >
          {(button) => (
            <Button {...button} variant="default" loading={busy && chosen === null}>
              Choose a file…
            </Button>
          )}
        </FileButton>
        {error !== null && <Refused error={error} />}
        {chosen !== null && error === null && (
          <p role="status">
            <strong>{chosen.name}</strong>: {plural(chosen.check.entries, 'entry', 'entries')}, all
            in order. Together they accept {plural(chosen.check.accepts, 'plate', 'plates')}, the
            widest {countWords(chosen.check.widest)}.
          </p>
        )}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            disabled={chosen === null}
            loading={busy && chosen !== null}
            onClick={() => run(bring)}
          >
            {chosen === null
              ? 'Import'
              : `Import ${plural(chosen.check.entries, 'entry', 'entries')}`}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

function send(csv: string, accepts?: number): Promise<WatchImported> {
  return request<WatchImported>('/v1/watch/imports', {
    method: 'POST',
    body: accepts === undefined ? { csv } : { csv, accepts },
    timeoutMs: limits.importMs,
  })
}

/** The lines that are wrong, by number, as the hub names them. */
function Refused(props: { readonly error: unknown }): ReactElement {
  const { error } = props
  const errors = error instanceof ApiFailure ? error.lines : []
  return (
    <>
      <FailureNote doing="Nothing was imported" error={error} />
      {errors.length > 0 && (
        <ol className="sp-import-errors" aria-label="Wrong lines">
          {errors.map(({ line, detail }) => (
            <li key={`${line} ${detail}`}>
              <span className="sp-figure">Line {line}</span> {detail}
            </li>
          ))}
        </ol>
      )}
    </>
  )
}
