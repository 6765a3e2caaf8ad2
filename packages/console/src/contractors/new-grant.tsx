import { Button, Checkbox, NumberInput, Select, TextInput } from '@mantine/core'
import {
  type GrantPurpose,
  grantPurposes,
  type View,
  views,
  weekdays,
} from '@sallyport/core/grants/grant'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { lanesQuery } from '../api/queries.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import {
  type GrantCheck,
  type GrantDocument,
  grantPurposeWords,
  keys,
  partiesQuery,
  viewWords,
} from './api.ts'

type Draft = {
  readonly party: string | null
  readonly basis: string
  readonly purpose: GrantPurpose
  /** None: every lane. */
  readonly lanes: readonly string[]
  readonly views: readonly View[]
  readonly workingHours: boolean
  readonly pictures: number
  readonly days: number
}

const empty: Draft = {
  party: null,
  basis: '',
  purpose: 'fault_analysis',
  lanes: [],
  views: ['plate_crop'],
  workingHours: true,
  pictures: 40,
  days: 30,
}

/** What an opened picture has at most, for the quota in bytes that goes with one in pictures. */
const bytesOfPicture = 500_000

/** Terms are read in plain words, with the month before, ahead of a proposal. */
export function NewGrant(): ReactElement {
  const client = useQueryClient()
  const { port } = useSession()
  const [draft, setDraft] = useState(empty)
  const [checked, setChecked] = useState<Checked | null>(null)
  const { busy, error, run } = useAction()
  const change = (part: Partial<Draft>): void => {
    setDraft({ ...draft, ...part })
    // What was read no longer says what would be proposed.
    setChecked(null)
  }
  const check = async (): Promise<void> => {
    const document = documentOf(draft, port.id)
    const result = await request<GrantCheck>('/v1/grants/checks', {
      method: 'POST',
      body: document,
    })
    setChecked({ document, result })
  }
  const propose = async (document: GrantDocument): Promise<void> => {
    await request('/v1/grants', { method: 'POST', body: document })
    setDraft(empty)
    setChecked(null)
    await client.invalidateQueries({ queryKey: keys.grants })
  }
  return (
    <section className="sp-section sp-panel">
      <h2>A new grant</h2>
      <form
        className="sp-contractors-form"
        onSubmit={(event) => {
          event.preventDefault()
          run(check)
        }}
      >
        <Fields draft={draft} onChange={change} />
        <Button type="submit" loading={busy} disabled={draft.party === null || draft.basis === ''}>
          See what it would mean
        </Button>
      </form>
      {error !== null && <FailureNote doing="It was not taken" error={error} />}
      {checked !== null && (
        <Preview
          checked={checked}
          busy={busy}
          onPropose={() => run(() => propose(checked.document))}
        />
      )}
    </section>
  )
}

type Checked = { readonly document: GrantDocument; readonly result: GrantCheck }

function Preview(props: {
  readonly checked: Checked
  readonly busy: boolean
  readonly onPropose: () => void
}): ReactElement {
  const { problems, sentences, policy, simulation } = props.checked.result
  return (
    <div className="sp-grant" role="status" aria-label="What it would mean">
      <ul className="sp-grant-words">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p>
        In the past {simulation.days} days {simulation.pictures_in_scope} pictures lay within it;
        this party asked for {simulation.openings_by_party}.
      </p>
      <details>
        <summary>The policy to be signed</summary>
        <pre className="sp-mono">{policy}</pre>
      </details>
      {problems.map(({ field, detail }) => (
        <p className="sp-grant-reason" key={`${field}${detail}`}>
          {detail}
        </p>
      ))}
      <Button loading={props.busy} disabled={problems.length > 0} onClick={props.onPropose}>
        Propose it for the second signature
      </Button>
    </div>
  )
}

function Fields(props: {
  readonly draft: Draft
  readonly onChange: (part: Partial<Draft>) => void
}): ReactElement {
  const { draft, onChange } = props
  const parties = useQuery(partiesQuery)
  const lanes = useQuery(lanesQuery)
  const contractors = (parties.data ?? []).filter(({ kind }) => kind !== 'agency')
  return (
    <>
      <Select
        label="For"
        placeholder={contractors.length === 0 ? 'Add a contractor first' : 'A contractor'}
        data={contractors.map((one) => ({ value: one.id, label: one.name }))}
        value={draft.party}
        onChange={(party) => onChange({ party })}
      />
      <TextInput
        label="On the basis of"
        placeholder="Contract and work order"
        maxLength={500}
        value={draft.basis}
        onChange={(event) => onChange({ basis: event.currentTarget.value })}
      />
      <Select
        label="Purpose"
        data={grantPurposes.map((one) => ({ value: one, label: grantPurposeWords[one] }))}
        value={draft.purpose}
        allowDeselect={false}
        onChange={(value) =>
          onChange({ purpose: grantPurposes.find((one) => one === value) ?? draft.purpose })
        }
      />
      <Checkbox.Group
        label="Lanes"
        description="None chosen: every lane"
        value={[...draft.lanes]}
        onChange={(chosen) => onChange({ lanes: chosen })}
      >
        <div className="sp-choices">
          {(lanes.data ?? []).map((lane) => (
            <Checkbox key={lane.id} value={lane.id} label={lane.name} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox.Group
        label="They see"
        description="An original also needs somebody of the agency, each time"
        value={[...draft.views]}
        onChange={(chosen) => onChange({ views: views.filter((one) => chosen.includes(one)) })}
      >
        <div className="sp-choices">
          {views.map((one) => (
            <Checkbox key={one} value={one} label={viewWords[one]} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox
        label="Monday to Friday, 07:00 to 19:00 only"
        checked={draft.workingHours}
        onChange={(event) => onChange({ workingHours: event.currentTarget.checked })}
      />
      <NumberInput
        label="Pictures a day"
        min={1}
        max={2000}
        allowDecimal={false}
        value={draft.pictures}
        onChange={(value) => onChange({ pictures: Number(value) || 1 })}
      />
      <NumberInput
        label="Days in force"
        min={1}
        max={366}
        allowDecimal={false}
        value={draft.days}
        onChange={(value) => onChange({ days: Number(value) || 1 })}
      />
    </>
  )
}

function documentOf(draft: Draft, port: string): GrantDocument {
  const now = Date.now()
  return {
    party: draft.party ?? '',
    basis: draft.basis.trim(),
    purpose: draft.purpose,
    ports: [port],
    lanes: draft.lanes.length === 0 ? 'all' : draft.lanes,
    views: draft.views,
    hours: draft.workingHours ? { days: weekdays.slice(0, 5), from: '07:00', to: '19:00' } : null,
    pictures_per_day: draft.pictures,
    bytes_per_day: draft.pictures * bytesOfPicture,
    from: new Date(now).toISOString(),
    until: new Date(now + draft.days * 86_400_000).toISOString(),
    incident_hours: 24,
  }
}
