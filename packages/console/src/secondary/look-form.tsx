import { Button, Textarea } from '@mantine/core'
import { type Finding, findings } from '@sallyport/core/window/window'
import { useState, type ReactElement } from 'react'

import type { WindowView } from '../api/window-types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useSession } from '../shell/session-context.ts'
import { findingNames } from '../window/words.ts'
import { useSay } from './use-say.ts'

/** What one sees oneself, recorded before anything is shown that could sway it. */
export function LookForm(props: { readonly window: WindowView }): ReactElement {
  const { account } = useSession()
  const [finding, setFinding] = useState<Finding | null>(null)
  const [note, setNote] = useState('')
  const { busy, error, say } = useSay(props.window)
  return (
    <form
      className="sp-panel sp-section sp-look"
      onSubmit={(event) => {
        event.preventDefault()
        if (finding !== null) say({ says: 'looked', finding }, note)
      }}
    >
      <h3 className="sp-section-title">What do you see?</h3>
      <p className="sp-quiet">
        Compare the document and the person. What the comparison of faces or a colleague found is
        shown when this is recorded, and this cannot be changed after it.
      </p>
      <fieldset className="sp-choices">
        <legend className="sp-unseen">What you see</legend>
        {findings.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="finding"
              checked={finding === one}
              onChange={() => setFinding(one)}
            />
            {findingNames[one]}
          </label>
        ))}
      </fieldset>
      <Textarea
        label="Note (optional)"
        maxLength={500}
        autosize
        minRows={2}
        maxRows={5}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {error !== null && <FailureNote doing="Not recorded" error={error} />}
      <div className="sp-form-end">
        <Button type="submit" disabled={finding === null} loading={busy}>
          Record as {account.name}
        </Button>
      </div>
    </form>
  )
}
