import { Button, Chip, NativeSelect, NumberInput, TextInput } from '@mantine/core'
import { frequentLimits, frequentTermsFault } from '@sallyport/core/faces/frequent-rule'
import { frequentWords, hourWords } from '@sallyport/core/faces/frequent-words'
import { dayText, openZone, parseDay } from '@sallyport/core/stays/zone'
import { useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { galleryKeys } from './api.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const hours = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: hourWords(hour),
}))
/** Days that a rule holds unless another day is chosen. */
const usualDays = 90

/** The terms of a rule, read aloud as they change; it waits for somebody of another unit. */
export function FrequentForm(props: {
  readonly zone: string
  readonly onDone: () => void
}): ReactElement {
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [days, setDays] = useState<string[]>(['1', '2', '3', '4', '5'])
  const [from, setFrom] = useState('6')
  const [to, setTo] = useState('9')
  const [daysBack, setDaysBack] = useState(30)
  const [crossings, setCrossings] = useState(8)
  const [people, setPeople] = useState(200)
  const [reason, setReason] = useState('')
  const [now] = useState(() => new Date())
  const [zone] = useState(() => openZone(props.zone))
  const [last, setLast] = useState(() => dayText(zone.dayOf(now.getTime()) + usualDays))
  const lastDay = parseDay(last)
  const expiresAt = lastDay === null ? now : new Date(zone.startOf(lastDay + 1))
  const terms = {
    ...{ weekdays: days.map(Number), fromHour: Number(from), toHour: Number(to) },
    ...{ daysBack, crossings, people, expiresAt },
  }
  const fault =
    lastDay === null ? 'Say which day is the last of the rule.' : frequentTermsFault(terms, now)
  const propose = async (): Promise<void> => {
    await request('/v1/frequent-rules', {
      method: 'POST',
      body: {
        weekdays: terms.weekdays,
        from_hour: terms.fromHour,
        to_hour: terms.toHour,
        days_back: daysBack,
        crossings,
        people,
        reason: reason.trim(),
        expires_at: expiresAt.toISOString(),
      },
    })
    await client.invalidateQueries({ queryKey: galleryKeys.all })
    notifyDone('Proposed', 'It holds when somebody of another unit has agreed.')
    props.onDone()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (fault === null && reason.trim() !== '') run(propose)
  }
  return (
    <form className="sp-gallery-form sp-frequent-form" onSubmit={submit}>
      <TextInput
        label="Why"
        className="sp-frequent-wide"
        required
        maxLength={frequentLimits.reasonLengthMax}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <fieldset className="sp-frequent-wide">
        <legend>Days on which the hours begin</legend>
        <Chip.Group multiple value={days} onChange={setDays}>
          {weekdays.map((name, at) => (
            <Chip key={name} value={String(at + 1)}>
              {name}
            </Chip>
          ))}
        </Chip.Group>
      </fieldset>
      <NativeSelect
        label="From"
        data={hours}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <NativeSelect
        label="To"
        data={hours}
        value={to}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Count
        label="Days looked back"
        min={frequentLimits.daysBackMin}
        max={frequentLimits.daysBackMax}
        value={daysBack}
        onChange={setDaysBack}
      />
      <Count
        label="Confirmed crossings"
        min={frequentLimits.crossingsMin}
        max={frequentLimits.crossingsMax}
        value={crossings}
        onChange={setCrossings}
      />
      <Count
        label="People at most"
        min={1}
        max={frequentLimits.peopleMax}
        value={people}
        onChange={setPeople}
      />
      <TextInput
        type="date"
        label="Last day of the rule"
        value={last}
        onChange={(event) => setLast(event.currentTarget.value)}
      />
      <p role="status">{fault ?? `${frequentWords(terms)} Hours of ${props.zone}.`}</p>
      {error !== null && <FailureNote doing="Not proposed" error={error} />}
      <div className="sp-form-end">
        <Button variant="default" onClick={props.onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={fault !== null || reason.trim() === ''}>
          Propose it
        </Button>
      </div>
    </form>
  )
}

function Count(props: {
  readonly label: string
  readonly min: number
  readonly max: number
  readonly value: number
  readonly onChange: (value: number) => void
}): ReactElement {
  const { onChange, ...input } = props
  return (
    <NumberInput
      {...input}
      allowDecimal={false}
      clampBehavior="strict"
      onChange={(value) => onChange(typeof value === 'number' ? value : input.min)}
    />
  )
}
