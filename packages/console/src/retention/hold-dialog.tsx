import { Button, Modal, Radio, Select, TextInput } from '@mantine/core'
import { dayAfter } from '@sallyport/core/calendar'
import { parsePlateText } from '@sallyport/core/plate'
import { retentionLimits } from '@sallyport/core/retention'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { lanesQuery } from '../api/queries.ts'
import { calendarDay, instantAtPort } from '../format/time.ts'
import { hubNow } from '../shell/clock.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useZone } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { retentionKey } from './queries.ts'

type Kind = 'crossing' | 'plate' | 'lane' | 'port'
type Draft = {
  readonly kind: Kind
  readonly crossing: string
  readonly plate: string
  readonly lane: string
  readonly from: string
  readonly to: string
  readonly until: string
  readonly reason: string
}

/** The scope as the API takes it; null while something is missing. */
function scopeOf(draft: Draft) {
  const { kind } = draft
  if (kind === 'port') return { kind }
  if (kind === 'plate') {
    const plate = parsePlateText(draft.plate)
    return plate === null ? null : { kind, plate }
  }
  if (kind === 'crossing') {
    // A crossing's address may be pasted whole.
    const id = /[0-9a-f]{32}/.exec(draft.crossing)?.[0]
    return id === undefined ? null : { kind, crossing: id }
  }
  return draft.lane === '' || draft.from === '' || draft.to < draft.from
    ? null
    : { kind, lane: draft.lane, from_day: draft.from, to_day: draft.to }
}

/** Asks for a hold. `crossing` fixes what it is about. */
export function HoldDialog(props: {
  readonly crossing?: string
  readonly onClose: () => void
}): ReactElement {
  const { onClose, crossing } = props
  const zone = useZone()
  const client = useQueryClient()
  const today = calendarDay(hubNow(), zone)
  const [draft, setDraft] = useState<Draft>(() => ({
    kind: 'crossing',
    crossing: crossing ?? '',
    plate: '',
    lane: '',
    from: today,
    to: today,
    until: dayAfter(today, 30),
    reason: '',
  }))
  const { busy, error, run } = useAction()
  const scope = scopeOf(draft)
  // The whole of the last day.
  const expires = instantAtPort(`${dayAfter(draft.until || today, 1)}T00:00`, zone)
  const ready = scope !== null && draft.reason.trim() !== '' && draft.until !== ''
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const ask = async (): Promise<void> => {
    await request('/v1/holds', {
      method: 'POST',
      body: { scope, reason: draft.reason.trim(), expires_at: expires?.toISOString() },
    })
    await client.invalidateQueries({ queryKey: retentionKey })
    notifyDone('Asked for', 'It holds once a second person has approved it.')
    onClose()
  }
  return (
    <Modal opened onClose={onClose} title="Ask for a hold" size="lg" centered>
      <form
        className="sp-hold-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) run(ask)
        }}
      >
        {crossing === undefined && <Scope draft={draft} change={change} />}
        <TextInput
          label="Reason"
          description="Case and authority: whoever approves reads it."
          required
          data-autofocus
          maxLength={500}
          value={draft.reason}
          onChange={(event) => change({ reason: event.currentTarget.value })}
        />
        <TextInput
          label="Until the end of"
          description="At the port. It may be renewed by another hold."
          required
          type="date"
          min={today}
          max={dayAfter(today, retentionLimits.holdDaysMax - 2)}
          value={draft.until}
          onChange={(event) => change({ until: event.currentTarget.value })}
        />
        {error !== null && <FailureNote doing="Not asked for" error={error} />}
        <div className="sp-form-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={busy} disabled={!ready}>
            Ask for it
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function Scope(props: {
  readonly draft: Draft
  readonly change: (part: Partial<Draft>) => void
}): ReactElement {
  const { draft, change } = props
  const lanes = useQuery(lanesQuery)
  return (
    <>
      <Radio.Group
        label="What it covers"
        value={draft.kind}
        onChange={(value) => change({ kind: value as Kind })}
      >
        <div className="sp-hold-kinds">
          <Radio value="crossing" label="A crossing" />
          <Radio value="plate" label="A plate" />
          <Radio value="lane" label="Days of a lane" />
          <Radio value="port" label="The whole port" />
        </div>
      </Radio.Group>
      {draft.kind === 'crossing' && (
        <TextInput
          label="Crossing"
          description="Its id, or its address in the console."
          required
          value={draft.crossing}
          onChange={(event) => change({ crossing: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'plate' && (
        <TextInput
          label="Plate"
          description="Every crossing that was read so, or of which a person says so."
          required
          maxLength={40}
          value={draft.plate}
          onChange={(event) => change({ plate: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'lane' && (
        <div className="sp-hold-days">
          <Select
            label="Lane"
            required
            data={(lanes.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            value={draft.lane === '' ? null : draft.lane}
            onChange={(value) => change({ lane: value ?? '' })}
          />
          <TextInput
            label="From"
            required
            type="date"
            value={draft.from}
            onChange={(event) => change({ from: event.currentTarget.value })}
          />
          <TextInput
            label="To"
            required
            type="date"
            min={draft.from}
            value={draft.to}
            onChange={(event) => change({ to: event.currentTarget.value })}
          />
        </div>
      )}
    </>
  )
}
