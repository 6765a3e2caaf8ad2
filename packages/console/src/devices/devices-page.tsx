import { Button, Skeleton } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { lanesQuery } from '../api/queries.ts'
import type { Lane } from '../api/types.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useHolds } from '../shell/session-context.ts'
import { useTitle } from '../shell/title.ts'
import { AlarmsPanel } from './alarms-panel.tsx'
import { AttestationsPanel } from './attestations-panel.tsx'
import { DeviceEvents } from './device-events.tsx'
import { EnrolDialog } from './enrol-dialog.tsx'
import { HealthTable } from './health-table.tsx'
import { MaintenancePanel } from './maintenance-panel.tsx'
import { QuarantineDialog } from './quarantine-dialog.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'

import './devices.css'

type Dialog =
  | { readonly kind: 'none' }
  | { readonly kind: 'enrol'; readonly lane: Lane | null }
  | { readonly kind: 'revoke'; readonly lane: Lane }
  | { readonly kind: 'quarantine'; readonly lane: Lane }

/** Whether every lane is well, what is wrong where it is not, and how to add or shut out a device. */
export function DevicesPage(): ReactElement {
  useTitle('Devices')
  const lanes = useQuery(lanesQuery)
  const keeper = useHolds('integrator', 'supervisor')
  const cutter = useHolds('responder', 'privacy', 'auditor')
  const [dialog, setDialog] = useState<Dialog>({ kind: 'none' })
  const close = (): void => setDialog({ kind: 'none' })
  return (
    <>
      <div className="sp-page-head">
        <h1>Devices</h1>
        <p>One computer at each lane, with its own key. None of them can open a picture.</p>
        {keeper && (
          <Button
            className="sp-page-action"
            onClick={() => setDialog({ kind: 'enrol', lane: null })}
          >
            Add a lane
          </Button>
        )}
      </div>
      <AlarmsPanel lanes={lanes.data ?? []} />
      {lanes.isError && (
        <FailureNote
          doing="The devices could not be read"
          error={lanes.error}
          onRetry={() => void lanes.refetch()}
        />
      )}
      {lanes.isPending && <Skeleton height={240} aria-label="Reading the devices" />}
      {lanes.data?.length === 0 && (
        <div className="sp-empty sp-panel">
          <h2>No lanes yet</h2>
          <p>A lane is added in a minute: name it here, then run one command at the camera.</p>
        </div>
      )}
      {lanes.data !== undefined && lanes.data.length > 0 && (
        <HealthTable
          lanes={lanes.data}
          keeper={keeper}
          onEnrol={(lane) => setDialog({ kind: 'enrol', lane })}
          onRevoke={(lane) => setDialog({ kind: 'revoke', lane })}
          cutter={cutter}
          onQuarantine={(lane) => setDialog({ kind: 'quarantine', lane })}
        />
      )}
      <MaintenancePanel lanes={lanes.data ?? []} />
      <AttestationsPanel lanes={lanes.data ?? []} />
      <DeviceEvents lanes={lanes.data ?? []} />
      {dialog.kind === 'enrol' && <EnrolDialog lane={dialog.lane} onClose={close} />}
      {dialog.kind === 'quarantine' && <QuarantineDialog lane={dialog.lane} onClose={close} />}
      {dialog.kind === 'revoke' && <RevokeDialog lane={dialog.lane} onClose={close} />}
    </>
  )
}
