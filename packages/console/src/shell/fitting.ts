/** How many of a row's items fit before a "more" must hold the rest. */

/**
 * The first items that fit into `room`, all in pixels. Where not all of them fit, `more` has to fit beside
 * them. At least none: a bar too small for anything shows "more" alone.
 */
export function fitting(
  widths: readonly number[],
  room: number,
  { gap, more }: { readonly gap: number; readonly more: number },
): number {
  const needed = (count: number): number =>
    widths.slice(0, count).reduce((sum, width) => sum + width + gap, 0)
  if (needed(widths.length) - gap <= room) return widths.length
  let count = widths.length - 1
  while (count > 0 && needed(count) + more > room) count -= 1
  return Math.max(count, 0)
}
