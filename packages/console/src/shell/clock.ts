/** One ticking clock for the page, set by the hub: 'seconds ago' must not depend on this machine's clock. */

import { useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
let offsetMs = 0
let now = new Date()
let timer: ReturnType<typeof setInterval> | null = null

function tick(): void {
  now = new Date(Date.now() + offsetMs)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(tick, 1_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer)
      timer = null
    }
  }
}

/** Takes over the hub's clock; a difference under two seconds is the way there and is left alone. */
export function setHubTime(at: string): void {
  const difference = Date.parse(at) - Date.now()
  if (Number.isNaN(difference)) return
  offsetMs = Math.abs(difference) < 2_000 ? 0 : difference
  tick()
}

/** The hub's time as known here. */
export function hubNow(): Date {
  return new Date(Date.now() + offsetMs)
}

/** The hub's time, every second. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now)
}
