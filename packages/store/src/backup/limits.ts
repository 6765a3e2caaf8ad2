/** Every limit of backups in one place. Sizes are bytes unless the name says otherwise. */
export const backupLimits = {
  /** Plaintext of one piece: what is held in memory, and lost to an interruption. */
  pieceMax: 16 * 1024 * 1024,
  /** A piece of rows is cut after about this much, where the rows themselves say. */
  rowsPieceMin: 256 * 1024,
  rowsPieceMax: 4 * 1024 * 1024,
  /** Rows fetched at a time. */
  rowsAtOnce: 1000,
  /** A piece of rows after it is unpacked: more is not what was written here. */
  unpackedMax: 64 * 1024 * 1024,
  /** One snapshot's list of pieces. */
  snapshotMax: 256 * 1024 * 1024,
  piecesMax: 1_000_000,
  snapshotsMax: 100_000,
  recipientsMax: 10,
  /** Tries to catch rows and log at one moment while a hub writes both. */
  momentTriesMax: 100,
  momentWaitMsMax: 25,
} as const
