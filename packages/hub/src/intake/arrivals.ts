/** Bundles on their way: received or checked at this moment, and soon to wait for the disk. */

export type Arrivals = {
  /** Counts one bundle as on its way until the function that is returned is called (once). */
  begin(): () => void
  /** Resolves when none is on its way, or after `ms`. */
  settled(ms: number): Promise<void>
}

export function createArrivals(): Arrivals {
  let count = 0
  const idle = new Set<() => void>()
  return {
    begin() {
      count += 1
      let open = true
      return () => {
        if (!open) return
        open = false
        count -= 1
        if (count === 0) for (const wake of idle) wake()
      }
    },
    settled(ms) {
      if (count === 0) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          idle.delete(wake)
          clearTimeout(timer)
          resolve()
        }
        const timer = setTimeout(wake, ms)
        idle.add(wake)
      })
    },
  }
}
