/** Decides what of a sealed crossing the spool can still hold, and signs for all that was dropped. */

import type { BodyClass } from '@sallyport/core/crossing'
import { toHex } from '@sallyport/proof/bytes'
import type { Manifest } from '@sallyport/proof/manifest'
import type { GapReason } from '@sallyport/proof/manifest'
import type { Random } from '@sallyport/proof/node/age-payload'

import type { Alarms } from './alarms.ts'
import type { Clock } from './clock.ts'
import type { ClosedDays } from './day-closing.ts'
import { type Report, reasonOf } from './events.ts'
import { limits } from './limits.ts'
import { type SealedCrossing, type Signer, composeCrossing, composeGap } from './sealing.ts'
import type { Composed, Link, Spool, Waiting } from './spool.ts'

export type SpoolCapacity = {
  readonly bytesMax: number
  readonly bundlesMax: number
}

export type Kept =
  | {
      readonly kind: 'spooled'
      readonly sequence: number
      readonly bytes: number
      readonly scene: boolean
    }
  | { readonly kind: 'dropped'; readonly code: 'spool_full' | 'spool_write_failed' | 'day_closed' }

type Parts = {
  readonly spool: Spool
  readonly capacity: SpoolCapacity
  readonly signer: Signer
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly random: Random
  /** Today's epoch, for the manifest of a gap; null when there is none. */
  readonly epoch: () => Manifest['epoch'] | null
  readonly closed: Pick<ClosedDays, 'has' | 'close'>
}

export class Keeper {
  readonly #parts: Parts
  #gapSignedMs = Number.NEGATIVE_INFINITY
  /** Watcher and sender call from two sides: what one drops, the other must not sign for twice. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Spools a crossing whole, without its scene, or not at all. Never rejects. */
  keep(sealed: SealedCrossing): Promise<Kept> {
    return this.#inTurn(() => this.#keep(sealed))
  }

