/** Where the tiles of a mark may lie: pitches and turns at which a picture repeats itself. No key is needed. */

import { tileChips } from './grid.ts'
import type { Likeness } from './whiten.ts'

/** Side of a chip in pixels, and how far its rows are turned (radians, clockwise on the screen). */
export type Pose = { readonly pitch: number; readonly turn: number }

const pitchMin = 1.3
const pitchMax = 14
const pitchStep = 0.003
const turnMax = (3.2 * Math.PI) / 180
const turnSteps = 17
/** Whole tiles that a picture must be away from itself. */
const reach = 4
const posesMax = 10

/** The likeliest poses, best first. */
export function likelyPoses(likeness: Likeness): readonly Pose[] {
  const { half } = likeness
  const top = Math.min(pitchMax, Math.max(half.width, half.height) / tileChips / 1.25)
  const steps = Math.max(1, Math.floor(Math.log(top / pitchMin) / pitchStep))
  const pitches = Array.from({ length: steps }, (_, at) => pitchMin * Math.exp(at * pitchStep))
  const turns = Array.from(
    { length: turnSteps },
    (_, at) => -turnMax + (2 * turnMax * at) / (turnSteps - 1),
  )
  const scores = turns.map((turn) =>
    even(pitches.map((pitch) => repetition(likeness, pitch, turn))),
  )
  const found: { readonly pose: Pose; readonly score: number }[] = []
  for (const [at, turn] of turns.entries()) {
    for (const [step, pitch] of pitches.entries()) {
      const score = scores[at]![step]!
      if (isPeak(scores, at, step)) found.push({ pose: { pitch, turn }, score })
    }
  }
  return found
    .toSorted((a, b) => b.score - a.score)
    .slice(0, posesMax)
    .map(({ pose }) => pose)
}

/** How much the picture resembles itself moved by whole tiles: standard deviations of an uneven picture. */
function repetition({ half, lags, margins }: Likeness, pitch: number, turn: number): number {
  const across = tileChips * pitch * Math.cos(turn)
  const down = tileChips * pitch * Math.sin(turn)
  let [sum, overlap] = [0, 0]
  for (let a = 0; a <= reach; a++) {
    for (let b = a === 0 ? 1 : -reach; b <= reach; b++) {
      const dx = a * across - b * down
      const dy = a * down + b * across
      const [tall, wide] = [Math.abs(dy), Math.abs(dx)]
      if (wide >= margins.x - 1 || tall >= margins.y - 1) continue
      if (wide > 0.8 * half.width || tall > 0.8 * half.height) continue
      sum += lagAt(lags, dx, dy)
      overlap += (half.width - wide) * (half.height - tall)
    }
  }
  return overlap > 0 ? sum / Math.sqrt(overlap) : 0
}

/** The autocorrelation between four lags. */
function lagAt({ width, height, data }: Likeness['lags'], dx: number, dy: number): number {
  const [x, y] = [Math.floor(dx), Math.floor(dy)]
  const [fx, fy] = [dx - x, dy - y]
  // Sides are powers of two.
  const left = x & (width - 1)
  const right = (x + 1) & (width - 1)
  const upper = (y & (height - 1)) * width
  const lower = ((y + 1) & (height - 1)) * width
  return (
    (1 - fy) * ((1 - fx) * data[upper + left]! + fx * data[upper + right]!) +
    fy * ((1 - fx) * data[lower + left]! + fx * data[lower + right]!)
  )
}

/** Scores less what their neighbours within 3 % have in common: a picture's own slow likeness. */
function even(scores: readonly number[]): readonly number[] {
  const radius = 10
  return scores.map((score, at) => {
    const near = scores.slice(Math.max(0, at - radius), at + radius + 1)
    return score - near.reduce((sum, one) => sum + one, 0) / near.length
  })
}

function isPeak(scores: readonly (readonly number[])[], turn: number, step: number): boolean {
  const score = scores[turn]![step]!
  if (score <= 0) return false
  for (let other = turn - 1; other <= turn + 1; other++) {
    for (let near = step - 2; near <= step + 2; near++) {
      if ((scores[other]?.[near] ?? -Infinity) > score) return false
    }
  }
  return true
}
