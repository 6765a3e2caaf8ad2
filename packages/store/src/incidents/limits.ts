/** Limits of counting scopes. */
export const countLimits = {
  /** Of a whole port's half-year, on a machine that has other work: more than other statements may take. */
  countMsMax: 300_000,
} as const
