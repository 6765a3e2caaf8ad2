/** A camera that comes and goes: opened again after every end, with growing waits. */

import { type Chance, type Clock, backOffMs } from '../clock.ts'
import type { Report } from '../events.ts'
import { limits } from '../limits.ts'
import { type Frame, Latest } from './source.ts'

export type CameraParts = {
  readonly clock: Clock
  readonly chance: Chance
  readonly report: Report
}

/**
 * Films until `signal` is aborted. `session` plays one connection: it hands over every picture and
 * resolves with the reason why it ended; it may be called again at once. Late pictures are dropped.
 */
export async function* filmCamera(
  session: (show: (image: Frame['image']) => void, signal: AbortSignal) => Promise<string>,
  { clock, chance, report }: CameraParts,
  signal: AbortSignal,
): AsyncGenerator<Frame, void> {
  const queue = new Latest<Frame>(limits.framesWaitingMax)
  // Whoever stops iterating must not wait for the camera to hang up by itself.
  const left = new AbortController()
  const either = AbortSignal.any([signal, left.signal])
  const ended = keepOpen(session, queue, { clock, chance, report }, either)
  try {
    yield* queue
  } finally {
    left.abort()
    await ended
  }
}

async function keepOpen(
  session: (show: (image: Frame['image']) => void, signal: AbortSignal) => Promise<string>,
  queue: Latest<Frame>,
  { clock, chance, report }: CameraParts,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0
  let state: 'ok' | 'gone' | null = null
  const tell = (next: 'ok' | 'gone', reason: string): void => {
    if (state !== next) report({ event: 'camera', state: next, reason })
    state = next
  }
  while (!signal.aborted) {
    const reason = await session((image) => {
      failures = 0
      tell('ok', '')
      queue.push({
        image,
        takenAt: clock.now(),
        monotonicMs: clock.monotonicMs(),
        pass: 'live',
      })
    }, signal)
    if (signal.aborted) break
    tell('gone', reason)
    await clock.sleep(backOffMs(failures, limits.cameraBackOff, chance), signal)
    failures += 1
  }
  queue.end()
}
