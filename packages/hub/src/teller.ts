/** What is stored with a crossing, and logged and told of once the crossing itself stands in the log. */

import { reportWords } from './report-words.ts'

export type Teller = {
  /** Something is stored whose crossing is not acknowledged yet: not before can it be told. */
  stored(): void
  /** Crossings were acknowledged: what was stored with them is told soon. Never throws. */
  announce(): void
  /** Tells of whatever waits, soon. */
  tell(): void
  /** Tells of whatever waits, also of what failed before. Call before serving, and now and then. */
  upkeep(): Promise<void>
  /** Waits for what was begun. */
  drain(): Promise<void>
}

/**
 * `settle` logs and tells of everything that waits; one call at a time. What it throws is reported under
 * `part`, and tried again at the next upkeep.
 */
export function createTeller(
  part: string,
  settle: () => Promise<void>,
  report: (message: string) => void,
): Teller {
  /** An upkeep between storing and acknowledging finds nothing, so it must not take this along. */
  let stored = false
  let waiting = false
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (waiting) {
      waiting = false
      try {
        await settle()
      } catch (error) {
        report(`${part}: ${reportWords(error)}`)
      }
    }
  }

  function tell(): void {
    waiting = true
    running ??= run().finally(() => {
      running = null
      // What came between the last look and this.
      if (waiting) tell()
    })
  }

  async function drain(): Promise<void> {
    while (running !== null) await running
  }

  return {
    stored() {
      stored = true
    },
    announce() {
      if (!stored) return
      stored = false
      tell()
    },
    tell,
    async upkeep() {
      tell()
      await drain()
    },
    drain,
  }
}
