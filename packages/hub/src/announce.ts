/** Tells the consoles of crossings that came in. */

import { crossingById, crossingsById } from '@sallyport/store/crossings'
import { lanesWithDevices } from '@sallyport/store/lanes'
import type { Db } from '@sallyport/store/postgres/database'

import type { Events } from './events.ts'
import { limits } from './limits.ts'
import { reportWords } from './report-words.ts'
import { reviewEventView } from './review-views.ts'
import { crossingView, laneView } from './views.ts'

export type Announcer = {
  /** Publishes crossings and the state of their lanes, soon. Never throws. */
  crossings(ids: readonly string[]): void
  /** Publishes what a person now says of a plate, or no longer says. Never throws. */
  verdict(crossing: string): void
  /** Waits for what was given. */
  drain(): Promise<void>
}

export function createAnnouncer(context: {
  readonly db: Db
  readonly events: Events
  readonly now: () => Date
  readonly report: (message: string) => void
}): Announcer {
  const { db, events, now, report } = context
  let waiting: string[] = []
  let running: Promise<void> | null = null
  const telling = new Set<Promise<void>>()

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      // More than the ring holds would push each other out before anybody sees them.
      const ids = waiting.slice(-limits.eventsKept)
      waiting = []
      try {
        await publish(ids)
      } catch (error) {
        report(`events: ${reportWords(error)}`)
      }
    }
  }

  async function publish(ids: readonly string[]): Promise<void> {
    const found = new Map(
      (await crossingsById(db, ids)).map((one) => [one.crossing.id, one] as const),
    )
    const lanes = new Set<string>()
    for (const id of ids) {
      const one = found.get(id)
      if (one === undefined) continue
      events.publish('crossing', crossingView(one))
      lanes.add(one.crossing.lane)
    }
    for (const { lane, device } of await lanesWithDevices(db, [...lanes])) {
      if (device !== null) events.publish('device', laneView(lane, device, null, now()))
    }
  }

  async function publishVerdict(crossing: string): Promise<void> {
    const found = await crossingById(db, crossing)
    if (found !== null) events.publish('review', reviewEventView(found, undefined))
  }

  return {
    verdict(crossing) {
      const told = publishVerdict(crossing)
        .catch((error: unknown) => report(`events: ${reportWords(error)}`))
        .finally(() => telling.delete(told))
      telling.add(told)
    },
    crossings(ids) {
      if (ids.length === 0) return
      waiting.push(...ids)
      running ??= run().finally(() => (running = null))
    },
    async drain() {
      while (running !== null) await running
      await Promise.all(telling)
    },
  }
}
