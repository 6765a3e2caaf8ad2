/** A clock that tests move. Sleeping moves it too. */

import type { Clock } from '../clock.ts'

export type TestClock = Clock & { advance(ms: number): void; readonly slept: number[] }

export function testClock(start = new Date('2026-11-22T08:00:00.000Z')): TestClock {
  let elapsed = 0
  const slept: number[] = []
  return {
    slept,
    now: () => new Date(start.getTime() + elapsed),
    monotonicMs: () => elapsed,
    advance(ms) {
      elapsed += ms
    },
    async sleep(ms, signal) {
      slept.push(ms)
      if (!signal.aborted) elapsed += ms
      await Promise.resolve()
    },
  }
}

/** Waits in real time until `holds`; fails after `ms`. */
export async function until(holds: () => boolean, ms = 10_000, what = 'it'): Promise<void> {
  const deadline = performance.now() + ms
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`${what} did not come true within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
