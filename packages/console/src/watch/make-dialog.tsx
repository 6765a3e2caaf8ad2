import { Button, Modal, Radio, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { parseJurisdiction } from '@sallyport/core/jurisdiction'
import { parsePlateText } from '@sallyport/core/plate'
import { tolerances, watchLimits } from '@sallyport/core/watch'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { dayIn } from './day-in.ts'
import { PreviewPanel } from './preview-panel.tsx'
import { limits, previewQuery, watchKeys } from './watch-queries.ts'
import { acceptsWords } from './words.ts'

type Terms = {
  readonly plate: string
  readonly jurisdiction: string
  readonly issuer: string
  readonly reason: string
  readonly expires: string
  readonly tolerance: number
}

/** Puts a plate on the list: what it would accept is shown before it can be saved. */
export function MakeDialog(props: { readonly onClose: () => void }): ReactElement {
  const { onClose } = props
  const client = useQueryClient()
  const [terms, setTerms] = useState<Terms>(() => ({
    plate: '',
    jurisdiction: '',
    issuer: '',
    reason: '',
    expires: dayIn(30),
    tolerance: watchLimits.toleranceDefault,
  }))
  const plate = parsePlateText(terms.plate) ?? ''
  const [settled] = useDebouncedValue(plate, limits.previewAfterMs)
  const preview = useQuery(previewQuery(settled, terms.tolerance))
  const { busy, error, run } = useAction()
  // Only the preview of exactly what is about to be saved counts.
  const seen = settled === plate ? preview.data : undefined
  const ready = seen !== undefined && !seen.too_wide && isComplete(terms)
  const make = async (): Promise<void> => {
    if (seen === undefined) return
    await request('/v1/watch/entries', {
      method: 'POST',
      body: {
        plate,
        jurisdiction: parseJurisdiction(terms.jurisdiction),
        issuer: terms.issuer.trim(),
        reason: terms.reason.trim(),
        expires_at: terms.expires,
        tolerance: terms.tolerance,
        accepts: seen.accepts,
      },
    })
    await client.invalidateQueries({ queryKey: watchKeys.entries })
    notifyDone('In force', `${plate} is looked for from now on; it stands in the log.`)
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Look for a plate" size="xl" centered>
      <form
        className="sp-make"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(make)
        }}
      >
        <Fields terms={terms} onChange={(change) => setTerms({ ...terms, ...change })} />
        <PreviewPanel
          plate={plate}
          preview={seen}
          error={preview.error}
          waiting={plate !== '' && seen === undefined}
        />
        <div className="sp-make-end">
          {error !== null && <FailureNote doing="Not put in force" error={error} />}
          <div className="sp-form-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              {seen === undefined ? 'Put in force' : `Put in force: ${acceptsWords(seen.accepts)}`}
            </Button>
          </div>
        </div>
      </form>
    </Modal>
  )
}

function isComplete(terms: Terms): boolean {
  const place = terms.jurisdiction.trim()
  return (
    terms.issuer.trim() !== '' &&
    terms.reason.trim().length >= watchLimits.reasonLengthMin &&
    terms.expires !== '' &&
    (place === '' || parseJurisdiction(place) !== null)
  )
}

const toleranceWords: Readonly<Record<number, string>> = {
  0: 'None: this plate alone',
  1: 'One character mistaken',
  2: 'Two characters mistaken',
}

function Fields(props: {
  readonly terms: Terms
  readonly onChange: (change: Partial<Terms>) => void
}): ReactElement {
  const { terms, onChange } = props
  const place = terms.jurisdiction.trim()
  return (
    <div className="sp-make-fields">
      <TextInput
        label="Plate"
        required
        data-autofocus
        autoComplete="off"
        spellCheck={false}
        maxLength={40}
        value={terms.plate}
        error={
          terms.plate !== '' && parsePlateText(terms.plate) === null
            ? 'Letters and digits, at most 12'
            : null
        }
        onChange={(event) => onChange({ plate: event.currentTarget.value })}
      />
      <Radio.Group
        label="Misreads it accepts"
        description="O 0 Q D, I 1 L T, B 8, S 5, Z 2 and G 6 are mistaken for each other."
        value={String(terms.tolerance)}
        onChange={(value) => onChange({ tolerance: Number(value) })}
      >
        <div className="sp-make-tolerances">
          {tolerances.map((one) => (
            <Radio key={one} value={String(one)} label={toleranceWords[one]} />
          ))}
        </div>
      </Radio.Group>
      <TextInput
        label="Reason"
        required
        maxLength={watchLimits.reasonLengthMax}
        value={terms.reason}
        onChange={(event) => onChange({ reason: event.currentTarget.value })}
      />
      <TextInput
        label="Issuer"
        description="Who asks for it: an agency with its reference."
        required
        maxLength={watchLimits.issuerLengthMax}
        value={terms.issuer}
        onChange={(event) => onChange({ issuer: event.currentTarget.value })}
      />
      <TextInput
        label="Until the end of"
        description="UTC. Nobody looks for it after that, unless it is renewed."
        required
        type="date"
        min={dayIn(0)}
        max={dayIn(watchLimits.expiryDaysMax - 1)}
        value={terms.expires}
        onChange={(event) => onChange({ expires: event.currentTarget.value })}
      />
      <TextInput
        label="Jurisdiction (optional)"
        placeholder="us-ca"
        autoComplete="off"
        spellCheck={false}
        maxLength={20}
        value={terms.jurisdiction}
        error={place !== '' && parseJurisdiction(place) === null ? 'Like us-ca, mx-bcn, gb' : null}
        onChange={(event) => onChange({ jurisdiction: event.currentTarget.value })}
      />
    </div>
  )
}
