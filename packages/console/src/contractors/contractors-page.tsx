import { Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { grantsQuery } from './api.ts'
import { DecisionExplainer } from './decision-explainer.tsx'
import { EquipmentRegister } from './equipment-register.tsx'
import { GrantCard } from './grant-card.tsx'
import { ModelResults } from './model-results.tsx'
import { NewGrant } from './new-grant.tsx'
import { Parties } from './parties.tsx'
import { Secondings } from './secondings.tsx'
import { SupervisedActs } from './supervised-acts.tsx'
import { SupervisionPanel } from './supervision-panel.tsx'

import './contractors.css'

/** What contractors may be shown: signed by two units, carried out as it is written. */
export function ContractorsPage(): ReactElement {
  const { account } = useSession()
  const own = account.party !== 'agency'
  const title = own ? 'Your grants' : 'Contractors'
  useTitle(title)
  const keeps = useHolds('supervisor', 'privacy')
  const explains = useHolds('supervisor', 'privacy', 'auditor', 'responder')
  const evaluates = useHolds('integrator', 'supervisor', 'privacy', 'auditor')
  return (
    <>
      <div className="sp-page-head">
        <h1>{title}</h1>
        <p>
          {own
            ? 'What your party may look at, what of it is used up, and what you asked for.'
            : 'Nobody outside the agency sees a picture without one of these, signed by two units.'}
        </p>
      </div>
      <div className="sp-contractors">
        <Secondings own={own} />
        <SupervisedActs own={own} />
        <Grants own={own} />
        {keeps && <NewGrant />}
        {(own || explains) && <DecisionExplainer own={own} />}
        {(own || evaluates) && <ModelResults own={own} />}
        {!own && explains && <SupervisionPanel />}
        {!own && <Parties />}
        {!own && <EquipmentRegister />}
      </div>
    </>
  )
}

function Grants(props: { readonly own: boolean }): ReactElement {
  const grants = useQuery(grantsQuery)
  return (
    <section className="sp-section sp-panel">
      <h2>Grants</h2>
      {grants.isError && (
        <FailureNote
          doing="The grants could not be read"
          error={grants.error}
          onRetry={() => void grants.refetch()}
        />
      )}
      {grants.isPending && <Skeleton height={120} aria-label="Reading the grants" />}
      {grants.data?.length === 0 && (
        <p>
          {props.own
            ? 'Your party has none. Ask the agency for one: until it is signed nothing opens.'
            : 'There is none, so no contractor sees anything.'}
        </p>
      )}
      {grants.data?.map((grant) => (
        <GrantCard key={`${grant.id}/${grant.version}`} grant={grant} />
      ))}
    </section>
  )
}
