import { Select, Switch } from '@mantine/core'
import { reasonSentence } from '@sallyport/core/reason'
import type { ReactElement } from 'react'

import type { ReviewQueue } from '../api/review-types.ts'
import type { Lane } from '../api/types.ts'
import { countWords, plural } from '../format/figures.ts'
import { codeWords } from '../format/words.ts'
import { PlateText } from '../plate/plate-text.tsx'
import { hubNow } from '../shell/clock.ts'
import { Instant } from '../shell/instant.tsx'
import { useSession } from '../shell/session-context.ts'
import { isFree, tally, type Tally, total } from './next-item.ts'
import type { ReviewFilter } from './review-queries.ts'

export const limits = { listed: 12 } as const

/** 'Looks disagree', for labels that this version does not know as well. */
export function reasonName(reason: string): string {
  return codeWords(reason)
}

/** What of the queue is wanted, with counts. */
export function QueueFilter(props: {
  readonly queue: ReviewQueue | undefined
  readonly lanes: readonly Lane[]
  readonly filter: ReviewFilter
  readonly onFilter: (filter: ReviewFilter) => void
  readonly auto: boolean
  readonly onAuto: (on: boolean) => void
}): ReactElement {
  const { queue, filter, lanes } = props
  const counts = queue?.counts ?? []
  const laneName = (id: string): string => lanes.find((lane) => lane.id === id)?.name ?? id
  const byLane = tally(counts, 'lane', filter.reason)
  const byReason = tally(counts, 'reason', filter.lane)
  return (
    <div className="sp-filters sp-panel sp-review-filter">
      <Select
        label="Lane"
        data={options(byLane, 'All lanes', laneName)}
        value={filter.lane ?? ''}
        allowDeselect={false}
        onChange={(lane) => props.onFilter({ ...filter, lane: lane === '' ? null : lane })}
      />
      <Select
        label="Why it waits"
        data={options(byReason, 'Every reason', reasonName)}
        value={filter.reason ?? ''}
        allowDeselect={false}
        onChange={(reason) => props.onFilter({ ...filter, reason: reason === '' ? null : reason })}
      />
      <Switch
        className="sp-review-auto"
        label={
          <>
            Open each plate picture by itself <kbd>a</kbd>
          </>
        }
        description="Every one is an opening, and logged"
        checked={props.auto}
        onChange={(event) => props.onAuto(event.currentTarget.checked)}
      />
    </div>
  )
}

function options(
  tallies: readonly Tally[],
  all: string,
  nameOf: (name: string) => string,
): { value: string; label: string }[] {
  return [
    { value: '', label: `${all} (${countWords(total(tallies))})` },
    ...tallies.map(({ name, count }) => ({
      value: name,
      label: `${nameOf(name)} (${countWords(count)})`,
    })),
  ]
}

/** What comes, newest first; who looks at what. */
export function QueueList(props: {
  readonly queue: ReviewQueue
  readonly lanes: readonly Lane[]
  readonly current: string | null
  readonly onTake: (crossing: string) => void
}): ReactElement {
  const { queue, lanes } = props
  const { account } = useSession()
  const desk = { account: account.id, passed: new Set<string>(), now: hubNow() }
  const shown = queue.items.slice(0, limits.listed)
  const more = total(queue.counts) - shown.length
  return (
    <section className="sp-section sp-panel sp-queue" aria-label="Queue">
      <h2>Queue</h2>
      <ol>
        {shown.map((item) => (
          <li key={item.crossing.id} data-current={item.crossing.id === props.current}>
            <button
              type="button"
              disabled={!isFree(item, desk)}
              aria-current={item.crossing.id === props.current}
              title={reasonSentence(item.reason) ?? undefined}
              onClick={() => props.onTake(item.crossing.id)}
            >
              <Instant at={item.crossing.captured_at} clock />
              <PlateText plate={item.crossing.plate} />
              <span className="sp-queue-why">
                {lanes.find(({ id }) => id === item.crossing.lane)?.name ?? item.crossing.lane},{' '}
                {reasonName(item.reason).toLowerCase()}
              </span>
              {!isFree(item, desk) && (
                <span className="sp-queue-claim">{item.claim?.by.name} is looking</span>
              )}
            </button>
          </li>
        ))}
      </ol>
      {more > 0 && <p className="sp-quiet">and {plural(more, 'more', 'more')}</p>}
    </section>
  )
}
