import { Skeleton } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { ReactElement } from 'react'

import type { Lane } from '../api/types.ts'
import { codeWords } from '../format/words.ts'
import { LogIndex } from '../log/log-index.tsx'
import { FailureNote } from '../shell/failure-note.tsx'
import { WarnIcon } from '../shell/icons.tsx'
import { Instant } from '../shell/instant.tsx'
import { OlderButton } from '../shell/older-button.tsx'
import { deviceEventsQuery, type DeviceEvent } from './device-queries.ts'

/** What lanes signed of themselves, newest first: drives, enclosures, starts, clocks. */
export function DeviceEvents(props: { readonly lanes: readonly Lane[] }): ReactElement {
  const events = useInfiniteQuery(deviceEventsQuery)
  const rows = events.data?.pages.flatMap((page) => page.events) ?? []
  return (
    <section className="sp-device-events">
      <h2 className="sp-section-title">What happened at the lanes</h2>
      {events.isError && (
        <FailureNote
          doing="What happened at the lanes could not be read"
          error={events.error}
          onRetry={() => void events.refetch()}
        />
      )}
      {events.isPending && <Skeleton height={120} aria-label="Reading what happened" />}
      {events.isSuccess && rows.length === 0 && (
        <p className="sp-quiet">
          Nothing yet. A drive that is plugged in, an opened enclosure, a start of the computer or a
          clock that is set stands here as the device signed it.
        </p>
      )}
      {rows.length > 0 && (
        <div className="sp-list sp-panel">
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                <th scope="col">Lane</th>
                <th scope="col">What</th>
                <th scope="col">Number</th>
                <th scope="col">Log entry</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((event) => (
                <Row
                  key={event.id}
                  event={event}
                  lane={props.lanes.find(({ id }) => id === event.lane)?.name ?? event.lane}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <OlderButton list={events} label="Older events" />
    </section>
  )
}

function Row(props: { readonly event: DeviceEvent; readonly lane: string }): ReactElement {
  const { event, lane } = props
  return (
    <tr>
      <td className="sp-list-time" title="By the clock of the lane">
        <Instant at={event.observed_at} />
      </td>
      <td data-name="Lane">{lane}</td>
      <td data-name="What">
        <span className="sp-sign" data-weight={event.alarm === null ? 'none' : 'bad'}>
          {event.alarm !== null && <WarnIcon size={14} />}
          {codeWords(event.kind)}
        </span>{' '}
        <span className="sp-quiet">{event.detail}.</span>
      </td>
      <td data-name="Number" className="sp-figure">
        {event.sequence}
      </td>
      <td data-name="Log entry">
        <LogIndex index={event.log_index} />
      </td>
    </tr>
  )
}
