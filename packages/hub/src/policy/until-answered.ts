/** Waiting for a person of the agency, while the request that waits is held. */

import type { Events } from '../events.ts'
import { limits } from '../limits.ts'

/**
 * Resolves once `isAnswered` says so after a `seconding` event of this id, its time is over, or nobody waits for it
 * any more. Whether it was approved is looked up by the caller.
 */
export async function untilAnswered(
  id: string,
  isAnswered: () => Promise<boolean>,
  gone: AbortSignal,
  events: Events,
): Promise<void> {
  const over = AbortSignal.any([gone, events.ended, AbortSignal.timeout(limits.liveApprovalMsMax)])
  await new Promise<void>((resolve) => {
    const end = (): void => {
      unsubscribe?.()
      over.removeEventListener('abort', end)
      resolve()
    }
    const look = async (): Promise<void> => {
      if (await isAnswered()) end()
    }
    const unsubscribe = events.subscribe(({ name, data }) => {
      if (name === 'seconding' && data.includes(id)) look().catch(end)
    })
    // Too many who listen already: it is then asked again, after the answer.
    if (unsubscribe === null || over.aborted) return end()
    over.addEventListener('abort', end, { once: true })
    // Answered between the row and the first event that is heard.
    look().catch(end)
  })
}
