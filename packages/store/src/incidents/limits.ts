/** Limits of counting scopes. */
export const countLimits = {
  /** Of a whole port's half-year, on a machine that has other work: more than other statements may take. */
  countMsMax: 300_000,
  /** What PostgreSQL may hold in memory for one step of it (hashes: twice that) before it goes to disk. */
  memory: '128MB',
} as const
