import { Button, Radio, Skeleton } from '@mantine/core'
import { bodyClasses } from '@sallyport/core/crossing'
import { type Policy, policyMakers } from '@sallyport/core/retention'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { plural } from '../format/figures.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { DueChart } from './due-chart.tsx'
import { packsQuery, planQuery, policiesQuery, retentionKey } from './queries.ts'
import type { Pack, PolicyVersion } from './types.ts'
import { className, conditionWords, keepWords } from './words.ts'

/** The policy in force with its sources, those before it, and the choice of another after its dry run. */
export function PolicyPanel(): ReactElement {
  const versions = useQuery(policiesQuery)
  const packs = useQuery(packsQuery)
  const chooses = useHolds(...policyMakers)
  if (versions.data === undefined || packs.data === undefined)
    return versions.isError ? (
      <FailureNote doing="The policies could not be read" error={versions.error} />
    ) : (
      <Skeleton height={320} aria-label="Reading the policies" />
    )
  const [inForce] = versions.data.policies
  return (
    <div className="sp-retention">
      {inForce === undefined ? (
        <div className="sp-empty sp-panel">
          <h2>No policy is chosen</h2>
          <p>Until one is, everything is kept.</p>
        </div>
      ) : (
        <section className="sp-section sp-panel">
          <h2>In force: {inForce.policy.name}</h2>
          <Rules policy={inForce.policy} />
          <p className="sp-quiet sp-retention-note">
            Chosen by {inForce.made_by.name}, <Instant at={inForce.made_at} />, log entry{' '}
            <LogIndex index={inForce.log_index} />
          </p>
        </section>
      )}
      {chooses && <Choose packs={packs.data.packs} inForce={inForce ?? null} />}
      {versions.data.policies.length > 1 && <Before versions={versions.data.policies.slice(1)} />}
    </div>
  )
}

function Rules(props: { readonly policy: Policy }): ReactElement {
  return (
    <dl className="sp-rules">
      {bodyClasses.map((one) => (
        <div key={one}>
          <dt>{className[one]}</dt>
          {props.policy.rules[one].map((rule) => (
            <dd key={rule.when}>
              <strong className="sp-figure">{keepWords(rule.keep)}</strong>
              {props.policy.rules[one].length > 1 && <> {conditionWords[rule.when]}</>}
              <span className="sp-quiet">{rule.source}</span>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  )
}

function Choose(props: {
  readonly packs: readonly Pack[]
  readonly inForce: PolicyVersion | null
}): ReactElement {
  const { packs, inForce } = props
  const client = useQueryClient()
  const [id, setId] = useState<string | null>(null)
  const plan = useQuery({ ...planQuery(id), enabled: id !== null })
  const { busy, error, run } = useAction()
  const pack = packs.find((one) => one.id === id)
  const due = plan.data?.due_now
  const choose = async (): Promise<void> => {
    await request('/v1/retention/policies', {
      method: 'POST',
      body: { policy: id, accepts_due: due },
    })
    setId(null)
    await client.invalidateQueries({ queryKey: retentionKey })
    notifyDone('In force', `${pack?.policy.name ?? ''} stands in the log.`)
  }
  return (
    <section className="sp-section sp-panel">
      <h2>{inForce === null ? 'Choose one' : 'Choose another'}</h2>
      <Radio.Group value={id} onChange={setId} aria-label="Policy">
        <div className="sp-packs">
          {packs.map((one) => (
            <Radio
              key={one.id}
              value={one.id}
              label={one.policy.name}
              description={one.about}
              disabled={inForce?.pack === one.id}
            />
          ))}
        </div>
      </Radio.Group>
      {pack !== undefined && (
        <div className="sp-retention-try">
          <Rules policy={pack.policy} />
          {plan.data === undefined ? (
            <Skeleton height={160} aria-label="Counting what it would shred" />
          ) : (
            <DueChart plan={plan.data} />
          )}
          {plan.isError && <FailureNote doing="It could not be counted" error={plan.error} />}
          {error !== null && <FailureNote doing="Not put in force" error={error} />}
          <div className="sp-form-end">
            <Button variant="default" onClick={() => setId(null)}>
              Cancel
            </Button>
            <Button
              {...(due === undefined || due === 0 ? {} : { color: 'red' })}
              loading={busy}
              disabled={due === undefined}
              onClick={() => run(choose)}
            >
              {due === undefined || due === 0
                ? 'Put in force'
                : `Put in force: ${plural(due, 'body is', 'bodies are')} shredded at once`}
            </Button>
          </div>
        </div>
      )}
    </section>
  )
}

function Before(props: { readonly versions: readonly PolicyVersion[] }): ReactElement {
  return (
    <section className="sp-section sp-panel">
      <h2>Before it</h2>
      <ul className="sp-retention-before">
        {props.versions.map((one) => (
          <li key={one.id}>
            {one.policy.name}
            <span className="sp-quiet">
              {' '}
              from <Instant at={one.made_at} />, {one.made_by.name}, log entry{' '}
              <LogIndex index={one.log_index} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
