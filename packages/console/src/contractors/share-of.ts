/** A share with the bounds that the noise in its counts leaves, all from 0 to 1; null of nothing. */
export function shareOf(part: number, whole: number, within: number) {
  if (whole <= 0) return null
  const bounded = (count: number): number => Math.min(1, Math.max(0, count / whole))
  return { share: bounded(part), from: bounded(part - within), to: bounded(part + within) }
}
