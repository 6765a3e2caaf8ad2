/** Jurisdictions of plates: 'us', 'us-ca', 'mx-bcn', 'gb'; readers may know less than issuers. */

/** How what was read stands to what an entry names. Only `disagrees` contradicts it. */
export const jurisdictionVerdicts = ['agrees', 'compatible', 'disagrees', 'unknown'] as const
export type JurisdictionVerdict = (typeof jurisdictionVerdicts)[number]

/** A reader that is less sure than this has not said anything, 0 to 1. */
const confidenceMin = 0.5

/** Groups of the coarse reader that are not the first part of a finer code. */
const notEuropean = new Set(['us', 'ca', 'mx', 'br'])

/** A jurisdiction as people write it ('US-CA'), in lower case; null when it is none. */
export function parseJurisdiction(text: string): string | null {
  const code = text.trim().toLowerCase()
  return /^[a-z]{2,3}(-[a-z0-9]{1,4})?$/.test(code) ? code : null
}

/** Compares what an entry names with what a reader saw; either may be unknown or coarser. */
export function judgeJurisdiction(
  wanted: string | null,
  read: { readonly code: string; readonly confidence: number } | null,
): JurisdictionVerdict {
  if (wanted === null || read === null || read.confidence < confidenceMin) return 'unknown'
  const seen = read.code.toLowerCase()
  if (seen === 'other' || seen === '') return 'unknown'
  if (seen === wanted) return 'agrees'
  if (wanted.startsWith(`${seen}-`) || seen.startsWith(`${wanted}-`)) return 'compatible'
  const country = wanted.split('-')[0] ?? wanted
  if (seen === 'eu') return notEuropean.has(country) ? 'disagrees' : 'compatible'
  return 'disagrees'
}
