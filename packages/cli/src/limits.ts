/** Every limit of the command as a client of a hub. */
export const limits = {
  requestMsMax: 30_000,
  /** Photographs of one request to be described: 50 take seconds on a quiet machine. */
  photosMsMax: 600_000,
  /** Opening a picture waits for the log to be durable. */
  openingMsMax: 60_000,
  /** A picture of 24 MiB as base64, with its receipt. */
  answerBytesMax: 40 * 1024 * 1024,
  sessionFileBytesMax: 256 * 1024,
  linkLengthMax: 1000,
  pagesMax: 10_000,
  /** Characters of a grant's document. */
  grantTextMax: 64 * 1024,
  importMsMax: 120_000,
  /** A machine-readable zone has at most 90 characters; a file around it may have a little more. */
  mrzLengthMax: 1000,
  /** Stays of many plates take their time; the hub goes on when nobody waits any more. */
  recomputeMsMax: 3_600_000,
  recomputeLookMs: 250,
  /** The hub takes 8 MiB with the JSON around it. */
  importBytesMax: 7 * 1024 * 1024,
  /** As long as the hub counts, and a little for what comes before and after. */
  scopeMsMax: 330_000,
  /** Months that were never put aside are, before they are counted. */
  recountMsMax: 3_600_000,
  /** A bundle of a large scope is read from the log entry by entry. */
  bundleMsMax: 600_000,
  /** Two hundred pictures are opened, marked and sealed; then they travel. */
  releaseMsMax: 1_800_000,
  /** Files of a package that a recipient checks, and their directory in a ZIP. */
  releaseFilesMax: 400,
  releaseDirectoryBytesMax: 256 * 1024,
  /** A run that shreds days of pictures takes its time. */
  retentionRunMsMax: 600_000,
  /** A model travels, is loaded in the sandbox and tried. */
  modelWaitMsMax: 300_000,
  /** One file from outside; the hub takes as much. */
  leakFileBytesMax: 32 * 1024 * 1024,
  /** Everything that an archive unpacks to, and how many files, and archives within archives. */
  leakArchiveBytesMax: 16 * 1024 * 1024 * 1024,
  leakArchiveEntriesMax: 1_000_000,
  leakArchiveDepthMax: 3,
  leakFetchMsMax: 60_000,
  leakWatchMs: 2_000,
  /** The hub loads every hash at its first search. */
  leakBeginMsMax: 120_000,
  /** Twenty stored pictures are opened and laid under one. */
  leakFileMsMax: 300_000,
  leakSelfTestMsMax: 3_600_000,
} as const
