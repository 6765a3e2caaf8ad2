/** The clock of the replayed hub: it stands where the story is, and a steady one beside it. */

export type StoryClock = {
  readonly now: () => Date
  /** Milliseconds; goes on with the story, so that no step of it looks like a clock that was set. */
  readonly steady: () => number
  /** Never back. */
  moveTo(at: Date): void
}

export function storyClock(begins: Date): StoryClock {
  let at = begins.getTime()
  return {
    now: () => new Date(at),
    steady: () => at,
    moveTo(later) {
      at = Math.max(at, later.getTime())
    },
  }
}
