import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useAction } from '../shell/use-action.ts'
import { keys, type Recipient, recipientsQuery } from './api.ts'

const empty = { party: '', name: '', contact: '', key: '' } as const
type Draft = { readonly [Field in keyof typeof empty]: string }

/** Keys that copies may be sealed to. One that was revoked is never taken again. */
export function Recipients(props: { readonly keeps: boolean }): ReactElement {
  const recipients = useQuery(recipientsQuery)
  return (
    <section className="sp-section sp-panel">
      <h2>Recipients</h2>
      {recipients.isError && (
        <FailureNote
          doing="The recipients could not be read"
          error={recipients.error}
          onRetry={() => void recipients.refetch()}
        />
      )}
      {recipients.data?.length === 0 && <p className="sp-quiet">There are none.</p>}
      {recipients.data?.map((one) => (
        <Row key={one.id} recipient={one} keeps={props.keeps} />
      ))}
      {props.keeps && <NewRecipient />}
    </section>
  )
}

function Row(props: { readonly recipient: Recipient; readonly keeps: boolean }): ReactElement {
  const { recipient, keeps } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const revoke = async (): Promise<void> => {
    await request(`/v1/recipients/${recipient.id}/revocation`, { method: 'POST', body: {} })
    await client.invalidateQueries({ queryKey: keys.recipients })
  }
  return (
    <article className="sp-release" aria-label={recipient.name}>
      <header>
        <h3>{recipient.name}</h3>
        <span className="sp-quiet">
          {recipient.revoked_at === null ? (
            <>
              since <Instant at={recipient.added_at} />
            </>
          ) : (
            <>
              revoked <Instant at={recipient.revoked_at} />
            </>
          )}
        </span>
      </header>
      <p className="sp-mono sp-release-key">{recipient.key}</p>
      <p className="sp-quiet">{recipient.party.contact}</p>
      {keeps && recipient.revoked_at === null && (
        <Button size="compact-md" variant="default" loading={busy} onClick={() => run(revoke)}>
          Revoke the key
        </Button>
      )}
      {error !== null && <FailureNote doing="It was not revoked" error={error} />}
    </article>
  )
}

function NewRecipient(): ReactElement {
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(empty)
  const { busy, error, run } = useAction()
  const add = async (): Promise<void> => {
    await request('/v1/recipients', { method: 'POST', body: draft })
    setDraft(empty)
    await client.invalidateQueries({ queryKey: keys.recipients })
  }
  const field = (name: keyof Draft, label: string, description: string): ReactElement => (
    <TextInput
      label={label}
      description={description}
      maxLength={200}
      value={draft[name]}
      onChange={({ currentTarget }) => setDraft({ ...draft, [name]: currentTarget.value })}
    />
  )
  return (
    <details className="sp-release-attest">
      <summary>Add a recipient</summary>
      <form
        className="sp-releases-form"
        onSubmit={(event) => {
          event.preventDefault()
          run(add)
        }}
      >
        {field('party', 'Short name', 'Lower case, digits and hyphens: district-court')}
        {field('name', 'Full name', 'The court or agency')}
        {field('contact', 'Contact', 'Whom the agency calls when copies are overdue')}
        {field('key', 'Key', 'Its age recipient, age1…, confirmed on another way than it came')}
        <Button
          type="submit"
          loading={busy}
          disabled={Object.values(draft).some((value) => value.trim() === '')}
        >
          Add it
        </Button>
      </form>
      {error !== null && <FailureNote doing="It was not added" error={error} />}
    </details>
  )
}
