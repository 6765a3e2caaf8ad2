/** Limits of the second engine. */
export const monthLimits = {
  threads: 2,
  /** What it may take of memory; the rest goes to a folder beside the files. */
  memory: '1GB',
  /** Rows that are asked of PostgreSQL at once. */
  rowsAtOnce: 20_000,
  /** A month of a nation is read in minutes, not in the half a minute of other statements. */
  exportMsMax: 3_600_000,
  /** After the end of a month, before it counts as closed: what is under way then has ended. */
  closedAfterMs: 3_600_000,
} as const
