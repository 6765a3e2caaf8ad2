/**
 * What the lane tells the hub of the recipients that it seals to: since when they are these, and how much
 * of what it sealed to others before it has still. The hub shows by it whether a rotation was followed.
 */

import type { EpochBook } from './epochs.ts'
import type { Spool } from './spool.ts'
import type { KeptVerdicts } from './window/kept-verdicts.ts'

/** As it stands in a heartbeat. */
export type HeldEpochs = {
  readonly issued_at: string
  readonly rotated_at: string | null
  /** What was sealed before `rotated_at` has sequences up to this one. */
  readonly earlier_through: number
  /** What was said at the lane's own page, sealed before, and waits. */
  readonly earlier_verdicts: number
}

type Parts = {
  readonly book: Pick<EpochBook, 'held' | 'isAnnounced'>
  readonly spool: Pick<Spool, 'lastSequence'>
  readonly kept: Pick<KeptVerdicts, 'countOf'>
}

export class HeldAnnouncement {
  readonly #parts: Parts
  /** Undefined before the first look: what a stopped lane sealed to is not known again. */
  #since: string | null | undefined
  #earlierThrough = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Null while nothing was announced to it. */
  said(): HeldEpochs | null {
    const { book, spool, kept } = this.#parts
    const { held } = book
    if (held === null) return null
    const rotatedAt = held.rotated_at ?? null
    if (rotatedAt !== this.#since) {
      this.#since = rotatedAt
      this.#earlierThrough = spool.lastSequence
    }
    return {
      issued_at: held.issued_at,
      rotated_at: rotatedAt,
      earlier_through: this.#earlierThrough,
      earlier_verdicts: kept.countOf(({ epoch }) => !book.isAnnounced(epoch)),
    }
  }
}
