/** What is known about one look besides its text, and the probabilities that follow from it. */

/**
 * Numbers that say how far a look can be trusted. All are finite; 0 is "nothing known". Their weights
 * are fitted on drawings (training/reader/calibrate.py) and stand in the reader's card.
 */
export type LookFeatures = {
  /** Log odds of the text among all texts, and of the runner-up. */
  readonly posterior: number
  readonly runnerUp: number
  /** Log odds of the weakest character. */
  readonly weakest: number
  /** 1 when both heads say the same text, 0 when not or where there is one head. */
  readonly agreement: number
  /** Mean log-probability per character that the second head gives the text. */
  readonly slots: number
  /** The reader's own logit that there is something to read. */
  readonly legibility: number
  /** Log of the plate's width over 90 pixels, and of its sharpness over 0.5. */
  readonly width: number
  readonly sharpness: number
  /** Log odds of the detector. */
  readonly detection: number
  /** Characters missing to five, and beyond seven. */
  readonly short: number
  readonly long: number
  /** Log of the plate's width over twice its height. */
  readonly shape: number
}

export type FeatureName = keyof LookFeatures

/** A logistic function of features, then a line through points (isotonic) where `curve` is given. */
export type CalibrationCard = {
  readonly bias: number
  readonly weights: Readonly<Partial<Record<FeatureName, number>>>
  /** Rising [before, after] pairs of probabilities. */
  readonly curve?: readonly (readonly [number, number])[]
}

export type PlausibilityCard = CalibrationCard & {
  /** Below this probability a detection is no plate that reads. */
  readonly cut: number
}

/** The probability that a card gives to features, 0 to 1. */
export function probabilityOf(features: LookFeatures, card: CalibrationCard): number {
  let logit = card.bias
  for (const [name, weight] of Object.entries(card.weights)) {
    logit += weight * (features[name as FeatureName] ?? 0)
  }
  const raw = 1 / (1 + Math.exp(-logit))
  return card.curve === undefined ? raw : onCurve(raw, card.curve)
}

function onCurve(value: number, curve: readonly (readonly [number, number])[]): number {
  let [fromX, fromY] = [0, 0]
  for (const [x, y] of [...curve, [1, 1] as const]) {
    if (value <= x) {
      const share = x === fromX ? 1 : (value - fromX) / (x - fromX)
      return fromY + share * (y - fromY)
    }
    ;[fromX, fromY] = [x, y]
  }
  return fromY
}

/** Log odds of a probability, bounded to ±9. */
export function logit(probability: number): number {
  const bounded = Math.min(1 - 1e-4, Math.max(1e-4, probability))
  return Math.log(bounded / (1 - bounded))
}
