import type { ReactElement } from 'react'

import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { Tokens } from './tokens.tsx'
import { Webhooks } from './webhooks.tsx'

import './integrations.css'

/** Other systems: those that ask here, and those that are told. */
export function IntegrationsPage(): ReactElement {
  useTitle('Integrations')
  const keepsTokens = useHolds('integrator', 'supervisor')
  return (
    <>
      <div className="sp-page-head">
        <h1>Integrations</h1>
        <p>Every way out of here has a purpose and a person, and stands in the log.</p>
      </div>
      <div className="sp-integrations">
        <Webhooks />
        {keepsTokens && <Tokens />}
      </div>
    </>
  )
}
