import { Button, Skeleton } from '@mantine/core'
import { policyMakers } from '@sallyport/core/retention'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactElement } from 'react'
import { Link } from 'wouter'

import { request } from '../api/client.ts'
import { bytesWords, countWords, plural } from '../format/figures.ts'
import { FailureNote } from '../shell/failure-note.tsx'
import { Instant } from '../shell/instant.tsx'
import { notifyDone } from '../shell/notify.ts'
import { useHolds } from '../shell/session-context.ts'
import { useAction } from '../shell/use-action.ts'
import { DueChart } from './due-chart.tsx'
import { limits, planQuery, retentionKey, statusQuery } from './queries.ts'
import type { RetentionPlan, RetentionStatus } from './types.ts'
import { className } from './words.ts'

/** The state of the world: by class what is kept, since when, and what becomes due. */
export function DuePanel(): ReactElement {
  const status = useQuery(statusQuery)
  const chosen = status.data !== undefined && status.data.in_force !== null
  const plan = useQuery({ ...planQuery(null), enabled: chosen })
  if (status.data === undefined)
    return status.isError ? (
      <FailureNote
        doing="Retention could not be read"
        error={status.error}
        onRetry={() => void status.refetch()}
      />
    ) : (
      <Skeleton height={320} aria-label="Reading retention" />
    )
  return (
    <div className="sp-retention">
      {chosen ? (
        <section className="sp-section sp-panel">
          <h2>{status.data.in_force?.policy.name}: the next 30 days</h2>
          {plan.data === undefined ? (
            <Skeleton height={160} aria-label="Counting what becomes due" />
          ) : (
            <>
              <DueChart plan={plan.data} />
              <RunNow plan={plan.data} pending={status.data.pending} />
            </>
          )}
          {plan.isError && <FailureNote doing="It could not be counted" error={plan.error} />}
        </section>
      ) : (
        <div className="sp-empty sp-panel">
          <h2>No policy is chosen</h2>
          <p>
            Nothing is ever due until somebody{' '}
            <Link className="sp-link" href="/retention/policy">
              chooses how long things are kept
            </Link>
            .
          </p>
        </div>
      )}
      <Classes status={status.data} plan={plan.data ?? null} />
    </div>
  )
}

function RunNow(props: { readonly plan: RetentionPlan; readonly pending: number }): ReactElement {
  const { plan, pending } = props
  const client = useQueryClient()
  const runs = useHolds(...policyMakers)
  const { busy, error, run } = useAction()
  const shred = async (): Promise<void> => {
    const { shreddings } = await request<{ readonly shreddings: number }>('/v1/retention/runs', {
      method: 'POST',
      timeoutMs: limits.runMs,
    })
    await client.invalidateQueries({ queryKey: retentionKey })
    notifyDone(
      'Shredded',
      `${plural(shreddings, 'key was', 'keys were')} destroyed; each stands in the log.`,
    )
  }
  return (
    <div className="sp-retention-run">
      <p>
        {plan.due_now === 0
          ? 'Nothing is due now.'
          : `${plural(plan.due_now, 'body is', 'bodies are')} due now and shredded within a quarter of an hour.`}
        {pending > 0 && ` ${plural(pending, 'shredding waits', 'shreddings wait')} for a holder.`}
      </p>
      {runs && plan.due_now > 0 && (
        <Button variant="default" loading={busy} onClick={() => run(shred)}>
          Shred now
        </Button>
      )}
      {error !== null && <FailureNote doing="Not all of it was shredded" error={error} />}
    </div>
  )
}

function Classes(props: {
  readonly status: RetentionStatus
  readonly plan: RetentionPlan | null
}): ReactElement {
  const { status, plan } = props
  return (
    <div className="sp-list sp-panel sp-retention-table">
      <table>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col">Kept</th>
            <th scope="col">Size</th>
            <th scope="col">Oldest</th>
            <th scope="col">Due now</th>
            <th scope="col">Held</th>
            <th scope="col">Shredded</th>
          </tr>
        </thead>
        <tbody>
          {status.classes.map((one) => {
            const due = plan?.due.find((row) => row.class === one.class)
            return (
              <tr key={one.class}>
                <td>
                  <strong>{className[one.class]}</strong>
                </td>
                <td data-name="Kept" className="sp-figure">
                  {countWords(one.kept)}
                </td>
                <td data-name="Size">{bytesWords(one.bytes)}</td>
                <td data-name="Oldest">
                  {one.oldest === null ? '–' : <Instant at={one.oldest} />}
                </td>
                <td data-name="Due now" className="sp-figure">
                  {countWords((due?.bodies ?? 0) - (due?.held ?? 0))}
                </td>
                <td data-name="Held" className="sp-figure">
                  {countWords(due?.held ?? 0)}
                </td>
                <td data-name="Shredded" className="sp-figure">
                  {countWords(one.shredded)}
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