  /** Counts a crossing that could not be sealed; signed for once there is an epoch. Never rejects. */
  unsealable(classes: readonly BodyClass[], at: Date): Promise<void> {
    return this.#inTurn(async () => {
      const { spool, alarms } = this.#parts
      try {
        await spool.noteDropped('no_epoch', classes, at)
      } catch (error) {
        alarms.raise('spool_write_failed', `The spool cannot be written (${reasonOf(error)}).`)
      }
    })
  }

  /**
   * Signs pending gaps if the spool has room again; called after an acknowledgement and when epochs
   * were renewed. Never rejects.
   */
  settle(): Promise<void> {
    return this.#inTurn(() => this.#settle())
  }

  /** Closes days between two crossings, with the last sequence that can be of them. */
  closeDays(through: string): Promise<void> {
    return this.#inTurn(() => this.#parts.closed.close(through, this.#parts.spool.lastSequence))
  }

  async #keep(sealed: SealedCrossing): Promise<Kept> {
    const { alarms, report } = this.#parts
    // Sealed before its day was closed and here only after: the hub may have no key of it any more.
    if (this.#parts.closed.has(sealed.epoch.day)) {
      await this.#drop(sealed, 'all', 'no_epoch')
      report({ event: 'crossing_dropped', reason: 'day_closed' })
      return { kind: 'dropped', code: 'day_closed' }
    }
    try {
      return await this.#fit(sealed)
    } catch (error) {
      const reason = reasonOf(error)
      alarms.raise('spool_write_failed', `The spool cannot be written (${reason}).`)
      await this.#drop(sealed, 'all', 'spool_write_failed')
      report({ event: 'crossing_dropped', reason })
      return { kind: 'dropped', code: 'spool_write_failed' }
    }
  }

  async #settle(): Promise<void> {
    const { spool, alarms } = this.#parts
    if (spool.pendingGaps.length === 0) return
    if (!this.#hasRoom(limits.bundleOverheadBytes, limits.spoolSceneShare)) return
    try {
      await this.#signGaps()
      alarms.clear('spool_write_failed')
      this.#clearFull()
    } catch (error) {
      alarms.raise('spool_write_failed', `The spool cannot be written (${reasonOf(error)}).`)
    }
  }

  async #fit(sealed: SealedCrossing): Promise<Kept> {
    const { alarms, report } = this.#parts
    const lean = withoutScene(sealed)
    if (this.#hasRoom(sizeOf(sealed), limits.spoolSceneShare)) {
      await this.#signGaps()
      const { sequence, bytes } = await this.#append(sealed)
      this.#clearFull()
      return { kind: 'spooled', sequence, bytes, scene: true }
    }
    if (this.#hasRoom(sizeOf(lean), 1)) {
      alarms.raise('spool_filling', 'Scenes are no longer kept; plates and manifests are.')
      const { sequence, bytes } = await this.#append(lean)
      await this.#drop(sealed, 'scene')
      return { kind: 'spooled', sequence, bytes, scene: false }
    }
    alarms.raise('spool_full', 'Crossings are counted but no longer kept.')
    await this.#drop(sealed, 'all')
    report({ event: 'crossing_dropped', reason: 'spool_full' })
    return { kind: 'dropped', code: 'spool_full' }
  }

  #hasRoom(bytes: number, share: number): boolean {
    const { spool, capacity } = this.#parts
    const used = spool.usage()
    return (
      used.bytes + bytes <= capacity.bytesMax * share && used.bundles < capacity.bundlesMax * share
    )
  }

  async #append(sealed: SealedCrossing): Promise<Waiting> {
    const { spool, signer, alarms } = this.#parts
    const compose = (link: Link): Composed => composeCrossing(sealed, link, signer)
    const waiting = await spool.append(compose, sealed.capturedAt)
    alarms.clear('spool_write_failed')
    return waiting
  }

  /** Counts the loss, and signs for it at once if the last signature is old and the reserve lasts. */
  async #drop(
    sealed: SealedCrossing,
    what: 'scene' | 'all',
    reason: GapReason = 'spool_full',
  ): Promise<void> {
    const { spool, capacity, clock, alarms } = this.#parts
    const classes = sealed.bodies
      .map((body) => body.class)
      .filter((one) => what === 'all' || one === 'scene')
    try {
      await spool.noteDropped(reason, classes, sealed.capturedAt)
      const bytes = spool.usage().bytes + spool.pendingGaps.length * limits.bundleOverheadBytes
      const fits = bytes <= capacity.bytesMax + limits.spoolReserveBytes
      const isDue = clock.monotonicMs() - this.#gapSignedMs > limits.gapIntervalMs
      if (fits && isDue) await this.#signGaps()
    } catch (error) {
      alarms.raise('spool_write_failed', `The spool cannot be written (${reasonOf(error)}).`)
    }
  }

  async #signGaps(): Promise<void> {
    const { spool, clock, signer, report, random } = this.#parts
    const epoch = this.#parts.epoch()
    if (epoch === null) return
    for (const gap of spool.pendingGaps) {
      const now = clock.now()
      const at = { crossing: toHex(random(16)), now, monotonicMs: clock.monotonicMs() }
      const compose = (link: Link): Composed => composeGap(gap, epoch, at, link, signer)
      const { sequence } = await spool.append(compose, now, gap.reason)
      this.#gapSignedMs = clock.monotonicMs()
      const dropped = Object.values(gap.dropped).reduce((sum, one) => sum + one, 0)
      report({ event: 'gap_signed', reason: gap.reason, sequence, dropped })
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => {})
    return turn
  }

  #clearFull(): void {
    this.#parts.alarms.clear('spool_filling')
    this.#parts.alarms.clear('spool_full')
  }
}

function sizeOf({ bodies }: SealedCrossing): number {
  return bodies.reduce<number>(
    (sum, { header, body }) => sum + header.length + body.length,
    limits.bundleOverheadBytes,
  )
}

function withoutScene(sealed: SealedCrossing): SealedCrossing {
  return { ...sealed, bodies: sealed.bodies.filter((body) => body.class !== 'scene') }
}
