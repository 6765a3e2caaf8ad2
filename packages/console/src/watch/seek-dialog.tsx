import { Button, FileInput, Modal, TextInput } from '@mantine/core'
import { travellerWatchLimits } from '@sallyport/core/faces/traveller-watch'
import { watchLimits } from '@sallyport/core/watch'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { base64Of, limits as photoLimits } from '../galleries/api.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { dayIn } from './day-in.ts'
import { watchKeys } from './watch-queries.ts'

type Terms = {
  readonly reason: string
  readonly issuer: string
  readonly expires: string
  readonly name: string
  readonly born: string
  readonly documentNumber: string
  readonly documentIssuer: string
}

/** A file and where the page shows it from. */
type Chosen = { readonly file: File; readonly url: string }

/** Looks for a traveller by a photograph; it is described inside the hub and shown here only. */
export function SeekDialog(props: { readonly onClose: () => void }): ReactElement {
  const { onClose } = props
  const client = useQueryClient()
  const [terms, setTerms] = useState<Terms>(() => ({
    reason: '',
    issuer: '',
    expires: dayIn(30),
    name: '',
    born: '',
    documentNumber: '',
    documentIssuer: '',
  }))
  const [photograph, setPhotograph] = useState<Chosen | null>(null)
  const { busy, error, run } = useAction()
  const ready =
    photograph !== null &&
    terms.issuer.trim() !== '' &&
    terms.reason.trim().length >= watchLimits.reasonLengthMin &&
    terms.expires !== ''
  const seek = async (file: File): Promise<void> => {
    await request('/v1/watch/travellers', {
      method: 'POST',
      body: {
        issuer: terms.issuer.trim(),
        reason: terms.reason.trim(),
        expires_at: terms.expires,
        name: terms.name.trim(),
        born: terms.born === '' ? null : terms.born,
        document_number: terms.documentNumber.trim(),
        document_issuer: terms.documentIssuer.trim(),
        photograph: await base64Of(file),
      },
      timeoutMs: photoLimits.photosMs,
    })
    await client.invalidateQueries({ queryKey: watchKeys.all })
    notifyDone('In force', 'They are looked for from now on; it stands in the log.')
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Look for a traveller" size="xl" centered>
      <form
        className="sp-make"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(() => seek(photograph.file))
        }}
      >
        <Fields terms={terms} onChange={(change) => setTerms({ ...terms, ...change })} />
        <Photograph chosen={photograph} onChange={setPhotograph} />
        <div className="sp-make-end">
          {error !== null && <FailureNote doing="Not put in force" error={error} />}
          <div className="sp-form-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={busy} disabled={!ready}>
              Put in force
            </Button>
          </div>
        </div>
      </form>
    </Modal>
  )
}

function Photograph(props: {
  readonly chosen: Chosen | null
  readonly onChange: (chosen: Chosen | null) => void
}): ReactElement {
  const { chosen, onChange } = props
  const url = chosen?.url
  useEffect(() => (url === undefined ? undefined : () => URL.revokeObjectURL(url)), [url])
  return (
    <div className="sp-make-fields">
      <FileInput
        label="Photograph"
        description="One person, looking ahead, eyes at least 60 pixels apart. It is kept sealed and goes with the entry."
        placeholder="Choose a file…"
        required
        accept="image/jpeg,image/png,image/webp"
        value={chosen?.file ?? null}
        onChange={(file) =>
          onChange(file === null ? null : { file, url: URL.createObjectURL(file) })
        }
      />
      {url !== undefined && (
        <img className="sp-seek-photograph" src={url} alt="The photograph that was chosen" />
      )}
    </div>
  )
}

function Fields(props: {
  readonly terms: Terms
  readonly onChange: (change: Partial<Terms>) => void
}): ReactElement {
  const { terms, onChange } = props
  return (
    <div className="sp-make-fields">
      <TextInput
        label="Reason"
        required
        data-autofocus
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
        description="UTC. Nobody looks for them after that, and the photograph is gone."
        required
        type="date"
        min={dayIn(0)}
        max={dayIn(watchLimits.expiryDaysMax - 1)}
        value={terms.expires}
        onChange={(event) => onChange({ expires: event.currentTarget.value })}
      />
      <TextInput
        label="Name (optional)"
        autoComplete="off"
        maxLength={travellerWatchLimits.nameLengthMax}
        value={terms.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        label="Born (optional)"
        description="Of children no entry is made."
        type="date"
        value={terms.born}
        onChange={(event) => onChange({ born: event.currentTarget.value })}
      />
      <TextInput
        label="Document number (optional)"
        autoComplete="off"
        spellCheck={false}
        maxLength={travellerWatchLimits.documentLengthMax}
        value={terms.documentNumber}
        onChange={(event) => onChange({ documentNumber: event.currentTarget.value })}
      />
      <TextInput
        label="Issued by (optional)"
        placeholder="USA"
        autoComplete="off"
        spellCheck={false}
        maxLength={travellerWatchLimits.documentLengthMax}
        value={terms.documentIssuer}
        onChange={(event) => onChange({ documentIssuer: event.currentTarget.value })}
      />
    </div>
  )
}
