import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core'
import {
  type EventType,
  eventTypes,
  platePurposes,
  plateReleasers,
  type SubscriptionPurpose,
  subscriptionPurposes,
} from '@sallyport/core/delivery'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { eventWords, keys, purposeWords, type WebhookSecret } from './api.ts'
import { SecretNote } from './secret-note.tsx'

/** Sets up a webhook and shows its secrets once. */
export function NewWebhook(): ReactElement {
  const client = useQueryClient()
  const releases = useHolds(...plateReleasers)
  const [name, setName] = useState('')
  const [url, setUrl] = useState('')
  const [purpose, setPurpose] = useState<SubscriptionPurpose>('operations')
  const [types, setTypes] = useState<readonly EventType[]>(['crossing.recorded'])
  const [plates, setPlates] = useState(false)
  const [made, setMade] = useState<WebhookSecret | null>(null)
  const { busy, error, run } = useAction()
  const mayPlates = releases && platePurposes.includes(purpose)
  const make = async (): Promise<void> => {
    const body = {
      name: name.trim(),
      url: url.trim(),
      purpose,
      event_types: types,
      plates: plates && mayPlates,
    }
    setMade(await request<WebhookSecret>('/v1/subscriptions', { method: 'POST', body }))
    setName('')
    setUrl('')
    setPlates(false)
    await client.invalidateQueries({ queryKey: keys.subscriptions })
  }
  return (
    <form
      className="sp-integration-form"
      onSubmit={(event) => {
        event.preventDefault()
        run(make)
      }}
    >
      <h3>A new webhook</h3>
      <TextInput
        label="System"
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Address"
        placeholder="https://"
        maxLength={500}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <NativeSelect
        label="What it is told for"
        value={purpose}
        onChange={(event) => setPurpose(purposeOf(event.currentTarget.value))}
        data={subscriptionPurposes.map((value) => ({ value, label: purposeWords[value] }))}
      />
      <Checkbox.Group
        label="Events"
        value={[...types]}
        onChange={(values) => setTypes(eventTypes.filter((type) => values.includes(type)))}
      >
        {eventTypes.map((type) => (
          <Checkbox key={type} value={type} label={eventWords[type]} mt="xs" />
        ))}
      </Checkbox.Group>
      <Checkbox
        label="Plates in clear leave with them"
        description={
          mayPlates
            ? 'Each plate that is sent has its own entry in the log.'
            : 'Only for gate control or a case system, by a supervisor or the privacy officer.'
        }
        disabled={!mayPlates}
        checked={plates && mayPlates}
        onChange={(event) => setPlates(event.currentTarget.checked)}
      />
      <Button
        type="submit"
        loading={busy}
        disabled={name.trim() === '' || url.trim() === '' || types.length === 0}
      >
        Set it up
      </Button>
      {error !== null && <FailureNote doing="It was not set up" error={error} />}
      {made !== null && (
        <SecretNote
          secrets={[
            { name: 'Secret', value: made.secret },
            { name: 'Public key', value: made.public_key },
          ]}
        >
          The receiver checks signatures with one of these; the public key cannot sign.
        </SecretNote>
      )}
    </form>
  )
}

function purposeOf(value: string): SubscriptionPurpose {
  return subscriptionPurposes.find((one) => one === value) ?? 'operations'
}
