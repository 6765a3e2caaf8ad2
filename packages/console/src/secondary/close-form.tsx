import { Button, Checkbox, Textarea } from '@mantine/core'
import { type ErrorFound, errorsFound, type Outcome, outcomes } from '@sallyport/core/window/window'
import { useState, type ReactElement } from 'react'

import type { WindowView } from '../api/window-types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useSession } from '../shell/session-context.ts'
import { errorNames, outcomeNames } from '../window/words.ts'
import { useSay } from './use-say.ts'

/** How the referral ends, and what turned out wrong: the latter feeds the error statistics. */
export function CloseForm(props: { readonly window: WindowView }): ReactElement {
  const { account } = useSession()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const [wrong, setWrong] = useState<readonly ErrorFound[]>([])
  const [note, setNote] = useState('')
  const { busy, error, say } = useSay(props.window)
  return (
    <form
      className="sp-panel sp-section sp-look"
      onSubmit={(event) => {
        event.preventDefault()
        if (outcome !== null) say({ says: 'closed', outcome, wrong }, note)
      }}
    >
      <h3 className="sp-section-title">How does it end?</h3>
      <fieldset className="sp-choices">
        <legend className="sp-unseen">Outcome</legend>
        {outcomes.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="outcome"
              checked={outcome === one}
              onChange={() => setOutcome(one)}
            />
            {outcomeNames[one]}
          </label>
        ))}
      </fieldset>
      <Checkbox.Group
        label="What was wrong in what was shown?"
        description="Counted in the figures; choose none where all was right."
        value={[...wrong]}
        onChange={(chosen) => setWrong(errorsFound.filter((one) => chosen.includes(one)))}
      >
        <div className="sp-choices">
          {errorsFound.map((one) => (
            <Checkbox key={one} value={one} label={errorNames[one]} />
          ))}
        </div>
      </Checkbox.Group>
      <Textarea
        label="Note (optional)"
        maxLength={500}
        autosize
        minRows={2}
        maxRows={5}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      {error !== null && <FailureNote doing="Not closed" error={error} />}
      <div className="sp-form-end">
        <Button type="submit" disabled={outcome === null} loading={busy}>
          Close as {account.name}
        </Button>
      </div>
    </form>
  )
}
