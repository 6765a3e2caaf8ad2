import { Button, SegmentedControl, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useId, useState, type FormEvent, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useAction } from '../shell/use-action.ts'
import { galleryKeys, type PassengerList } from './api.ts'

/** One list in force, and the form that makes a gallery of it. */
export function ListRow(props: {
  readonly list: PassengerList
  readonly makes: boolean
}): ReactElement {
  const { list } = props
  const [making, setMaking] = useState(false)
  return (
    <article className="sp-gallery">
      <h3>
        {list.reference} <span className="sp-gallery-state">{list.transport}</span>
      </h3>
      <p>
        {plural(list.travellers, 'traveller', 'travellers')}
        {list.partial && ', a part of a longer list'}
        {list.arrives_at !== null && `, arrives ${list.arrives_at.replace('T', ' ')}`}
        {list.arrives_in !== null && ` in ${list.arrives_in}`}; kept until{' '}
        <Instant at={list.expires_at} />.
      </p>
      {list.warnings.length > 0 && (
        <ul className="sp-gallery-warnings" aria-label="What was odd about it">
          {list.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      {props.makes && !making && (
        <Button variant="default" onClick={() => setMaking(true)}>
          Make a gallery…
        </Button>
      )}
      {making && <MakeForm list={list} onDone={() => setMaking(false)} />}
    </article>
  )
}

function MakeForm(props: {
  readonly list: PassengerList
  readonly onDone: () => void
}): ReactElement {
  const { list, onDone } = props
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const [name, setName] = useState(list.reference)
  const [lanes, setLanes] = useState('')
  const [way, setWay] = useState<'any' | 'in' | 'out'>('any')
  const hint = useId()
  const gates = lanes.split(/[\s,]+/).filter((lane) => lane !== '')
  const make = async (): Promise<void> => {
    await request('/v1/galleries', {
      method: 'POST',
      body: {
        kind: gates.length > 0 && way !== 'any' ? 'flight' : 'list',
        list: list.id,
        name,
        lanes: gates,
        direction: way === 'any' ? null : way,
        opens_at: new Date().toISOString(),
        expires_at: list.expires_at,
      },
    })
    await client.invalidateQueries({ queryKey: galleryKeys.all })
    notifyDone('Gallery made', 'Add the photographs of its people.')
    onDone()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    run(make)
  }
  return (
    <form className="sp-gallery-form" onSubmit={submit}>
      <TextInput
        label="Name"
        required
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label="Gates or lanes"
        aria-describedby={hint}
        placeholder="every lane"
        value={lanes}
        onChange={(event) => setLanes(event.currentTarget.value)}
      />
      <SegmentedControl
        aria-label="Direction"
        data={[
          { value: 'any', label: 'Both ways' },
          { value: 'in', label: 'In: arrival' },
          { value: 'out', label: 'Out: boarding' },
        ]}
        value={way}
        onChange={(value) => setWay(value as 'any' | 'in' | 'out')}
      />
      <p className="sp-quiet" id={hint}>
        With gates and a direction it is a flight of its own. It begins now and ends with its list,{' '}
        <Instant at={list.expires_at} />.
      </p>
      {error !== null && <FailureNote doing="The gallery was not made" error={error} />}
      <div className="sp-form-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={name.trim() === ''}>
          Make the gallery
        </Button>
      </div>
    </form>
  )
}
