import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core'
import {
  canariesFor,
  releaseLimits,
  type ReleasePurpose,
  releasePurposes,
} from '@sallyport/core/releases/release'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useAction } from '../shell/use-action.ts'
import { keys, recipientsQuery, releasePurposeWords } from './api.ts'

type Draft = {
  readonly recipient: string | null
  readonly purpose: ReleasePurpose
  readonly basis: string
  readonly pictures: string
  readonly days: number
  /** Null: as many as are usual. */
  readonly canaries: number | null
}

const empty: Draft = {
  recipient: null,
  purpose: 'court',
  basis: '',
  pictures: '',
  days: 30,
  canaries: null,
}

/** Asks for copies of pictures by their ids, as the pages of crossings show them. */
export function NewRelease(): ReactElement {
  const client = useQueryClient()
  const recipients = useQuery(recipientsQuery)
  const [draft, setDraft] = useState(empty)
  const { busy, error, run } = useAction()
  const captures = idsIn(draft.pictures)
  const ask = async (): Promise<void> => {
    const { recipient, purpose, basis, days, canaries } = draft
    const expires_at = new Date(Date.now() + days * 86_400_000).toISOString()
    const body = { recipient, purpose, basis, expires_at, captures }
    await request('/v1/releases', {
      method: 'POST',
      body: canaries === null ? body : { ...body, canaries },
    })
    setDraft(empty)
    await client.invalidateQueries({ queryKey: keys.releases })
  }
  const inForce = (recipients.data ?? []).filter(({ revoked_at: revoked }) => revoked === null)
  return (
    <section className="sp-section sp-panel">
      <h2>Ask for a release</h2>
      <form
        className="sp-releases-form"
        onSubmit={(event) => {
          event.preventDefault()
          run(ask)
        }}
      >
        <Select
          label="For"
          placeholder={inForce.length === 0 ? 'Add a recipient below first' : 'Recipient'}
          data={inForce.map(({ id, name, key }) => ({
            value: id,
            label: `${name} (…${key.slice(-8)})`,
          }))}
          value={draft.recipient}
          onChange={(recipient) => setDraft({ ...draft, recipient })}
        />
        <Select
          label="Why"
          data={releasePurposes.map((value) => ({ value, label: releasePurposeWords[value] }))}
          value={draft.purpose}
          allowDeselect={false}
          onChange={(value) => {
            const purpose = releasePurposes.find((one) => one === value)
            if (purpose !== undefined) setDraft({ ...draft, purpose })
          }}
        />
        <TextInput
          label="Order or case"
          maxLength={200}
          value={draft.basis}
          onChange={({ currentTarget }) => setDraft({ ...draft, basis: currentTarget.value })}
        />
        <Textarea
          label="Pictures"
          description={`Their ids, one a line; at most ${releaseLimits.capturesMax}`}
          autosize
          minRows={3}
          maxRows={10}
          value={draft.pictures}
          onChange={({ currentTarget }) => setDraft({ ...draft, pictures: currentTarget.value })}
        />
        <NumberInput
          label="Due back after days"
          min={1}
          max={releaseLimits.daysMax}
          value={draft.days}
          onChange={(days) => setDraft({ ...draft, days: Number(days) })}
        />
        <NumberInput
          label="Drawn records among them"
          description="Found outside, they say whose copies leaked. The recipient is not told which they are."
          min={0}
          max={releaseLimits.canariesMax}
          value={draft.canaries ?? canariesFor(Math.max(1, captures.length))}
          onChange={(canaries) => setDraft({ ...draft, canaries: Number(canaries) })}
        />
        <Button
          type="submit"
          loading={busy}
          disabled={draft.recipient === null || draft.basis.trim() === '' || captures.length === 0}
        >
          Ask two others to approve
        </Button>
      </form>
      {error !== null && <FailureNote doing="It was not asked for" error={error} />}
    </section>
  )
}

function idsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((id) => id !== '')
}
