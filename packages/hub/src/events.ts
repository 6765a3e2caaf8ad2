/** Live events: a ring of the newest, handed to every console that listens. */

import { limits } from './limits.ts'

export type EventName =
  | 'crossing'
  | 'crossing.matched'
  | 'device'
  | 'alarm'
  | 'opening'
  | 'leaks'
  | 'watch_hit'
  | 'traveller_hit'
  | 'review'
  | 'window'
  | 'device_event'
  | 'seconding'

export type LiveEvent = { readonly id: number; readonly name: EventName; readonly data: string }

export type Events = {
  publish(name: EventName, data: unknown): void
  /** Events after `lastId`, or null when they are no longer all here. */
  since(lastId: number): readonly LiveEvent[] | null
  /**
   * Returns the function that ends the subscription, or null when there are too many. `askedAgain`:
   * somebody lost their access, and who listens must be known again before they hear more.
   */
  subscribe(listener: (event: LiveEvent) => void, askedAgain?: () => void): (() => void) | null
  /** Has everybody who listens asked again who they are. */
  askAgain(): void
  readonly lastId: number
  /** Aborted when the hub stops: live views never end by themselves. */
  readonly ended: AbortSignal
  end(): void
}

/** `firstId` sets this start's events apart from those of an earlier one. */
export function createEvents(firstId: number): Events {
  const ring: LiveEvent[] = []
  const listeners = new Map<(event: LiveEvent) => void, () => void>()
  const ending = new AbortController()
  let lastId = firstId
  return {
    publish(name, data) {
      lastId += 1
      const event = { id: lastId, name, data: JSON.stringify(data) }
      ring.push(event)
      if (ring.length > limits.eventsKept) ring.shift()
      for (const listener of listeners.keys()) listener(event)
    },
    since(id) {
      const oldest = ring[0]?.id ?? lastId + 1
      if (id < oldest - 1 || id > lastId) return null
      return ring.filter((event) => event.id > id)
    },
    subscribe(listener, askedAgain = () => undefined) {
      if (listeners.size >= limits.eventClientsMax) return null
      listeners.set(listener, askedAgain)
      return () => listeners.delete(listener)
    },
    askAgain() {
      for (const askedAgain of listeners.values()) askedAgain()
    },
    ended: ending.signal,
    end: () => ending.abort(),
    get lastId() {
      return lastId
    },
  }
}
