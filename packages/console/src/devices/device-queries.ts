/** What the devices page reads beside lanes and alarms. */

import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'

import { queryString, request } from '../api/client.ts'
import type { Step } from '../incidents/api.ts'

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

export const deviceKeys = {
  all: ['devices'],
  events: ['devices', 'events'],
  maintenance: ['devices', 'maintenance'],
  quarantine: (device: string) => ['devices', 'quarantine', device],
} as const

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

type Done = { readonly at: string; readonly by: string; readonly log_index: number }

export type MaintenanceOrder = {
  readonly id: string
  readonly lane: string
  readonly device: string
  readonly number: string
  readonly technician: string
  readonly party: string
  readonly from: string
  readonly until: string
  readonly ordered: Done
  readonly begun: Done | null
  readonly over: Done | null
  /** Past its time and not over. */
  readonly watched: boolean
  readonly overrun: boolean
}

export const maintenanceQuery = queryOptions({
  queryKey: deviceKeys.maintenance,
  queryFn: async ({ signal }) =>
    (await request<{ orders: readonly MaintenanceOrder[] }>('/v1/maintenance', { signal })).orders,
})

export type Quarantine = {
  readonly quarantined: boolean
  /** Null also where the incident behind it is not for whoever asks. */
  readonly step: Step | null
}

/** Asked until intake has confirmed it. */
export function quarantineQuery(device: string) {
  return queryOptions({
    queryKey: deviceKeys.quarantine(device),
    queryFn: ({ signal }) =>
      request<Quarantine>(`/v1/devices/${encodeURIComponent(device)}/quarantine`, { signal }),
    refetchInterval: ({ state: { data } }) =>
      data?.step != null && !data.step.effect.confirmed ? 2_000 : false,
  })
}
