/** Error rates as they may be stated: with an interval, or "too few to say" (ISO/IEC 19795-1, annex B). */

/** Two-sided confidence of every interval. */
export const confidenceLevel = 0.95

/**
 * Errors that a rate needs before it is stated for a group: with 30, the true rate lies within 30 % of
 * the observed one with 90 % confidence (the "rule of 30", Doddington 1998; ISO/IEC 19795-1).
 */
export const errorsToStateARate = 30

export type Rate =
  | {
      readonly kind: 'rate'
      readonly errors: number
      readonly trials: number
      readonly value: number
      /** Clopper-Pearson bounds at 95 %. */
      readonly low: number
      readonly high: number
    }
  | {
      readonly kind: 'too_few'
      readonly errors: number
      readonly trials: number
      /** The rate is below this with 97.5 % confidence; 1 without a trial. */
      readonly high: number
    }

/** `errors` of `trials` as a rate; too few to say when there are fewer than `errorsMin` errors or no trial. */
export function rateOf(errors: number, trials: number, errorsMin = 0): Rate {
  if (errors < 0 || errors > trials || !Number.isInteger(errors) || !Number.isInteger(trials))
    throw new RangeError(`${errors} errors of ${trials} trials are no rate.`)
  const { low, high } = clopperPearson(errors, trials)
  if (trials === 0 || errors < errorsMin) return { kind: 'too_few', errors, trials, high }
  return { kind: 'rate', errors, trials, value: errors / trials, low, high }
}

/** The exact interval of a binomial share (Clopper and Pearson 1934): never too narrow, also at 0 errors. */
export function clopperPearson(
  errors: number,
  trials: number,
): { readonly low: number; readonly high: number } {
  if (trials === 0) return { low: 0, high: 1 }
  const tail = (1 - confidenceLevel) / 2
  return {
    low: errors === 0 ? 0 : betaQuantile(tail, errors, trials - errors + 1),
    high: errors === trials ? 1 : betaQuantile(1 - tail, errors + 1, trials - errors),
  }
}

/** Where a beta distribution has `share` of its mass to the left, by halving. */
function betaQuantile(share: number, a: number, b: number): number {
  let low = 0
  let high = 1
  // Rates of a millionth have to come out exactly, too: halve until the bounds differ by a millionth of themselves.
  for (let round = 0; round < 200 && high - low > 1e-7 * high; round++) {
    const middle = (low + high) / 2
    if (betaShare(middle, a, b) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** The regularised incomplete beta function (NIST DLMF 8.17.22, by Lentz's continued fraction). */
function betaShare(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x),
  )
  return x < (a + 1) / (a + b + 2)
    ? (front * betaFraction(x, a, b)) / a
    : 1 - (front * betaFraction(1 - x, b, a)) / b
}

function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300
  const kept = (value: number): number => (Math.abs(value) < tiny ? tiny : value)
  let c = 1
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1))
  let fraction = d
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / kept(1 + even * d)
    c = kept(1 + even / c)
    fraction *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / kept(1 + odd * d)
    c = kept(1 + odd / c)
    fraction *= d * c
    if (Math.abs(d * c - 1) < 1e-13) break
  }
  return fraction
}

/** Stirling's series, exact to 1e-12 from 10 on; smaller arguments are moved there. */
function logGamma(x: number): number {
  if (x < 10) return logGamma(x + 1) - Math.log(x)
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7)
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series
}
