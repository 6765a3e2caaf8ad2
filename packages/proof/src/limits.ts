/** Every limit of this package in one place. Sizes are bytes unless the name says otherwise. */
export const limits = {
  /** An age header; one X25519 recipient takes 168. */
  sealHeaderMax: 16 * 1024,
  sealRecipientsMax: 20,
  /** log2 of the rounds that a passphrase may ask for: 2^20 takes 1 GiB for seconds. */
  scryptWorkMax: 20,
  /** Plaintext of one seal: held in memory whole. */
  sealPlaintextMax: 256 * 1024 * 1024,

  manifestMax: 64 * 1024,
  bodiesMax: 64,
  /** Stored pictures that one found file is compared with. */
  comparedMax: 200,
  gapClassesMax: 4,
  gapCountMax: 1_000_000_000,
  /** One sealed body in a bundle, detached from its header. */
  bodyMax: 32 * 1024 * 1024,
  /** One bundle on the wire and in the spool. */
  bundleMax: 64 * 1024 * 1024,

  epochsMax: 400,
  epochDocumentMax: 128 * 1024,
  dayClosedMax: 1024,
  laneVerdictMax: 1024,
  dutyOrderMax: 512,
  /** What a device saw of itself, with what a drive says it is. */
  deviceEventMax: 2048,
  /** A hand-over page of a device: entries of one of its lists, mounts of one drive, all of it. */
  attestedMax: 24,
  attestedMountsMax: 6,
  deviceAttestationMax: 64 * 1024,

  /** 200 pictures, what is planted among them, and their records. */
  releaseFilesMax: 300,
  /** One sealed file of a release. */
  releaseFileMax: 64 * 1024 * 1024,
  releaseManifestMax: 64 * 1024,

  /** tlog-tiles: entries carry a uint16 length. */
  entryMax: 65_535,
  /** Keeps every index exact in a double and every tile path within five elements. */
  treeSizeMax: 2 ** 48,
  /** A full bundle of the longest entries. */
  resourceMax: 256 * (65_535 + 2),
  noteMax: 1024 * 1024,
  noteSignaturesMax: 64,
  /** A path in a tree of `treeSizeMax` leaves has at most this many hashes. */
  proofHashesMax: 63,
  proofExtraMax: 64 * 1024,
  /** tlog-witness: old size, 63 hashes and a checkpoint with its signatures. */
  addCheckpointMax: 256 * 1024,

  /** tlog-mirror: origin, two sizes and a ticket, which is a checkpoint with its signatures. */
  mirrorTicketMax: 65_535,
  mirrorInfoMax: 128 * 1024,

  /** Head of an absence statement: two checkpoints with their signatures. */
  absenceHeadMax: 256 * 1024,

  /** A scope bundle: a quarter of a million pictures with their crossings and entries. */
  scopeLineMax: 256 * 1024,
  scopeLinesMax: 2_000_000,

  /** tlog-policy asks for 32 of each; an ML-DSA-44 key takes 1,800 bytes. */
  policyMax: 256 * 1024,
  policyLogsMax: 64,
  policyWitnessesMax: 64,
  policyGroupsMax: 64,
  /** Policies that one decision names. */
  policiesMax: 16,
} as const
