import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { clockQuery, retentionKey } from './queries.ts'
import type { HubClock } from './types.ts'

/** Shown while the hub does not believe its clock: somebody says what another one shows. */
export function ClockNote(): ReactElement | null {
  const found = useQuery(clockQuery)
  const confirms = useHolds('supervisor', 'privacy')
  const client = useQueryClient()
  const [time, setTime] = useState('')
  const { busy, error, run } = useAction()
  if (found.data === undefined || found.data.doubt === null) return null
  const { doubt, now } = found.data
  const said = new Date(time)
  const ready = !Number.isNaN(said.getTime())
  const confirm = async (): Promise<void> => {
    await request<HubClock>('/v1/clock/confirmations', {
      method: 'POST',
      body: { time: said.toISOString() },
    })
    await client.invalidateQueries({ queryKey: retentionKey })
    notifyDone('Confirmed', 'The hub believes its clock again.')
  }
  return (
    <form
      className="sp-clock-note sp-panel"
      onSubmit={(event) => {
        event.preventDefault()
        if (ready && !busy) run(confirm)
      }}
    >
      <h2>The hub does not believe its clock</h2>
      <p>
        It says <Instant at={now} />, and was last believed at <Instant at={doubt.trusted_at} />.
        Nothing is destroyed for its age, and lanes get no new keys. If it is wrong, set it right
        and start the hub again.
      </p>
      {confirms && (
        <div className="sp-clock-answer">
          <TextInput
            type="datetime-local"
            label="What another clock shows"
            value={time}
            onChange={(event) => setTime(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} disabled={!ready}>
            Confirm
          </Button>
        </div>
      )}
      {error !== null && <FailureNote doing="Not confirmed" error={error} />}
    </form>
  )
}
