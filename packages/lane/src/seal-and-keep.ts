/** The only way from a sighting to the disk: sealed, or not at all. */

import type { DayEpoch } from '@sallyport/proof/epoch'
import type { Random } from '@sallyport/proof/node/age-payload'

import type { Alarms } from './alarms.ts'
import type { Clock } from './clock.ts'
import type { EpochBook } from './epochs.ts'
import type { Report } from './events.ts'
import type { Keeper } from './keeper.ts'
import { type Sighting, classesOf, sealSighting } from './sealing.ts'
import type { FrameOutcome } from './sources/source.ts'

type Parts = {
  readonly book: EpochBook
  readonly keeper: Keeper
  readonly alarms: Alarms
  readonly report: Report
  readonly clock: Clock
  readonly random: Random
}

/** Seals and spools one sighting. Without an epoch of its day nothing is kept but the count. */
export async function sealAndKeep(sighting: Sighting, parts: Parts): Promise<FrameOutcome> {
  return parts.book.sealing(sighting.takenAt, (epoch) => sealTo(epoch, sighting, parts))
}

async function sealTo(
  epoch: DayEpoch | null,
  sighting: Sighting,
  parts: Parts,
): Promise<FrameOutcome> {
  const { alarms, report } = parts
  if (epoch === null) {
    alarms.raise(
      'no_epoch',
      'No recipient is known for today: pictures are counted, not stored. Reach the hub.',
    )
    await parts.keeper.unsealable(classesOf(sighting), sighting.takenAt)
    report({ event: 'crossing_dropped', reason: 'no_epoch' })
    return { kind: 'dropped', code: 'no_epoch' }
  }
  alarms.clear('no_epoch')
  const sealed = await sealSighting(sighting, epoch, parts)
  const kept = await parts.keeper.keep(sealed)
  if (kept.kind === 'dropped') return kept
  report({
    event: 'crossing_spooled',
    crossing: sealed.crossing,
    sequence: kept.sequence,
    plate: sighting.plate.kind,
    looks: sighting.looks.length,
    lane_ms: sealed.laneMs,
    bytes: kept.bytes,
    scene: kept.scene,
  })
  return { kind: 'spooled', crossing: sealed.crossing, sequence: kept.sequence }
}
