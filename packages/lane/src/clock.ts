/** Time as an argument: the wall clock, a clock that never jumps, and waiting. */

export type Clock = {
  now(): Date
  /** Milliseconds since some fixed moment of this process; never runs backwards. */
  monotonicMs(): number
  /** Resolves after `ms`, or at once when `signal` is aborted. Never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** A number in [0, 1), for jitter only. */
export type Chance = () => number

export const systemClock: Clock = {
  now: () => new Date(),
  monotonicMs: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const finish = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', finish)
        resolve()
      }
      const timer = setTimeout(finish, ms)
      signal.addEventListener('abort', finish, { once: true })
    }),
}

export type BackOff = { readonly baseMs: number; readonly maxMs: number }

/** Wait before try number `attempt` (from 0): doubles up to the maximum, half of it by chance. */
export function backOffMs(attempt: number, { baseMs, maxMs }: BackOff, chance: Chance): number {
  const full = Math.min(maxMs, baseMs * 2 ** Math.min(attempt, 30))
  return full / 2 + (full / 2) * chance()
}
