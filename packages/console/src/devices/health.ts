/** What a device's figures mean, for the table. Pure. */

import { clockLimits } from '@sallyport/core/clock'

import type { Device, Lane } from '../api/types.ts'
import { bytesWords, offsetWords, plural } from '../format/figures.ts'

export type Weight = 'well' | 'notice' | 'bad' | 'none'
export type Reading = { readonly words: string; readonly weight: Weight }

const nothing: Reading = { words: '–', weight: 'none' }

export function stateWeight(device: Device): Weight {
  switch (device.state) {
    case 'online':
      return 'well'
    case 'enrolled':
    case 'revoked':
      return 'none'
    case 'late':
      return 'notice'
    case 'silent':
      return 'bad'
  }
}

/** A silent device's last figures are history: shown, but no longer called well or bad. */
export function asOfLast(device: Device, reading: Reading): Reading {
  const old = device.state === 'silent' || device.state === 'revoked'
  return old ? { ...reading, weight: 'none' } : reading
}

/** What waits at the lane. One bundle on its way is ordinary. */
export function spoolReading({ spool }: Device): Reading {
  if (spool === null) return nothing
  if (spool.bundles === 0) return { words: 'empty', weight: 'well' }
  const words = `${plural(spool.bundles, 'crossing', 'crossings')}, ${bytesWords(spool.bytes)}`
  return { words, weight: spool.bundles > 1 ? 'notice' : 'well' }
}

/** How far the lane's clock is from the hub's; positive when the hub is ahead. */
export function clockReading(device: Device): Reading {
  const offset = device.clock_offset_ms
  if (offset === null) return nothing
  const size = Math.abs(offset)
  const weight =
    size > clockLimits.reviewMsMax ? 'bad' : size > clockLimits.skewMsMax ? 'notice' : 'well'
  return { words: offsetWords(offset), weight }
}

export function cameraReading(device: Device): Reading {
  if (device.camera === null) return nothing
  return device.camera === 'ok'
    ? { words: 'picture', weight: 'well' }
    : { words: 'no picture', weight: 'bad' }
}

/** Lanes that need somebody first, then as the hub lists them. */
export function byNeed(lanes: readonly Lane[]): readonly Lane[] {
  const order: Readonly<Record<Weight, number>> = { bad: 0, notice: 1, well: 2, none: 3 }
  const need = ({ device }: Lane): number =>
    device === null
      ? order.none
      : Math.min(
          order[stateWeight(device)],
          order[spoolReading(device).weight],
          order[clockReading(device).weight],
          order[cameraReading(device).weight],
        )
  return lanes.toSorted((a, b) => need(a) - need(b))
}
