import { Button, Checkbox, CopyButton, Skeleton, TextInput } from '@mantine/core'
import { roles, type Role } from '@sallyport/core/opening'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { accountsQuery, keys } from '../api/queries.ts'
import type { AccountRow, Invitation } from '../api/types.ts'
import { roleWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useTitle } from '../shell/title.ts'

import './people.css'

/** Who has access and as what; and a link that lets somebody in. */
export function PeoplePage(): ReactElement {
  useTitle('People')
  const accounts = useQuery(accountsQuery)
  return (
    <>
      <div className="sp-page-head">
        <h1>People</h1>
        <p>Roles decide which purposes a person may name. Nobody shares an account.</p>
      </div>
      <div className="sp-people">
        <div>
          {accounts.isError && (
            <FailureNote
              doing="The accounts could not be read"
              error={accounts.error}
              onRetry={() => void accounts.refetch()}
            />
          )}
          {accounts.isPending && <Skeleton height={240} aria-label="Reading the accounts" />}
          {accounts.data !== undefined && <Accounts accounts={accounts.data} />}
        </div>
        <InviteForm />
      </div>
    </>
  )
}

function Accounts(props: { readonly accounts: readonly AccountRow[] }): ReactElement {
  return (
    <div className="sp-list sp-accounts sp-panel">
      <table>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Roles</th>
            <th scope="col">Passkeys</th>
            <th scope="col">Since</th>
          </tr>
        </thead>
        <tbody>
          {props.accounts.map((account) => (
            <tr key={account.id} data-disabled={account.disabled}>
              <th scope="row">
                {account.name}
                {account.disabled && <span className="sp-quiet"> (disabled)</span>}
              </th>
              <td className="sp-accounts-roles">
                {account.roles.map((role) => roleWords[role]?.name ?? role).join(', ')}
              </td>
              <td data-name="Passkeys">
                {account.passkeys === 0 ? (
                  <span className="sp-quiet">none yet</span>
                ) : (
                  account.passkeys
                )}
              </td>
              <td className="sp-list-time" data-name="Since">
                <Instant at={account.created_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function InviteForm(): ReactElement {
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [chosen, setChosen] = useState<readonly Role[]>([])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [made, setMade] = useState<{ readonly name: string; readonly link: Invitation } | null>(
    null,
  )
  const invite = async (): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const link = await request<Invitation>('/v1/invitations', {
        method: 'POST',
        body: { name: name.trim(), roles: chosen },
      })
      setMade({ name: name.trim(), link })
      setName('')
      setChosen([])
      await client.invalidateQueries({ queryKey: keys.accounts })
    } catch (failure) {
      setError(failure)
    }
    setBusy(false)
  }
  return (
    <section className="sp-section sp-panel">
      <h2>Invite somebody</h2>
      <form
        className="sp-invite"
        onSubmit={(event) => {
          event.preventDefault()
          void invite()
        }}
      >
        <TextInput
          label="Name"
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Checkbox.Group
          label="Roles"
          value={[...chosen]}
          onChange={(values) => setChosen(roles.filter((role) => values.includes(role)))}
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
        <Button type="submit" loading={busy} disabled={name.trim() === '' || chosen.length === 0}>
          Make a one-time link
        </Button>
      </form>
      {error !== null && <FailureNote doing="No link was made" error={error} />}
      {made !== null && (
        <div className="sp-invite-made" role="status">
          <p>
            <strong>For {made.name}:</strong> works once, until{' '}
            <Instant at={made.link.expires_at} />. It is shown this once; hand it over by a way you
            trust.
          </p>
          <pre className="sp-mono">{made.link.url}</pre>
          <CopyButton value={made.link.url}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy}>
                {copied ? 'Copied' : 'Copy link'}
              </Button>
            )}
          </CopyButton>
        </div>
      )}
    </section>
  )
}
