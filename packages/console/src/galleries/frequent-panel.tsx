import { Button } from '@mantine/core'
import { frequentKeepers } from '@sallyport/core/faces/frequent-rule'
import { frequentWords } from '@sallyport/core/faces/frequent-words'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type ReactElement } from 'react'

import { request } from '../api/client.ts'
import { plural } from '../format/figures.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useHolds, useSession } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { frequentQuery, galleryKeys } from './api.ts'
import { FrequentForm } from './frequent-form.tsx'
import type { FrequentRule } from './frequent-types.ts'

const states = {
  proposed: 'Waits for somebody of another unit',
  in_force: 'In force',
  ended: 'Ended',
  expired: 'Expired',
} as const

/** Those who cross often at an hour: by rules that two people of different units make, or not at all. */
export function FrequentPanel(props: { readonly facesOn: boolean }): ReactElement {
  const rules = useQuery(frequentQuery)
  const keeps = useHolds(...frequentKeepers)
  const [proposing, setProposing] = useState(false)
  return (
    <section className="sp-section sp-panel" aria-label="Frequent crossers">
      <h2>Frequent crossers</h2>
      <p className="sp-quiet">
        A rule makes a gallery for a few hours of those who often cross then. Their photographs come
        from lists that are open and end with them; who opts out is left out.
      </p>
      {rules.isError && (
        <FailureNote
          doing="The rules could not be read"
          error={rules.error}
          onRetry={() => void rules.refetch()}
        />
      )}
      {rules.data?.rules.length === 0 && (
        <p>No rule: nobody is looked for because they cross often.</p>
      )}
      {rules.data?.rules.map((rule) => (
        <Rule key={rule.id} rule={rule} zone={rules.data.zone} keeps={keeps} />
      ))}
      {keeps && props.facesOn && rules.data !== undefined && !proposing && (
        <div className="sp-gallery">
          <Button variant="default" onClick={() => setProposing(true)}>
            Propose a rule…
          </Button>
        </div>
      )}
      {proposing && rules.data !== undefined && (
        <FrequentForm zone={rules.data.zone} onDone={() => setProposing(false)} />
      )}
    </section>
  )
}

function Rule(props: {
  readonly rule: FrequentRule
  readonly zone: string
  readonly keeps: boolean
}): ReactElement {
  const { rule } = props
  const over = rule.state === 'ended' || rule.state === 'expired'
  return (
    <article className="sp-gallery" data-state={over ? 'ended' : rule.state}>
      <h3>
        {rule.reason} <span className="sp-gallery-state">{states[rule.state]}</span>
      </h3>
      <p>
        {frequentWords({
          ...rule,
          fromHour: rule.from_hour,
          toHour: rule.to_hour,
          daysBack: rule.days_back,
        })}
      </p>
      {!over && (
        <p>
          Hours of {props.zone}. The rule ends <Instant at={rule.expires_at} />.{' '}
          {rule.state === 'in_force' && <OpenNow gallery={rule.gallery} />}
        </p>
      )}
      <p className="sp-quiet">
        {[
          ['Proposed', rule.proposed] as const,
          ['Agreed', rule.agreed] as const,
          ['Ended', rule.ended] as const,
        ].map(([name, done]) =>
          done === null ? null : (
            <span key={name}>
              {name} by {done.by.name}
              {done.by.unit !== '' && ` (${done.by.unit})`}, <Instant at={done.at} />, log{' '}
              <LogIndex index={done.log_index} />.{' '}
            </span>
          ),
        )}
      </p>
      {props.keeps && !over && <Acts rule={rule} />}
    </article>
  )
}

function OpenNow(props: { readonly gallery: FrequentRule['gallery'] }): ReactElement {
  const { gallery } = props
  if (gallery === null) return <>No gallery is open by it now.</>
  return (
    <>
      Its gallery, from <Instant at={gallery.opens_at} /> to <Instant at={gallery.expires_at} />,
      looks for <span className="sp-figure">{plural(gallery.searchable, 'person', 'people')}</span>.
    </>
  )
}

function Acts(props: { readonly rule: FrequentRule }): ReactElement {
  const { rule } = props
  const { account } = useSession()
  const client = useQueryClient()
  const { busy, error, run } = useAction()
  const act = (what: 'agreement' | 'end', done: string): void =>
    run(async () => {
      await request(`/v1/frequent-rules/${encodeURIComponent(rule.id)}/${what}`, { method: 'POST' })
      await client.invalidateQueries({ queryKey: galleryKeys.all })
      notifyDone(what === 'end' ? 'Ended' : 'Agreed', done)
    })
  const own = rule.proposed?.by.id === account.id
  return (
    <div className="sp-gallery-changes">
      {rule.state === 'proposed' && !own && (
        <Button
          loading={busy}
          onClick={() => act('agreement', 'The hub makes its gallery shortly before the hour.')}
        >
          Agree as {account.name}
        </Button>
      )}
      <Button
        variant="default"
        disabled={busy}
        onClick={() => act('end', 'Nobody is looked for by this rule any more.')}
      >
        {rule.state === 'proposed' && own ? 'Withdraw' : 'End now'}
      </Button>
      {rule.state === 'proposed' && own && (
        <span className="sp-quiet">Somebody of another unit has to agree.</span>
      )}
      {error !== null && <FailureNote doing="Not recorded" error={error} />}
    </div>
  )
}
