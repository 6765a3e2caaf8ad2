import { Button, FileButton, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { fromBase64 } from '@sallyport/proof/bytes'
import { useEffect, useRef, useState, type ReactElement } from 'react'

import { ApiFailure } from '../api/client.ts'
import { readReceipt } from '../api/queries.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useSession } from '../shell/session-context.ts'
import { checkReceipt, type CheckedReceipt } from './check-receipt.ts'
import { CheckedResult } from './checked-result.tsx'
import { entryBytes, proofText, typedIndex } from './read-input.ts'

type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'working' }
  | { readonly kind: 'checked'; readonly checked: CheckedReceipt }
  | { readonly kind: 'failed'; readonly error: unknown }

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
  const { asked } = props
  const [way, setWay] = useState<'index' | 'receipt'>('index')
  const [index, setIndex] = useState(asked)
  const [receipt, setReceipt] = useState('')
  const [entry, setEntry] = useState('')
  const [vkey, setVkey] = useState(log.vkey)
  const [outcome, setOutcome] = useState<Outcome>({
    kind: asked === '' ? 'none' : 'working',
  })

  const byIndex = async (typed: string): Promise<void> => {
    try {
      const number = typedIndex(typed)
      if (number === null) throw new ApiFailure('not_an_index', 400, 'An entry has a number.')
      const found = await readReceipt(number)
      const bytes = fromBase64(found.entry) ?? new Uint8Array()
      const checked = checkReceipt({ proofText: found.receipt, entry: bytes, vkey })
      setOutcome({ kind: 'checked', checked })
    } catch (error) {
      setOutcome({ kind: 'failed', error })
    }
  }
  const byReceipt = (): void => {
    const bytes = entryBytes(entry)
    if (bytes === null || receipt.trim() === '') {
      const detail = 'Paste both: the receipt and the entry it is for.'
      setOutcome({ kind: 'failed', error: new ApiFailure('incomplete', 400, detail) })
      return
    }
    const checked = checkReceipt({ proofText: proofText(receipt), entry: bytes, vkey: vkey.trim() })
    setOutcome({ kind: 'checked', checked })
  }

  const latest = useRef(byIndex)
  useEffect(() => {
    if (asked !== '') void latest.current(asked)
  }, [asked])

  return (
    <section className="sp-section sp-panel">
      <h2>Verify in this browser</h2>
      <form
        className="sp-verify"
        onSubmit={(event) => {
          event.preventDefault()
          if (way === 'receipt') return byReceipt()
          setOutcome({ kind: 'working' })
          void byIndex(index)
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
          <>
            <Pasted
              label="Receipt (.tlog-proof)"
              accept=".tlog-proof,text/plain"
              value={receipt}
              onChange={setReceipt}
            />
            <Pasted
              label="Entry (.entry.json, or base64)"
              accept=".json,application/json,text/plain"
              value={entry}
              onChange={setEntry}
            />
            <TextInput
              label="Log key"
              description="Use the copy you kept, to check without trusting this hub."
              value={vkey}
              spellCheck={false}
              onChange={(event) => setVkey(event.currentTarget.value)}
              classNames={{ input: 'sp-mono' }}
            />
          </>
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
