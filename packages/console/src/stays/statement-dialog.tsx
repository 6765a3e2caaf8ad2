import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { statementLimits } from '@sallyport/core/stays/statement'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import type { StayCandidate, StayDetail, StayPassage } from '../api/stay-types.ts'
import { instantAtPort } from '../format/time.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useZone } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { stayKeys } from './stay-queries.ts'

type Kind = 'left' | 'entered' | 'set_aside' | 'admitted'

/** What a named person says about an entry or exit; what was recorded stays as it was. */
export function StatementDialog(props: {
  readonly stay: StayDetail
  readonly pairing?: StayCandidate
  readonly onClose: () => void
}): ReactElement | null {
  const { stay, pairing, onClose } = props
  const client = useQueryClient()
  const zone = useZone()
  const [own] = stay.passages
  const kinds = own === undefined ? [] : kindsFor(own)
  const [kind, setKind] = useState<Kind>(kinds[0]?.value ?? 'set_aside')
  const [reason, setReason] = useState('')
  const [when, setWhen] = useState('')
  const { busy, error, run } = useAction()
  if (own === undefined) return null
  const [entry, exit] =
    own.direction === 'in' ? [own, pairing?.passage] : [pairing?.passage ?? own, own]
  const claim =
    pairing === undefined ? claimOf(kind, when, zone) : { kind: 'paired', exit: exit?.id ?? '' }
  const about = pairing === undefined ? own.id : entry.id
  const kept = kind === 'admitted' && pairing === undefined ? 'admission' : 'correction'
  const ready = reason.trim().length >= statementLimits.reasonLengthMin && claim !== null
  const state = async (): Promise<void> => {
    const held = stay.statements.findLast((one) => one.passage === about && one.class === kept)
    await request('/v1/stays/statements', {
      method: 'POST',
      body: { passage: about, claim, reason: reason.trim(), supersedes: held?.id ?? null },
    })
    await client.invalidateQueries({ queryKey: stayKeys.all })
    notifyDone('Stated', 'It counts from now on, with your name. What was recorded is unchanged.')
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        pairing === undefined
          ? `About ${own.text ?? stay.document?.number ?? 'this plate'}`
          : 'They belong together?'
      }
      centered
    >
      <form
        className="sp-stay-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(state)
        }}
      >
        {pairing === undefined ? (
          <SegmentedControl
            fullWidth
            aria-label="What you state"
            data={kinds.map((one) => ({ ...one }))}
            value={kind}
            onChange={(value) => setKind(kinds.find((one) => one.value === value)?.value ?? kind)}
          />
        ) : (
          <p>
            The entry read as <strong>{entry.text}</strong> and the exit read as{' '}
            <strong>{exit?.text}</strong> become one stay. Both readings stay as they are.
          </p>
        )}
        {pairing === undefined && kind !== 'set_aside' && (
          <TextInput
            label={kind === 'admitted' ? 'Until the end of' : `When, on the clock of ${zone}`}
            type={kind === 'admitted' ? 'date' : 'datetime-local'}
            value={when}
            onChange={(event) => setWhen(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Reason"
          data-autofocus
          maxLength={statementLimits.reasonLengthMax}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {error !== null && <FailureNote doing="Not stated" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            State it
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function kindsFor(own: StayPassage): readonly { readonly value: Kind; readonly label: string }[] {
  const aside = {
    value: 'set_aside',
    label: `No ${own.direction === 'in' ? 'entry' : 'exit'}`,
  } as const
  return own.direction === 'in'
    ? [{ value: 'left', label: 'It left' }, { value: 'admitted', label: 'Admitted until' }, aside]
    : [{ value: 'entered', label: 'It had entered' }, aside]
}

/** The claim as the hub takes it; null while something is missing. */
function claimOf(kind: Kind, when: string, zone: string): Record<string, unknown> | null {
  if (kind === 'set_aside') return { kind }
  if (when === '') return null
  if (kind === 'admitted') return { kind, until: when }
  const at = instantAtPort(when, zone)
  return at === null ? null : { kind, at: at.toISOString() }
}
