import { Button, Checkbox, CopyButton, Select, TextInput } from '@mantine/core'
import { roles, type Role } from '@sallyport/core/opening'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import type { Invitation } from '../api/types.ts'
import { partiesQuery } from '../contractors/api.ts'
import { roleWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useAction } from '../shell/use-action.ts'

/** Makes an account and the link that lets its person in once. */
export function InviteForm(): ReactElement {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Role[]>([])
  const [party, setParty] = useState('agency')
  const [unit, setUnit] = useState('')
  const parties = useQuery(partiesQuery)
  const agency = party === 'agency'
  const [made, setMade] = useState<Made | null>(null)
  const { busy, error, run } = useAction()
  const invite = async (): Promise<void> => {
    const body = { name: name.trim(), roles: agency ? chosen : [], party, unit: unit.trim() }
    const link = await request<Invitation>('/v1/invitations', { method: 'POST', body })
    setMade({ name: body.name, link })
    setName('')
    setChosen([])
    await client.invalidateQueries({ queryKey: keys.accounts })
  }
  return (
    <section className="sp-section sp-panel">
      <h2>Invite somebody</h2>
      <form
        className="sp-invite"
        onSubmit={(event) => {
          event.preventDefault()
          run(invite)
        }}
      >
        <TextInput
          label="Name"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Works for"
          data={(parties.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
          value={party}
          allowDeselect={false}
          onChange={(value) => setParty(value ?? 'agency')}
        />
        {agency ? (
          <>
            <TextInput
              label="Unit"
              description="Grants are signed by people of two units"
              maxLength={80}
              value={unit}
              onChange={(event) => setUnit(event.currentTarget.value)}
            />
            <RoleChoices chosen={chosen} onChoose={setChosen} />
          </>
        ) : (
          <p className="sp-quiet">
            A contractor’s people have no roles: they see what the grants of their party say.
          </p>
        )}
        <Button
          type="submit"
          loading={busy}
          disabled={name.trim() === '' || (agency && chosen.length === 0)}
        >
          Make a one-time link
        </Button>
      </form>
      {error !== null && <FailureNote doing="No link was made" error={error} />}
      {made !== null && <MadeLink made={made} />}
    </section>
  )
}

function RoleChoices(props: {
  readonly chosen: readonly Role[]
  readonly onChoose: (roles: readonly Role[]) => void
}): ReactElement {
  return (
    <Checkbox.Group
      label="Roles"
      value={[...props.chosen]}
      onChange={(values) => props.onChoose(roles.filter((role) => values.includes(role)))}
    >
      <div className="sp-invite-roles">
        {roles.map((role) => (
          <Checkbox
            key={role}
            value={role}
            label={roleWords[role].name}
            description={roleWords[role].hint}
          />
        ))}
      </div>
    </Checkbox.Group>
  )
}

type Made = { readonly name: string; readonly link: Invitation }

function MadeLink(props: { readonly made: Made }): ReactElement {
  const { name, link } = props.made
  return (
    <div className="sp-invite-made" role="status">
      <p>
        <strong>For {name}:</strong> works once, until <Instant at={link.expires_at} />. It is shown
        this once; hand it over by a way you trust.
      </p>
      <pre className="sp-mono">{link.url}</pre>
      <CopyButton value={link.url}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? 'Copied' : 'Copy link'}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}
