import { Button, TextInput } from '@mantine/core'
import { alarmAdvice, alarmKinds } from '@sallyport/core/alarm'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { alarmsQuery, keys } from '../api/queries.ts'
import type { Alarm, Lane } from '../api/types.ts'
import { countWords } from '../format/figures.ts'
import { codeWords } from '../format/words.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyFailure } from '../shell/notify.ts'
import { useHolds } from '../shell/session-context.ts'

/** Open alarms with what to do about each, until somebody takes them on by name. */
export function AlarmsPanel(props: { readonly lanes: readonly Lane[] }): ReactElement | null {
  const alarms = useQuery(alarmsQuery)
  const may = useHolds('supervisor', 'integrator', 'responder', 'auditor')
  if (alarms.isError) {
    return (
      <div className="sp-alarms">
        <FailureNote
          doing="The alarms could not be read"
          error={alarms.error}
          onRetry={() => void alarms.refetch()}
        />
      </div>
    )
  }
  if (alarms.data === undefined) return null
  if (alarms.data.length === 0) return <p className="sp-alarms-none">No open alarms.</p>
  return (
    <section className="sp-alarms" aria-label="Open alarms">
      {alarms.data.map((alarm) => (
        <AlarmRow
          key={alarm.id}
          alarm={alarm}
          laneName={props.lanes.find((lane) => lane.id === alarm.lane)?.name ?? alarm.lane}
          may={may}
        />
      ))}
    </section>
  )
}

function AlarmRow(props: {
  readonly alarm: Alarm
  readonly laneName: string | null
  readonly may: boolean
}): ReactElement {
  const { alarm, laneName } = props
  const [taking, setTaking] = useState(false)
  const kind = alarmKinds.find((one) => one === alarm.kind)
  return (
    <article className="sp-alarm">
      <WarnIcon size={20} />
      <div>
        <h3>
          {codeWords(alarm.kind)}
          {laneName !== null && <span> at {laneName}</span>}
        </h3>
        <p>
          {alarm.detail} {kind !== undefined && alarmAdvice[kind]}
        </p>
        <p className="sp-quiet">
          <Instant at={alarm.at} />
          {alarm.count > 1 && (
            <>
              , {countWords(alarm.count)} times, last <Instant at={alarm.last_at} />
            </>
          )}
          , log entry <LogIndex index={alarm.log_index} />
        </p>
        {taking && <Acknowledge alarm={alarm.id} onDone={() => setTaking(false)} />}
      </div>
      {props.may && !taking && (
        <Button size="compact-sm" variant="default" onClick={() => setTaking(true)}>
          Acknowledge…
        </Button>
      )}
    </article>
  )
}

function Acknowledge(props: { readonly alarm: string; readonly onDone: () => void }): ReactElement {
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    setBusy(true)
    try {
      await request(`/v1/alarms/${encodeURIComponent(props.alarm)}/acknowledgement`, {
        method: 'POST',
        body: note.trim() === '' ? {} : { note: note.trim() },
      })
      props.onDone()
    } catch (error) {
      notifyFailure('The alarm was not acknowledged', error)
    }
    setBusy(false)
    await client.invalidateQueries({ queryKey: keys.alarms })
    await client.invalidateQueries({ queryKey: keys.figures })
  }
  return (
    <form
      className="sp-acknowledge"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      <TextInput
        label="What was done (optional)"
        maxLength={500}
        autoFocus
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Button type="submit" loading={busy}>
        Acknowledge
      </Button>
      <Button variant="default" onClick={props.onDone}>
        Cancel
      </Button>
    </form>
  )
}
