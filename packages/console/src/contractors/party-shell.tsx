import type { ReactElement } from 'react'

import { AccountMenu } from '../shell/account-menu.tsx'
import { MarkIcon } from '../shell/icons.tsx'
import { useSession } from '../shell/session-context.ts'
import { ContractorsPage } from './contractors-page.tsx'

/** All that a contractor's people see: their grants. No event of a lane reaches this page. */
export function PartyShell(props: {
  readonly shortcuts: boolean
  readonly onShortcuts: (on: boolean) => void
}): ReactElement {
  const { port } = useSession()
  return (
    <>
      <header className="sp-top">
        <span className="sp-brand">
          <MarkIcon size={22} />
          <span>Sallyport</span>
        </span>
        <div className="sp-top-end">
          <span className="sp-port-name">{port.name}</span>
          <AccountMenu {...props} />
        </div>
      </header>
      <main className="sp-main" id="main">
        <ContractorsPage />
      </main>
    </>
  )
}
