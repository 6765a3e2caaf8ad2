/** Seeded chance for drawings: the same seed draws the same picture. Not for keys or ids. */

export type Random = () => number

/** A generator of numbers in [0, 1) from a text (xmur3 into sfc32). */
export function randomFrom(seed: string): Random {
  let hash = 1_779_033_703 ^ seed.length
  const next32 = (): number => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507)
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909)
    return (hash ^= hash >>> 16) >>> 0
  }
  for (let at = 0; at < seed.length; at++) {
    hash = Math.imul(hash ^ seed.charCodeAt(at), 3_432_918_353)
    hash = (hash << 13) | (hash >>> 19)
  }
  let [a, b, c, d] = [next32(), next32(), next32(), next32()]
  return () => {
    const sum = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 4_294_967_296
  }
}

/** A number from `low` to `high`. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random()
}

/** One of `choices`, which may not be empty. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  const chosen = choices[Math.floor(random() * choices.length)]
  if (chosen === undefined) throw new Error('nothing to pick from')
  return chosen
}

/** One of `choices` by their weights. */
export function pickWeighted<T>(
  random: Random,
  choices: readonly { readonly weight: number; readonly value: T }[],
): T {
  let left = random() * choices.reduce((sum, { weight }) => sum + weight, 0)
  for (const { weight, value } of choices) {
    left -= weight
    if (left < 0) return value
  }
  return pick(random, choices).value
}
