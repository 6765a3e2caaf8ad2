/** Every limit of this package. A camera frame is far below them; a bomb is far above. */
export const limits = {
  pictureBytesMax: 24 * 1024 * 1024,
  picturePixelsMax: 40_000_000,
  pictureSideMax: 12_000,
  pictureSideMin: 16,
  /** A picture up to this wide may be nothing but a plate. */
  platePictureWidthMax: 420,
  /** Plates looked at in one picture, best first. */
  platesPerPictureMax: 8,
  /** Strips that a picture taller than wide is looked at in; one that would need more is seen as a whole only. */
  stripsMax: 4,
  /** What scores at least this share of the detector's cut is read, too. */
  weakScoreShare: 0.7,
  /** Texts kept while decoding one plate, and alternatives kept of them. */
  decodeBeamWidth: 12,
  alternativesMax: 5,
  /** Threads of one pool; a queue longer than a few frames only makes every answer late. */
  poolWorkersMax: 64,
  poolQueueMax: 8,
  poolLateMs: 2_000,
  /** Threads that died and were replaced before a pool gives up. */
  poolRestartsMax: 20,
} as const
