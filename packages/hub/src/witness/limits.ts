/** Limits of witnessing, of the server and of the client. */
export const witnessLimits = {
  /** A request to our witness must be in by then. */
  requestMsMax: 10_000,
  /** Entries that are sent to our mirror take longer: a slow line brings a package in this time. */
  uploadMsMax: 120_000,
  connectionsMax: 200,
  keepAliveMs: 75_000,
  /** A witness that has not answered by then is asked again later. */
  answerMsMax: 5_000,
  /** At the start of a hub nobody should wait long for a witness that is away. */
  startMsMax: 3_000,
  answerBytesMax: 128 * 1024,
  /** To a mirror: packages of one request (c2sp.org/tlog-mirror), and about so many bytes before gzip. */
  packagesMax: 32,
  packageBytesMax: 2 * 1024 * 1024,
  /** A mirror that is far behind is sent so much in one round; the next goes on. */
  uploadsPerRoundMax: 64,
  /** Rounds begin at least this far apart: what is appended meanwhile shares one. */
  everyMs: 200,
  /** After a failure a witness is left alone, twice as long each time, up to the second. */
  retryMs: 1_000,
  retryMsMax: 60_000,
  /** Retries within one round when a witness says that it has another size. */
  sizesTriedMax: 3,
  /** Without any answer for this long there is an alarm. */
  silentMs: 5 * 60_000,
  /** Witnessed checkpoints that are kept for statements about a time: one for each of these. */
  keptEveryMs: 60 * 60_000,
  /** About ten years of them. */
  keptMax: 100_000,
} as const
