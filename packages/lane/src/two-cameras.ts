/**
 * Two cameras at one lane: what the second one sees of a vehicle's rear joins what the first one saw of
 * its front, in one crossing. Pictures wait in memory, and no longer than is said.
 */

import { agreeOnPlate } from '@sallyport/core/plate-pair'

import type { Clock } from './clock.ts'
import type { RearView, Sighting } from './sealing.ts'
import type { FrameOutcome } from './sources/source.ts'

export type CameraEnd = 'front' | 'rear'

type Held = {
  readonly end: CameraEnd
  readonly sighting: Sighting
  readonly settled: AbortController
}

type Parts = {
  readonly clock: Clock
  /** How long one end waits for the other, milliseconds. */
  readonly waitMs: number
  /** Seals and spools. */
  readonly sight: (sighting: Sighting) => Promise<FrameOutcome>
}

/** Joins sightings of two cameras. A lane is one vehicle wide: ends pair in the order in which they came. */
export class TwoCameras {
  readonly #parts: Parts
  readonly #held: Held[] = []
  readonly #working = new Set<Promise<unknown>>()
  #draining = false

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Takes what one camera saw. Resolves when it is sealed together with the other end, or at once when
   * it waits for that: then it is sealed by itself after `waitMs`. Never rejects before `sight` does.
   */
  async take(end: CameraEnd, sighting: Sighting): Promise<FrameOutcome> {
    const at = this.#held.findIndex((one) => one.end !== end)
    const [other] = at === -1 ? [] : this.#held.splice(at, 1)
    if (other !== undefined) {
      other.settled.abort()
      const [front, rear] =
        end === 'front' ? [sighting, other.sighting] : [other.sighting, sighting]
      return this.#parts.sight(joined(front, rear))
    }
    if (this.#draining || this.#parts.waitMs === 0) return this.#parts.sight(sighting)
    const held = { end, sighting, settled: new AbortController() }
    this.#held.push(held)
    const work = this.#wait(held).finally(() => this.#working.delete(work))
    this.#working.add(work)
    return { kind: 'held' }
  }

  /** Seals at once whatever waits, and from now on lets nothing wait. Resolves when all of it is done. */
  async drain(): Promise<void> {
    this.#draining = true
    for (const { settled } of this.#held) settled.abort()
    await Promise.all(this.#working)
  }

  async #wait(held: Held): Promise<void> {
    await this.#parts.clock.sleep(this.#parts.waitMs, held.settled.signal)
    const at = this.#held.indexOf(held)
    if (at === -1) return
    this.#held.splice(at, 1)
    await this.#parts.sight(held.sighting)
  }
}

function joined(front: Sighting, rear: Sighting): Sighting {
  const { plate, pair } = agreeOnPlate(front.plate, rear.plate)
  const { looks, scene, platePicture, plateCorners } = rear
  const view: RearView = {
    ...{ pair, front: front.plate, plate: rear.plate },
    ...{ looks, scene, platePicture, plateCorners },
  }
  return { ...front, plate, triggeredMs: Math.min(front.triggeredMs, rear.triggeredMs), rear: view }
}
