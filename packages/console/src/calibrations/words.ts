/** Rates of calibrations as people read them: with their interval, or why there is none. */

import { countWords } from '../format/figures.ts'
import type { CurveShare, MeasuredRate, RatePair } from './api.ts'

/** '0.1 %', '12 %': two figures. */
export function shareWords(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}

export function curveShareWords(share: CurveShare): string {
  if (share.kind === 'share') return `${shareWords(share.value)} ${between(share)}`
  return `${share.kind === 'at_most' ? 'at most' : 'at least'} ${shareWords(share.value)}`
}

/** '0.1 % (0.08 % to 0.12 %), 12 of 12 000'. */
export function measuredWords(rate: MeasuredRate): string {
  if (rate === null) return 'too few to say: nothing was compared'
  return `${shareWords(rate.value)} ${between(rate)}, ${countWords(rate.errors)} of ${countWords(rate.trials)}`
}

export function saidRateWords(rate: RatePair['false_match']): string {
  if (rate.kind === 'too_few')
    return `too few to say: ${countWords(rate.trials)} of ${countWords(rate.needed)} comparisons`
  return measuredWords(rate)
}

function between({ low, high }: { readonly low: number; readonly high: number }): string {
  return `(${shareWords(low)} to ${shareWords(high)})`
}

/** 'one in 1 000'. */
export function oneInWords(share: number): string {
  return `one in ${countWords(Math.round(1 / share))}`
}
