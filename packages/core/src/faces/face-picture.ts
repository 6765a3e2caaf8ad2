import type { Box } from '../plate.ts'

/** Share of a face's size that a lane keeps around it, on each side, in the face's own picture. */
export const facePictureMargin = 0.6

/** Where a face stands in its own picture, in pixels; `box` is of the frame that the lane cut it out of. */
export function faceInItsPicture({ x, y, width, height }: Box): Box {
  // A face at the edge of the frame has less around it than others.
  return {
    x: Math.min(x, width * facePictureMargin),
    y: Math.min(y, height * facePictureMargin),
    width,
    height,
  }
}
