/** Sentences about a plate that lists, cards and pages share. Pure. */

import { jurisdictionName } from '@sallyport/core/jurisdiction-names'

import type { Plate } from '../api/types.ts'
import { percentWords, plural } from '../format/figures.ts'

export const limits = {
  /** A jurisdiction less sure than this is shown with its number. */
  jurisdictionSure: 0.85,
  /** Less sure than this it is a guess, and shown as one. */
  jurisdictionGuess: 0.5,
} as const

/** 'all 6 looks agree', '5 of 6 looks agree', '1 look'. */
export function agreementWords(plate: Plate): string {
  if (plate.looks <= 1) return plural(plate.looks, 'look', 'looks')
  const agree = Math.round(plate.agreement * plate.looks)
  return agree === plate.looks
    ? `all ${plate.looks} looks agree`
    : `${agree} of ${plate.looks} looks agree`
}

/** 'California', or 'California 62 %' when it is not sure; null when unknown. */
export function jurisdictionWords(plate: Plate): string | null {
  if (plate.jurisdiction === null) return null
  const { code, confidence } = plate.jurisdiction
  const name = jurisdictionName(code)
  return confidence >= limits.jurisdictionSure ? name : `${name} ${percentWords(confidence)}`
}

/** Whether the jurisdiction is more likely another than this one. */
export function isJurisdictionGuess({ jurisdiction }: Plate): boolean {
  return jurisdiction !== null && jurisdiction.confidence < limits.jurisdictionGuess
}
