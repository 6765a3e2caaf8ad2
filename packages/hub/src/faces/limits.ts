/** Limits of the hub's face part. */
export const faceHubLimits = {
  /** Faces of one crossing that are taken; a lane seals fewer. */
  facesPerCrossingMax: 32,
  /** A sealed template as base64: 4,096 numbers and what is around them. */
  templateTextMax: 24 * 1024,
  /** Owners that one search of a gallery names. */
  foundMax: 8,
  /** Faces that are logged and told of at once. */
  settleMax: 100,
  /** Photographs in one request, as base64 within JSON, and the side that one is kept at. */
  photosRequestBytesMax: 16 * 1024 * 1024,
  photosAtOnce: 100,
  photoBytesMax: 6 * 1024 * 1024,
  photoSideMax: 640,
  photoQuality: 88,
  galleriesListed: 200,
  /** Photographs of those who cross often that are looked through for a gallery. */
  frequentFoundMax: 20_000,
  /** Open possible matches of travellers that are looked through for how many wait for one person. */
  travellerHitsCounted: 500,
  calibrationFilesMax: 20,
  /** Stored faces of one class of camera that are looked through for those whom people confirmed. */
  calibrationFacesRead: 4_000,
  calibrationsListed: 50,
} as const
