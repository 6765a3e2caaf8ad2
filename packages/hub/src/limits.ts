/** Every limit of the hub. */
export const limits = {
  /** A bundle of three pictures and the reads; anything larger is refused before it is read. */
  bundleBytesMax: 24 * 1024 * 1024,
  jsonBytesMax: 64 * 1024,
  /** Bundles waiting for the disk; the next one is told to come back. */
  intakeQueueMax: 256,
  intakeQueueBytesMax: 192 * 1024 * 1024,
  /** One group commit takes at most this many bundles and about as many bytes. */
  intakeBatchMax: 64,
  intakeBatchBytesMax: 48 * 1024 * 1024,
  retryAfterSeconds: 2,
  enrolmentCodeHours: 24,
  signInLinkHours: 24,
  sessionHours: 12,
  challengeMinutes: 5,
  epochDaysAhead: 14,
  /** Events kept for a console that reconnects. */
  eventsKept: 512,
  eventClientsMax: 200,
  eventPingSeconds: 15,
  pageMax: 100,
  pageDefault: 50,
  noteLengthMax: 500,
  /** A device that has not been heard of is "late", then "silent". */
  deviceLateSeconds: 45,
  deviceSilentSeconds: 180,
  heartbeatBytesMax: 16 * 1024,
  connectionsMax: 2_000,
  /** Bodies of bundles being received, all together: who sends them is not known yet. */
  receivingBytesMax: 192 * 1024 * 1024,
  keepAliveMs: 75_000,
  /** Requests under way get this long to end when the hub stops. */
  stopMsMax: 15_000,
} as const
