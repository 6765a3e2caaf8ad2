/** How large a passenger list may be. */

export const listLimits = {
  bytesMax: 1024 * 1024,
  segmentsMax: 100_000,
  elementsMax: 200,
  travellersMax: 10_000,
  /** Errors of one list that are named; the rest is counted. */
  errorsMax: 100,
  fieldLengthMax: 100,
} as const
