/** Every limit of this package. */
export const limits = {
  sideMin: 16,
  sideMax: 12_000,
  pixelsMax: 40_000_000,
  /** A picture with more is read from a smaller copy: its chips are the larger for it. */
  readPixelsMax: 1_600_000,
  /** A picture with a shorter side holds no two tiles. */
  readSideMin: 64,
  /** Shorter sides below this carry a code only for readers that have the original. */
  blindSideMin: 500,
  /** An answer that is likelier wrong than this by chance is no answer. */
  falsePositiveMax: 1e-9,
  /** The fingerprint of a code must confirm it: chance of a wrong one doing so. */
  unconfirmedMax: 1e-6,
  /** Codes whose fingerprints are compared at once. */
  suspectsMax: 100_000,
  /** Epochs in one key file: ten years of months. */
  epochsMax: 120,
  keyFileBytesMax: 32 * 1024,
} as const
