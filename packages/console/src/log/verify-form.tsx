import { Button, FileButton, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useState, type ReactElement } from 'react'

import { FailureNote } from '../shell/failure-note.tsx'
import { useSession } from '../shell/session-context.ts'
import { CheckedResult } from './checked-result.tsx'
import { useVerification, type Kept } from './use-verification.ts'

export const limits = {
  /** A receipt is a few kilobytes; anything larger is another file. */
  fileBytes: 1_000_000,
} as const

/** Verifies an entry by its number, or a receipt that was kept, in this browser. */
export function VerifyForm(props: {
  /** The entry that the address names, checked without another press; '' when it names none. */
  readonly asked: string
}): ReactElement {
  const { log } = useSession()
  const [way, setWay] = useState<'index' | 'receipt'>('index')
  const [index, setIndex] = useState(props.asked)
  const [kept, setKept] = useState<Kept>({ receipt: '', entry: '', vkey: log.vkey })
  const { outcome, byIndex, byReceipt } = useVerification(props.asked, log.vkey)
  return (
    <section className="sp-section sp-panel">
      <h2>Verify in this browser</h2>
      <form
        className="sp-verify"
        onSubmit={(event) => {
          event.preventDefault()
          if (way === 'index') byIndex(index)
          else byReceipt(kept)
        }}
      >
        <SegmentedControl
          aria-label="What you have"
          value={way}
          onChange={(value) => setWay(value === 'receipt' ? 'receipt' : 'index')}
          data={[
            { value: 'index', label: 'An entry’s number' },
            { value: 'receipt', label: 'A receipt I kept' },
          ]}
        />
        {way === 'index' ? (
          <TextInput
            label="Entry"
            description="The hub gives entry and path; they are checked here, not believed."
            inputMode="numeric"
            value={index}
            onChange={(event) => setIndex(event.currentTarget.value)}
          />
        ) : (
          <KeptFields kept={kept} onChange={setKept} />
        )}
        <Button type="submit" loading={outcome.kind === 'working'}>
          Verify
        </Button>
      </form>
      <div role="status">
        {outcome.kind === 'checked' && <CheckedResult checked={outcome.checked} />}
      </div>
      {outcome.kind === 'failed' && <FailureNote doing="Not checked" error={outcome.error} />}
    </section>
  )
}

function KeptFields(props: {
  readonly kept: Kept
  readonly onChange: (kept: Kept) => void
}): ReactElement {
  const { kept, onChange } = props
  return (
    <>
      <Pasted
        label="Receipt (.tlog-proof)"
        accept=".tlog-proof,text/plain"
        value={kept.receipt}
        onChange={(receipt) => onChange({ ...kept, receipt })}
      />
      <Pasted
        label="Entry (.entry.json, or base64)"
        accept=".json,application/json,text/plain"
        value={kept.entry}
        onChange={(entry) => onChange({ ...kept, entry })}
      />
      <TextInput
        label="Log key"
        description="Use the copy you kept, to check without trusting this hub."
        value={kept.vkey}
        spellCheck={false}
        onChange={(event) => onChange({ ...kept, vkey: event.currentTarget.value })}
        classNames={{ input: 'sp-mono' }}
      />
    </>
  )
}

function Pasted(props: {
  readonly label: string
  readonly accept: string
  readonly value: string
  readonly onChange: (text: string) => void
}): ReactElement {
  const read = async (file: File | null): Promise<void> => {
    if (file === null) return
    props.onChange(
      file.size > limits.fileBytes ? 'This file is too large for it.' : await file.text(),
    )
  }
  return (
    <div className="sp-verify-paste">
      <Textarea
        label={props.label}
        value={props.value}
        spellCheck={false}
        autosize
        minRows={3}
        maxRows={10}
        classNames={{ input: 'sp-mono' }}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
      <FileButton accept={props.accept} onChange={(file) => void read(file)}>
        {(button) => (
          <Button {...button} size="compact-xs" variant="subtle">
            Choose a file
          </Button>
        )}
      </FileButton>
    </div>
  )
}
