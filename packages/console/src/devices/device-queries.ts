/** What the devices page reads beside lanes and alarms. */

import { infiniteQueryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'

export type DeviceEvent = {
  readonly id: string
  readonly device: string
  readonly lane: string
  /** Of the device's events. */
  readonly sequence: number
  readonly kind: string
  /** By the lane's clock. */
  readonly observed_at: string
  readonly received_at: string
  readonly detail: string
  /** The alarm that it raised. */
  readonly alarm: string | null
  readonly log_index: number
}

type EventsPage = { readonly events: readonly DeviceEvent[]; readonly next: string | null }

const eventsPerPage = 20

export const deviceKeys = { all: ['devices'], events: ['devices', 'events'] } as const

export const deviceEventsQuery = infiniteQueryOptions({
  queryKey: deviceKeys.events,
  queryFn: ({ pageParam, signal }) =>
    request<EventsPage>(
      `/v1/device-events${queryString({ cursor: pageParam, limit: eventsPerPage })}`,
      { signal },
    ),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next,
})
