/** Whether the hub answers, and since when it does not. */

import type { Clock } from '../clock.ts'
import type { Ask } from '../http.ts'

export class Contact {
  readonly #clock: Pick<Clock, 'now'>
  #missingSince: Date | null = null

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** The first request that had no answer since the last that had one; null while the hub answers. */
  get localSince(): Date | null {
    return this.#missingSince
  }

  /** The same requests, listened to. What a proxy says in the hub's place is no answer of the hub's. */
  listen(ask: Ask): Ask {
    return async (url, request, signal) => {
      const answer = await ask(url, request, signal)
      // A lane that is being stopped aborts its own requests.
      if (signal.aborted) return answer
      if (answer.kind === 'unreachable' || [502, 503, 504].includes(answer.status))
        this.#missingSince ??= this.#clock.now()
      else this.#missingSince = null
      return answer
    }
  }
}
