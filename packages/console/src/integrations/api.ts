/** Tokens and subscriptions as the hub has them, and what is asked of it. */

import type { DisabledCode, EventType, SubscriptionPurpose } from '@sallyport/core/delivery'
import { queryOptions } from '@tanstack/react-query'

import { request } from '../api/client.ts'

export type AccessToken = {
  readonly id: string
  readonly name: string
  readonly purpose: string
  readonly account: { readonly id: string; readonly name: string }
  readonly created_at: string
  readonly expires_at: string
  readonly last_used_at: string | null
  readonly calls_30_days: number
  readonly state: 'active' | 'expired' | 'revoked'
}

export type Subscription = {
  readonly id: string
  readonly kind: 'webhook' | 'mqtt'
  readonly name: string
  readonly purpose: SubscriptionPurpose
  readonly url: string
  readonly event_types: readonly EventType[]
  readonly plates: boolean
  readonly account: { readonly id: string; readonly name: string } | null
  readonly created_at: string
  readonly state: 'active' | 'failing' | 'disabled'
  readonly disabled: DisabledCode | null
  readonly failing_since: string | null
  readonly last_success_at: string | null
  readonly last_failure: string | null
  readonly retry_at: string | null
  readonly waiting: number
  readonly given_up: number
  readonly previous_secret_until: string | null
}

export type WebhookSecret = {
  readonly id: string
  readonly secret: string
  readonly public_key: string
  readonly previous_until: string | null
}

export type IssuedToken = {
  readonly id: string
  readonly token: string
  readonly expires_at: string
}

export const keys = { tokens: ['tokens'], subscriptions: ['subscriptions'] } as const

/** States change without an event. */
const everyMs = 10_000

export const tokensQuery = queryOptions({
  queryKey: keys.tokens,
  queryFn: async ({ signal }) =>
    (await request<{ tokens: readonly AccessToken[] }>('/v1/tokens', { signal })).tokens,
})

export const subscriptionsQuery = queryOptions({
  queryKey: keys.subscriptions,
  queryFn: async ({ signal }) =>
    (await request<{ subscriptions: readonly Subscription[] }>('/v1/subscriptions', { signal }))
      .subscriptions,
  refetchInterval: everyMs,
})

export const purposeWords: Readonly<Record<SubscriptionPurpose, string>> = {
  operations: 'Operations: displays, counters, monitoring',
  statistics: 'Statistics: numbers',
  gate_control: 'Gate control: barriers, bookings, permits',
  case_system: 'Case system: the agency’s own records',
}

export const eventWords: Readonly<Record<EventType, string>> = {
  'crossing.recorded': 'Crossings',
  'alarm.raised': 'Alarms',
}
