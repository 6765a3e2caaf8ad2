import { useQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import { request } from '../api/client.ts'
import { countWords, plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { CheckIcon, CrossIcon, WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { useSession } from '../shell/session-context.ts'
import { type CheckedWitness, checkWitnesses, type LogWitnesses } from './witnesses.ts'

import './witnesses.css'

const everyMs = 15_000

/** Which witnesses have cosigned what, and which of them are not there. */
export function WitnessPanel(props: { readonly logSize: number | null }): ReactElement | null {
  const { log } = useSession()
  const answer = useQuery({
    queryKey: ['log-witnesses'],
    queryFn: ({ signal }) => request<LogWitnesses>('/v1/log/witnesses', { signal }),
    refetchInterval: everyMs,
  })
  if (answer.isPending) return null
  return (
    <section className="sp-section sp-panel sp-witnesses" aria-labelledby="witnesses-title">
      <h2 id="witnesses-title">Who else vouches for it</h2>
      {answer.isError ? (
        <FailureNote
          doing="The witnesses could not be read"
          error={answer.error}
          onRetry={() => void answer.refetch()}
        />
      ) : (
        <Witnesses answer={answer.data} vkey={log.vkey} logSize={props.logSize} />
      )}
    </section>
  )
}

function Witnesses(props: {
  readonly answer: LogWitnesses
  readonly vkey: string
  readonly logSize: number | null
}): ReactElement {
  const checked = checkWitnesses(props.answer, props.vkey)
  switch (checked.kind) {
    case 'none_set':
      return (
        <p className="sp-quiet">
          Nobody. No witness is set for this log, so its operator alone could keep a second one. The
          manual says how to add witnesses, under “Witnesses”.
        </p>
      )
    case 'broken':
      return (
        <p className="sp-log-bad" role="alert">
          <CrossIcon /> The witnessed checkpoint does not hold: {checked.detail}
        </p>
      )
    case 'none_yet':
      return (
        <>
          <p className="sp-quiet">No checkpoint has enough cosignatures yet.</p>
          <WitnessList witnesses={checked.witnesses} />
        </>
      )
    case 'cosigned': {
      const newer = props.logSize === null ? 0 : props.logSize - checked.size
      return (
        <>
          <p>
            <strong className="sp-figure">{countWords(checked.size)}</strong>{' '}
            {checked.size === 1 ? 'entry is' : 'entries are'} cosigned by {checked.checked} of{' '}
            {plural(checked.witnesses.length, 'witness', 'witnesses')}, checked in this browser
            {checked.needed > 0 && `; ${checked.needed} must`}.
            {newer > 0 && ` ${plural(newer, 'newer entry waits', 'newer entries wait')}.`}
          </p>
          <WitnessList witnesses={checked.witnesses} />
        </>
      )
    }
  }
}

const stateWords: Readonly<Record<CheckedWitness['state'], string>> = {
  current: 'up to date',
  behind: 'being asked',
  away: 'does not answer',
  contradicts: 'has seen another history: tell the auditor',
  not_asked: 'not asked by this hub',
}

function WitnessList(props: { readonly witnesses: readonly CheckedWitness[] }): ReactElement {
  return (
    <ul>
      {props.witnesses.map((one) => (
        <li key={one.name} data-state={one.state}>
          {sign(one)}
          <span>
            <strong>{one.name}</strong> {stateWords[one.state]}
            <span className="sp-quiet">
              <Cosignature of={one} />
            </span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function Cosignature(props: { readonly of: CheckedWitness }): ReactElement {
  const { cosigned, answered_at: answeredAt } = props.of
  switch (cosigned.kind) {
    case 'checked':
      return (
        <>
          Cosigned <Instant at={cosigned.at.toISOString()} />
        </>
      )
    case 'not_checkable':
      return <>Cosigned with a signature that browsers cannot check</>
    case 'missing':
      return answeredAt === null ? (
        <>No cosignature here</>
      ) : (
        <>
          No cosignature here; last answer <Instant at={answeredAt} />
        </>
      )
  }
}

function sign({ state, cosigned }: CheckedWitness): ReactElement {
  if (state === 'contradicts') return <CrossIcon />
  if (state === 'away') return <WarnIcon />
  return cosigned.kind === 'checked' ? <CheckIcon /> : <WarnIcon />
}
