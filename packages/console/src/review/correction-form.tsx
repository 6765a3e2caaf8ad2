import { Button, TextInput } from '@mantine/core'
import { parseJurisdiction } from '@sallyport/core/jurisdiction'
import { parsePlateText } from '@sallyport/core/plate'
import { useState, type ReactElement } from 'react'

import type { ReviewDetail } from '../api/review-types.ts'
import { DifferingText } from '../plate/differing-text.tsx'

/** What the plate says, typed. Mounted for each plate anew. */
export function CorrectionForm(props: {
  readonly item: Pick<ReviewDetail, 'plate'>
  readonly disabled: boolean
  readonly onSay: (text: string, jurisdiction: string | null) => void
  readonly onClose: () => void
}): ReactElement {
  const { plate } = props.item
  const [typed, setTyped] = useState(plate.text ?? '')
  const [place, setPlace] = useState('')
  const text = parsePlateText(typed)
  const jurisdiction = place.trim() === '' ? null : parseJurisdiction(place)
  const placeWrong = place.trim() !== '' && jurisdiction === null
  return (
    <form
      className="sp-correction"
      onSubmit={(event) => {
        event.preventDefault()
        if (text !== null && !placeWrong && !props.disabled) props.onSay(text, jurisdiction)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') props.onClose()
      }}
    >
      <TextInput
        className="sp-correction-plate"
        label="It says"
        autoFocus
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        value={typed}
        error={typed !== '' && text === null ? 'Letters and digits, at most 12' : null}
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <TextInput
        className="sp-correction-place"
        label="From (optional)"
        placeholder="us-ca"
        autoComplete="off"
        spellCheck={false}
        maxLength={20}
        value={place}
        error={placeWrong ? 'Like us-ca, mx-bcn, gb' : null}
        onChange={(event) => setPlace(event.currentTarget.value)}
      />
      <div className="sp-correction-end">
        <Button
          type="submit"
          disabled={text === null || placeWrong || props.disabled}
          rightSection={<kbd>Enter</kbd>}
        >
          {text !== null && text === plate.text ? 'Confirm' : 'Record'}
        </Button>
        <Button variant="default" onClick={props.onClose} rightSection={<kbd>Esc</kbd>}>
          Cancel
        </Button>
      </div>
      {text !== null && plate.text !== null && text !== plate.text && (
        <p className="sp-correction-differs">
          Against the vote: <DifferingText reference={plate.text} text={text} />
        </p>
      )}
    </form>
  )
}
