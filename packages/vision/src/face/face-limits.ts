/** Every limit of the face part. */
export const faceLimits = {
  /** Faces looked at in one picture, surest first. */
  facesPerPictureMax: 32,
  /** Templates of one gallery, and pages of 64 KiB that WebAssembly can address. */
  galleryTemplatesMax: 4_000_000,
  galleryPagesMax: 65_536,
  /** Owners that one search names. */
  searchResultsMax: 100,
  /** Templates searched for in one reading of the gallery, and rows multiplied at a time. */
  searchBatchMax: 32,
  searchRowsAtOnce: 4096,
} as const
