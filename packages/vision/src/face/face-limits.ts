/** Every limit of the face part. */
export const faceLimits = {
  /** Faces looked at in one picture, surest first. */
  facesPerPictureMax: 32,
} as const
