import { Button, Select, TextInput } from '@mantine/core'
import { grantPurposes } from '@sallyport/core/grants/grant'
import { purposes } from '@sallyport/core/opening'
import { useQuery } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { ApiFailure, request } from '../api/client.ts'
import type { CrossingDetail } from '../api/types.ts'
import { captureName, purposeWords } from '../format/words.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { askPolicies, policyPeopleQuery, type PolicyDecision } from './api.ts'
import { Decision } from './decision.tsx'

const classes = ['scene', 'plate', 'face'] as const
/** These are the hub's own; nobody names them. */
const nobodys: readonly string[] = ['evaluation', 'release']
const named = [...grantPurposes, ...purposes].filter((one) => !nobodys.includes(one))

/** "May X open Y now, and why (not)?" A contractor's people ask of themselves. */
export function DecisionExplainer(props: { readonly own: boolean }): ReactElement {
  const { account } = useSession()
  const people = useQuery({ ...policyPeopleQuery, enabled: !props.own })
  const [asker, setAsker] = useState<string>(account.id)
  const [picture, setPicture] = useState('')
  const [kind, setKind] = useState<string>('scene')
  const [purpose, setPurpose] = useState<(typeof named)[number]>('fault_analysis')
  const [view, setView] = useState<'plate_crop' | 'original'>('plate_crop')
  const [said, setSaid] = useState<{
    readonly decision: PolicyDecision
    readonly who: string
  } | null>(null)
  const { busy, error, run } = useAction()
  /** What is shown no longer answers what is asked. */
  const forget =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      set(value)
      setSaid(null)
    }
  const ofCrossing = crossingOf(picture)
  const ask = async (): Promise<void> => {
    setSaid(null)
    const capture = ofCrossing === null ? picture.trim() : await captureOf(ofCrossing, kind)
    const decision = await askPolicies({ capture, purpose, view, account: asker })
    const name = people.data?.find(({ id }) => id === asker)?.name
    setSaid({ decision, who: asker === account.id ? 'You' : (name ?? 'They') })
  }
  return (
    <section className="sp-section sp-panel">
      <h2>May somebody open this?</h2>
      <p>What the policies would say right now, and which of them. Nothing is opened or counted.</p>
      <form
        className="sp-contractors-form"
        onSubmit={(event) => {
          event.preventDefault()
          run(ask)
        }}
      >
        {!props.own && (
          <Select
            label="Who"
            searchable
            allowDeselect={false}
            data={(people.data ?? []).map(({ id, name, party }) => ({
              value: id,
              label: `${name} · ${party.name}`,
            }))}
            value={asker}
            onChange={(value) => forget(setAsker)(value ?? account.id)}
          />
        )}
        <TextInput
          label="Picture"
          description={props.own ? 'Its id' : 'Its id, or the address of its crossing'}
          value={picture}
          maxLength={300}
          onChange={(event) => forget(setPicture)(event.currentTarget.value)}
        />
        {ofCrossing !== null && (
          <Select
            label="Of the crossing"
            allowDeselect={false}
            data={classes.map((one) => ({ value: one, label: captureName(one) }))}
            value={kind}
            onChange={(value) => forget(setKind)(value ?? 'scene')}
          />
        )}
        <Select
          label="For what"
          allowDeselect={false}
          data={named.map((one) => ({ value: one, label: purposeWords[one].name }))}
          value={purpose}
          onChange={(value) => forget(setPurpose)(named.find((one) => one === value) ?? purpose)}
        />
        <Select
          label="Shown as"
          allowDeselect={false}
          data={[
            { value: 'plate_crop', label: 'The plate alone' },
            { value: 'original', label: 'The original' },
          ]}
          value={view}
          onChange={(value) => forget(setView)(value === 'original' ? 'original' : 'plate_crop')}
        />
        <Button type="submit" loading={busy} disabled={picture.trim() === ''}>
          Ask the policies
        </Button>
      </form>
      {error !== null && <FailureNote doing="The policies could not be asked" error={error} />}
      {said !== null && <Decision {...said} />}
    </section>
  )
}

/** The crossing that an address of this console names; null for anything else. */
function crossingOf(text: string): string | null {
  return /\/crossings\/([0-9a-f]{32})(?:[/?#]|$)/.exec(text.trim())?.[1] ?? null
}

async function captureOf(crossing: string, kind: string): Promise<string> {
  const { captures } = await request<CrossingDetail>(`/v1/crossings/${crossing}`)
  const found = captures.find((one) => one.class === kind)
  if (found === undefined)
    throw new ApiFailure(
      'not_found',
      404,
      `The crossing has no ${captureName(kind).toLowerCase()} picture.`,
    )
  return found.id
}
