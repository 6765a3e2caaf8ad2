import { Button, Modal, Radio, Textarea } from '@mantine/core'
import type { Purpose } from '@sallyport/core/opening'
import { useState, type ReactElement } from 'react'

import { purposeWords } from '../format/words.ts'
import { limits } from './use-picture.ts'

/**
 * Asks what for. Only the purposes that this person's roles may name are offered. Mounted for each
 * question anew: a note must not follow to the next picture.
 */
export function PurposeForm(props: {
  /** 'plate picture'. */
  readonly subject: string
  readonly purposes: readonly Purpose[]
  readonly onClose: () => void
  readonly onChoose: (purpose: Purpose, note: string) => void
}): ReactElement {
  const { purposes } = props
  const [chosen, setChosen] = useState<Purpose | null>(null)
  const [note, setNote] = useState('')
  const only = purposes.length === 1 ? (purposes[0] ?? null) : null
  const purpose = chosen ?? only
  return (
    <Modal opened onClose={props.onClose} title={`Open the ${props.subject}`} centered>
      <form
        className="sp-purpose"
        onSubmit={(event) => {
          event.preventDefault()
          if (purpose !== null) props.onChoose(purpose, note.trim())
        }}
      >
        <PurposeChoices purposes={purposes} chosen={purpose} onChoose={setChosen} />
        <Textarea
          label="Note (optional)"
          description="A case or referral number. Kept with the opening; not in the public log."
          maxLength={limits.noteCharacters}
          autosize
          minRows={2}
          maxRows={6}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <p className="sp-purpose-law">
          Your request is written to the log first. The picture comes only when that entry is safe
          on disk; a refusal is logged too.
        </p>
        <div className="sp-form-end">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" disabled={purpose === null}>
            Log and open
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function PurposeChoices(props: {
  readonly purposes: readonly Purpose[]
  readonly chosen: Purpose | null
  readonly onChoose: (purpose: Purpose | null) => void
}): ReactElement {
  const { purposes, chosen, onChoose } = props
  return (
    <Radio.Group
      label="What do you open it for?"
      value={chosen ?? ''}
      onChange={(value) => onChoose(purposes.find((one) => one === value) ?? null)}
    >
      <div className="sp-purpose-choices">
        {purposes.map((one, at) => (
          <Radio
            key={one}
            value={one}
            label={purposeWords[one].name}
            description={purposeWords[one].hint}
            {...(at === 0 ? { 'data-autofocus': true } : {})}
          />
        ))}
      </div>
    </Radio.Group>
  )
}
