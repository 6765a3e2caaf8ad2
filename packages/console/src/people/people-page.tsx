import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { accountsQuery } from '../api/queries.ts'
import type { AccountRow } from '../api/types.ts'
import { roleWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { useTitle } from '../shell/title.ts'
import { InviteForm } from './invite-form.tsx'

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
