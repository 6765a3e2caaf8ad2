/** How well a reader did on pictures whose plates are known. Letter O and digit 0 count as one. */

import { type Box, foldPlateText } from './plate.ts'

export type TruePlate = { readonly text: string; readonly box: Box | null }

export type Guess = { readonly text: string; readonly box: Box | null }

export type ReaderScore = {
  readonly pictures: number
  /** The reader's first plate is the true one, character for character. */
  readonly exact: number
  /** Some plate lies where the true one is (IoU over 0.3); with no known place, it reads exactly. */
  readonly found: number
  /** Plates with characters that lie elsewhere. */
  readonly falsePlates: number
}

export const noScore: ReaderScore = { pictures: 0, exact: 0, found: 0, falsePlates: 0 }

/** Adds one picture. `truth` is null for a picture without a plate; guesses are best first. */
export function addPicture(
  score: ReaderScore,
  truth: TruePlate | null,
  guesses: readonly Guess[],
): ReaderScore {
  const said = guesses.filter(({ text }) => text !== '')
  const isTrue = ({ text }: Guess) =>
    truth !== null && foldPlateText(text) === foldPlateText(truth.text)
  const isThere = (guess: Guess): boolean => {
    if (truth === null) return false
    // Without both places nobody can say where it lies: the text decides.
    if (truth.box === null || guess.box === null) return isTrue(guess)
    return overlap(guess.box, truth.box) > 0.3
  }
  const counts = truth !== null && truth.box === null
  return {
    pictures: score.pictures + 1,
    exact: score.exact + (said[0] !== undefined && isTrue(said[0]) ? 1 : 0),
    found: score.found + (guesses.some(isThere) ? 1 : 0),
    // A picture of nothing but a plate has no elsewhere.
    falsePlates: score.falsePlates + (counts ? 0 : said.filter((one) => !isThere(one)).length),
  }
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a.width * a.height + b.width * b.height - shared)
}
