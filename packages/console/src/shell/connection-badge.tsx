import type { ReactElement } from 'react'

import { useConnection } from '../events/provider.tsx'
import { clockTime } from '../format/time.ts'
import { useZone } from './session-context.ts'

/** 'Live', or since when it is not. A changed state is announced; the passing seconds are not. */
export function ConnectionBadge(): ReactElement {
  const connection = useConnection()
  const zone = useZone()
  return (
    <div className="sp-connection" data-state={connection.kind} role="status">
      <span className="sp-connection-dot" aria-hidden="true" />
      {connection.kind === 'live' && <span>Live</span>}
      {connection.kind === 'connecting' && <span>Connecting…</span>}
      {connection.kind === 'reconnecting' && (
        <span>
          Reconnecting…
          <span className="sp-connection-as-of">
            {connection.heardAt === null
              ? ' no data yet'
              : ` data as of ${clockTime(connection.heardAt, zone)}`}
          </span>
        </span>
      )}
    </div>
  )
}
