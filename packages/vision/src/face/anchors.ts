/** The boxes that the detector's answers are relative to. */

/** Boxes that every cell of one predictor's grid stands for. */
export type AnchorGrid = {
  /** Input pixels between two cells. */
  readonly stride: number
  /** Height and width of each box, input pixels. */
  readonly sizes: readonly (readonly [number, number])[]
}

/** The size of input for which SSD states its boxes as shares of the picture. */
export const listedSide = 512
const scales = [0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 1] as const

/** The six grids of SSD as face-api has them (Liu et al. 2016, section 2.2, from 0.2 to 0.95). */
export const anchorGrids: readonly AnchorGrid[] = [16, 32, 64, 128, 256, 512].map(
  (stride, index) => {
    const scale = (scales[index] ?? 1) * listedSide
    const next = (scales[index + 1] ?? 1) * listedSide
    const ofShape = (aspect: number) =>
      [scale / Math.sqrt(aspect), scale * Math.sqrt(aspect)] as const
    const small = 0.1 * listedSide
    const between = Math.sqrt(scale * next)
    const sizes =
      index === 0
        ? [[small, small] as const, ofShape(2), ofShape(0.5)]
        : [
            [scale, scale] as const,
            [between, between] as const,
            ...[2, 0.5, 3, 0.3333].map(ofShape),
          ]
    return { stride, sizes }
  },
)
