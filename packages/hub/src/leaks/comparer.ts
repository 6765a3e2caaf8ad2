/** Threads that look at found files, so that the hub goes on meanwhile. */

import { TaskThread } from '../task-thread.ts'
import type { LeakAnswer, LeakAsk } from './leak-thread.ts'

export type Comparer = {
  /** The thread's answer; a thread that ends refuses what it was asked, and the next one starts. */
  ask(ask: LeakAsk): Promise<LeakAnswer>
  close(): Promise<void>
}

/** `threads` at most; each starts when there is work for it. */
export function createComparer(threads: number): Comparer {
  let seats: readonly TaskThread<LeakAsk, LeakAnswer>[] = []
  let closed = false

  function seat(): TaskThread<LeakAsk, LeakAnswer> {
    seats = seats.filter(({ ended }) => !ended)
    const [least] = seats.toSorted((a, b) => a.waiting - b.waiting)
    if (least !== undefined && (least.waiting === 0 || seats.length >= threads)) return least
    const script = new URL('./leak-thread.ts', import.meta.url)
    const added = new TaskThread<LeakAsk, LeakAnswer>(script, (detail) => ({
      kind: 'refused',
      detail,
    }))
    seats = [...seats, added]
    return added
  }

  return {
    async ask(ask) {
      return closed ? { kind: 'refused', detail: 'The hub stops.' } : seat().ask(ask)
    },
    async close() {
      closed = true
      for (const one of seats) await one.close()
    },
  }
}
