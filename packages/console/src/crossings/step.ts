/** The next place in a list of `count` rows, or null when there is none. Starts at an end, stops at the ends. */
export function stepPlace(here: number | null, by: 1 | -1, count: number): number | null {
  if (count === 0) return null
  if (here === null) return by === 1 ? 0 : count - 1
  return Math.min(count - 1, Math.max(0, here + by))
}
