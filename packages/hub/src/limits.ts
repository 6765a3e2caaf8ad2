/** Every limit of the hub. */
export const limits = {
  /** A bundle of three pictures and the reads; anything larger is refused before it is read. */
  bundleBytesMax: 24 * 1024 * 1024,
  jsonBytesMax: 64 * 1024,
  /** Bundles waiting for the disk; the next one is told to come back. */
  intakeQueueMax: 256,
  intakeQueueBytesMax: 192 * 1024 * 1024,
  /** One group commit takes at most this many bundles and about as many bytes: the rest is received meanwhile. */
  intakeBatchMax: 24,
  intakeBatchBytesMax: 48 * 1024 * 1024,
  /** How long a batch waits for bundles that are being received or checked. */
  intakeGatherMs: 2,
  /** An agreement to show one original is good for so long. */
  secondingMinutesMax: 60,
  /** Under supervision: an opening is held, and may be approved, for so long; then the approval is good for as long. */
  liveApprovalMsMax: 120_000,
  /** Openings of one party that wait for a live approval. */
  liveApprovalsWaitingMax: 5,
  /** Method and address of a request that waits for one, characters: it is shown whole. */
  supervisedRequestMax: 500,
  /** A grant is compared with so many days before it is signed. */
  grantSimulationDays: 30,
  /** The largest number a policy is told: Cedar counts in 64 bits, JSON surely up to 2^53. */
  policyNumberMax: Number.MAX_SAFE_INTEGER,
  retryAfterSeconds: 2,
  enrolmentCodeHours: 24,
  signInLinkHours: 24,
  /** A link that somebody makes for the own terminal. */
  ownLinkMinutes: 10,
  sessionHours: 12,
  challengeMinutes: 5,
  /** A sign-in at the agency's provider: to come back, under way at once, and what is read of the provider. */
  providerAttemptMinutes: 10,
  providerAttemptsMax: 2_000,
  providerSecondsMax: 10,
  providerAnswerBytesMax: 512 * 1024,
  providerQueryMax: 8_000,
  /** Its addresses are asked for again after so long; its keys at each sign-in. */
  providerKnownMs: 5 * 60_000,
  epochDaysAhead: 14,
  /** For so long after midnight the day before is announced still: lanes seal what they took in it. */
  epochOverlapMs: 30 * 60_000,
  /** Headers of a hub of before, re-wrapped at a time: 30 ms of work. */
  oldHeadersPage: 200,
  /** Events kept for a console that reconnects. */
  eventsKept: 512,
  eventClientsMax: 200,
  eventPingSeconds: 15,
  pageMax: 100,
  pageDefault: 50,
  noteLengthMax: 500,
  /** Hand-overs of lanes: referrals of one, how many are listed, and how long what was written is kept. */
  handoverReferralsMax: 50,
  handoversShown: 20,
  handoverDays: 30,
  /** A name that was stated at a lane without the hub. */
  statedNameLengthMin: 2,
  statedNameLengthMax: 80,
  /** A device that has not been heard of is "late", then "silent". */
  deviceLateSeconds: 45,
  deviceSilentSeconds: 180,
  heartbeatBytesMax: 16 * 1024,
  /** Hand-over pages: questions out for one device, how long one stands (a full spool is read through), pages listed. */
  attestationChallengesMax: 4,
  attestationChallengeMinutes: 60,
  attestationsListed: 50,
  connectionsMax: 2_000,
  /** Bodies of bundles being received, all together: who sends them is not known yet. */
  receivingBytesMax: 192 * 1024 * 1024,
  keepAliveMs: 75_000,
  /** Pictures for the plate reader, in a form; base64 makes a third more of them. */
  readerPictureBytesMax: 12 * 1024 * 1024,
  readerRequestBytesMax: 17 * 1024 * 1024,
  formFieldsMax: 32,
  formHeadBytesMax: 4 * 1024,
  /** Calls of one token: a steady rate, and how many may come at once after a pause. */
  readerCallsPerSecond: 8,
  readerCallsBurst: 16,
  /** Pictures received or waiting for the reader, of one token and of all. */
  readerWaitingPerToken: 8,
  readerWaitingMax: 24,
  /** A picture that has waited longer for a thread is not read: its asker has given up. */
  readerLateMs: 10_000,
  readerThreadsMax: 16,
  readerBodyMsMax: 20_000,
  /** A picture from the page waits so long for its lane. */
  pushedPictureMsMax: 30_000,
  /** What `usage.max_calls` says; nothing is counted down to zero here. */
  readerCallsAMonth: 100_000_000,
  tokenDaysMax: 366,
  tokenDaysDefault: 90,
  watchEntriesMax: 200_000,
  /** An import as JSON around its CSV. */
  watchImportBytesMax: 8 * 1024 * 1024,
  /** A passenger list of 1 MiB as base64, with the JSON around it. */
  listImportBytesMax: 1_500_000,
  /** A preview counts the crossings of this many days. */
  watchPreviewDays: 30,
  /** Possible matches that are logged and told of at once. */
  watchSettleMax: 100,
  /** Verdicts of this many hours are compared again at a start: a crash may have come between. */
  watchVerdictHours: 24,
  /** Webhooks and brokers that are told of events. */
  subscriptionsMax: 50,
  /** One receiver has this long to answer; its lease is longer. */
  deliveryMsMax: 15_000,
  deliveryLeaseMs: 30_000,
  deliveriesAtOnce: 4,
  deliveriesAtOnceAll: 32,
  deliveryLookMs: 1000,
  deliveriesKeptDays: 7,
  previousSecretHours: 24,
  /** Legal holds that are open at once: each is asked of every body that is due. */
  holdsMax: 200,
  holdsListedMax: 500,
  /** Keys with something due that one look finds; each is a shredding of its own. */
  keksAtOnce: 100,
  /** Bodies that are put under another key at once. */
  rewrapAtOnce: 500,
  /** Something due is shredded this long after it became due, at the latest, while the hub runs. */
  retentionEveryMs: 15 * 60_000,
  /** Segments of the vault are looked through this often, and rewritten when so much of them is shredded. */
  compactEveryMs: 6 * 60 * 60_000,
  compactShareMin: 0.25,
  /** A dry run looks this far. */
  planDaysMax: 1100,
  planDaysDefault: 30,
  /** Copies that wait for their mark; each takes about a tenth of a second. */
  markWaitingMax: 24,
  /** A model that a contractor brings for evaluation, and the JSON around it in base64. */
  candidateBytesMax: 24 * 1024 * 1024,
  candidateRequestBytesMax: 33 * 1024 * 1024,
  candidateNodesMax: 20_000,
  candidateGraphDepthMax: 8,
  /** Elements of one stored tensor. */
  candidateTensorMax: 16 * 1024 * 1024,
  /** Pages of 64 KiB that its runtime may have: 512 MiB. The process as a whole gets a little more. */
  candidateMemoryPages: 8_192,
  candidateProcessBytesMax: 1024 * 1024 * 1024,
  candidateCpuSecondsMax: 7_200,
  /** To start and load, and for the plates of one picture; then the process is killed. */
  candidateLoadMsMax: 60_000,
  candidateRunMsMax: 5_000,
  /** A process that was killed is started again so often; later pictures count as not read. */
  candidateRestartsMax: 3,
  /** The answer comes so long after the start for each picture: its time says nothing of a single one. */
  candidatePaceMs: 400,
  candidateFacePaceMs: 1_000,
  releasesListedMax: 200,
  /** Stored pictures that one found file is compared with. */
  leakCandidatesMax: 20,
  /** Of them so many that look alike as a whole: frames of one camera do by the dozen. */
  leakNearComparedMax: 12,
  /** So many are laid over by their corners as well, which takes a second each. */
  leakCornersMax: 4,
  /** Faces of one found picture, stored faces that each is compared with, and rows read at once. */
  leakFacesMax: 6,
  leakFacesNearMax: 3,
  leakFacesPage: 2_000,
  /** What a search knows of stored pictures is at most so old; templates are overwritten after so long without use. */
  leakFreshMs: 60_000,
  leakFacesIdleMs: 30 * 60_000,
  /** Copies of one picture whose marks are looked for in a found one. */
  leakCopiesMax: 1_000,
  /** Plates of a list that are looked up at once, and planted ones that a finding names. */
  leakPlatesAtOnceMax: 20_000,
  leakCanariesNamedMax: 100,
  /** A list of plates. */
  leakTextBytesMax: 32 * 1024 * 1024,
  /** A plate with fewer characters is no key to search by. */
  leakPlateMin: 4,
  leakFileBytesMax: 32 * 1024 * 1024,
  /** The same in base64, with its name. */
  leakRequestBytesMax: 43 * 1024 * 1024,
  leakFilesAtOnceMax: 4,
  leakThreads: 2,
  leakPlantedMax: 50,
  /** Crossings that the shares of a month's traffic are taken from. */
  shapeCrossingsMax: 20_000,
  /** Openings under a grant that are listed, and of how many days. */
  timelineMax: 500,
  timelineDays: 14,
  /** Requests under way get this long to end when the hub stops. */
  stopMsMax: 15_000,
} as const
