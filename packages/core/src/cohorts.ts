/**
 * Counts that say how a group of pictures did and nothing of a single one: groups that are large enough,
 * and noise in every count. Chance is an argument.
 */

/** Fewer pictures than this are never counted apart. */
export const cohortMin = 20

/** The group of all cohorts that are too small to stand alone. */
export const pooled = 'others'

/**
 * Which group each cohort is counted in, by the cohort's name: itself, or `others`. No group is smaller
 * than `least`, and none can be computed from those that are shown: what is left after they are taken
 * from the whole is nothing, or the group of all others. Null where the whole is too small.
 */
export function groupCohorts(
  sizes: ReadonlyMap<string, number>,
  least: number = cohortMin,
): ReadonlyMap<string, string> | null {
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  if (total < least) return null
  const rising = [...sizes].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1))
  const groups = new Map<string, string>()
  let pool = 0
  for (const [cohort, size] of rising) {
    const hides = size < least || (pool > 0 && pool < least)
    if (hides) pool += size
    groups.set(cohort, hides ? pooled : cohort)
  }
  return groups
}

/** A number from 0 up to but not including 1. */
export type Chance = () => number

/**
 * Noise with which one picture more or less changes the odds of every answer by at most e^epsilon
 * (two-sided geometric: Ghosh, Roughgarden, Sundararajan, 2009). A whole number around 0.
 */
export function noise(epsilon: number, chance: Chance): number {
  return geometric(epsilon, chance) - geometric(epsilon, chance)
}

/** Noise stays within this of 0 in 95 of 100 counts. */
export function noiseBound(epsilon: number): number {
  const share = Math.exp(-epsilon)
  return Math.max(0, Math.ceil(Math.log((0.05 * (1 + share)) / 2) / -epsilon) - 1)
}

function geometric(epsilon: number, chance: Chance): number {
  return Math.floor(Math.log(1 - chance()) / -epsilon)
}
