/** The grid of chips over a picture (specs/mark.md, "The grid"). */

/** Chips along each side of the tile that repeats over the picture. */
export const tileChips = 24
export const tileCells = tileChips * tileChips
/** Cells of a tile that say where it is; the others say the code. */
export const syncCells = 192
export const messageCells = tileCells - syncCells

/** No picture has more chips along a side. */
export const gridSideMax = 320

/** Side of a chip in pixels of the marked picture. */
export function pitchOf(width: number, height: number): number {
  return Math.max(3, Math.max(width, height) / gridSideMax)
}
