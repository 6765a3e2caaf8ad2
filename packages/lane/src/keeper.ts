/** Decides what of a sealed crossing the spool can still hold, and signs for what it cannot. */

import { toHex } from '@sallyport/proof/bytes'
import type { Epoch } from '@sallyport/proof/epoch'
import type { Random } from '@sallyport/proof/node/seal'

import type { Alarms } from './alarms.ts'
import type { Clock } from './clock.ts'
import { type Report, reasonOf } from './events.ts'
import { limits } from './limits.ts'
import { type SealedCrossing, type Signer, composeCrossing, composeGap } from './sealing.ts'
import type { Spool, Waiting } from './spool.ts'

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
  | { readonly kind: 'dropped'; readonly code: 'spool_full' | 'spool_write_failed' }

export type Keeper = {
  /** Spools a crossing whole, without its scene, or not at all. Never throws. */
  keep(sealed: SealedCrossing): Promise<Kept>
  /** Signs a pending gap if the spool has room again; called after an acknowledgement. */
  settle(): Promise<void>
}

type Parts = {
  readonly spool: Spool
  readonly capacity: SpoolCapacity
  readonly signer: Signer
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly random: Random
  /** Today's epoch, for the manifest of a gap; null when there is none. */
  readonly epoch: () => Epoch | null
}

export function createKeeper(parts: Parts): Keeper {
  const { spool, capacity, signer, alarms, report, clock } = parts
  let gapSignedMs = Number.NEGATIVE_INFINITY

  const roomFor = (bytes: number, share: number): boolean => {
    const used = spool.usage()
    return (
      used.bytes + bytes <= capacity.bytesMax * share && used.bundles < capacity.bundlesMax * share
    )
  }

  const append = async (sealed: SealedCrossing): Promise<Waiting> => {
    const waiting = await spool.append(
      (link) => composeCrossing(sealed, link, signer),
      sealed.capturedAt,
    )
    alarms.clear('spool_write_failed')
    return waiting
  }

  const signGap = async (): Promise<void> => {
    const gap = spool.pendingGap
    const epoch = parts.epoch()
    if (gap === null || epoch === null) return
    const now = clock.now()
    const { sequence } = await spool.append(
      (link) =>
        composeGap(
          gap,
          epoch,
          { crossing: toHex(parts.random(16)), now, monotonicMs: clock.monotonicMs() },
          link,
          signer,
        ),
      now,
      (pending) => (pending === gap ? null : pending),
    )
    gapSignedMs = clock.monotonicMs()
    report({
      event: 'gap_signed',
      sequence,
      dropped: Object.values(gap.dropped).reduce((sum, one) => sum + one, 0),
    })
  }

  /** Counts the loss, and signs for it at once if the last signature is old and the reserve lasts. */
  const drop = async (sealed: SealedCrossing, scene: 'scene' | 'all'): Promise<void> => {
    const classes = sealed.bodies
      .map((body) => body.class)
      .filter((one) => scene === 'all' || one === 'scene')
    try {
      await spool.noteDropped(classes, sealed.capturedAt)
      const reserve =
        spool.usage().bytes + limits.bundleOverheadBytes <=
        capacity.bytesMax + limits.spoolReserveBytes
      if (reserve && clock.monotonicMs() - gapSignedMs > limits.gapIntervalMs) await signGap()
    } catch (error) {
      alarms.raise('spool_write_failed', `The spool cannot be written (${reasonOf(error)}).`)
    }
  }

  return {
    async keep(sealed) {
      const whole = sizeOf(sealed)
      const lean = withoutScene(sealed)
      try {
        if (roomFor(whole, limits.spoolSceneShare)) {
          if (spool.pendingGap !== null) await signGap()
          const { sequence, bytes } = await append(sealed)
          alarms.clear('spool_filling')
          alarms.clear('spool_full')
          return { kind: 'spooled', sequence, bytes, scene: true }
        }
        if (roomFor(sizeOf(lean), 1)) {
          alarms.raise('spool_filling', 'Scenes are no longer kept; plates and manifests are.')
          const { sequence, bytes } = await append(lean)
          await drop(sealed, 'scene')
          return { kind: 'spooled', sequence, bytes, scene: false }
        }
        alarms.raise('spool_full', 'Crossings are counted but no longer kept.')
        await drop(sealed, 'all')
        report({ event: 'crossing_dropped', reason: 'spool_full' })
        return { kind: 'dropped', code: 'spool_full' }
      } catch (error) {
        const reason = reasonOf(error)
        alarms.raise('spool_write_failed', `The spool cannot be written (${reason}).`)
        await drop(sealed, 'all')
        report({ event: 'crossing_dropped', reason })
        return { kind: 'dropped', code: 'spool_write_failed' }
      }
    },
    async settle() {
      if (spool.pendingGap === null || !roomFor(limits.bundleOverheadBytes, limits.spoolSceneShare))
        return
      try {
        await signGap()
        alarms.clear('spool_write_failed')
        alarms.clear('spool_filling')
        alarms.clear('spool_full')
      } catch (error) {
        alarms.raise('spool_write_failed', `The spool cannot be written (${reasonOf(error)}).`)
      }
    },
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
