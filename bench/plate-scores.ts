/** What looks at labelled pictures are worth, counted. */

import { foldPlateText, isReported, type Look } from '@sallyport/core/plate'
import { overlap } from '@sallyport/vision/geometry'
import { votePlate } from '@sallyport/vision/vote'

import type { TruePicture, TruePlate } from './plate-sets.ts'

export type Seen = {
  readonly truth: TruePicture
  readonly looks: readonly Look[]
  readonly cpuMs: number
  readonly size: string
}

/** A reading and whether it is right: what reliability is made of. */
export type Judged = { readonly confidence: number; readonly right: boolean }

export function isOn(look: Look, { box }: TruePlate): boolean {
  return box === null || overlap(look.box, box) > 0.3
}

export function says(look: { readonly text: string }, { text }: TruePlate): boolean {
  return foldPlateText(look.text) === text
}

/** The surest reported look of every picture; one that was to be read and was not counts as wrong. */
export function judgeBest(seen: readonly Seen[]): readonly Judged[] {
  return seen.flatMap(({ truth, looks }) => {
    if (truth.plates.length === 0) return []
    const best = looks.find(isReported)
    const right = best !== undefined && truth.plates.some((plate) => says(best, plate))
    return [{ confidence: best?.confidence ?? 0, right }]
  })
}

/**
 * The surest reported look at a labelled plate of every picture; a plate that was to be read and was
 * not counts as wrong. Readings of plates that nobody labelled say nothing about a confidence.
 */
export function judgeLabelled(seen: readonly Seen[]): readonly Judged[] {
  return seen.flatMap(({ truth, looks }) => {
    if (truth.plates.length === 0) return []
    const best = looks.find(
      (look) => isReported(look) && truth.plates.some((plate) => isOn(look, plate)),
    )
    const right = best !== undefined && truth.plates.some((plate) => says(best, plate))
    return [{ confidence: best?.confidence ?? 0, right }]
  })
}

export function figuresOf(set: string, seen: readonly Seen[]) {
  const plates = seen.flatMap(({ truth, looks }) =>
    truth.plates.map((plate) => ({ plate, looks: looks.filter(isReported) })),
  )
  const pictures = seen.filter(({ truth }) => truth.plates.length > 0)
  const best = judgeBest(seen)
  const sure = pictures.flatMap(({ truth, looks }) => {
    const vote = votePlate(looks.filter(isReported).slice(0, 1))
    return vote.kind === 'read' ? [truth.plates.some((plate) => says(vote, plate))] : []
  })
  const states = seen.filter(({ truth }) => truth.state !== '')
  const hd = seen.filter(({ size }) => size === '1280x720')
  const falsePlates = seen.reduce(
    (sum, { truth, looks }) =>
      sum +
      looks.filter((look) => isReported(look) && !truth.plates.some((plate) => isOn(look, plate)))
        .length,
    0,
  )
  return {
    set,
    pictures: seen.length,
    exact_best_percent: percent(best.filter(({ right }) => right).length, best.length),
    exact_any_percent: percent(
      plates.filter(({ plate, looks }) => looks.some((look) => says(look, plate))).length,
      plates.filter(({ plate }) => plate.text !== '?').length,
    ),
    found_percent: percent(
      plates.filter(({ plate, looks }) => looks.some((look) => isOn(look, plate))).length,
      plates.length,
    ),
    false_plates_per_picture: round(falsePlates / seen.length, 1000),
    state_percent: percent(
      states.filter(({ truth, looks }) =>
        looks.some(({ jurisdiction }) => jurisdiction?.code === `us-${truth.state}`),
      ).length,
      states.length,
    ),
    read_percent: percent(sure.length, pictures.length),
    read_right_percent: percent(sure.filter(Boolean).length, sure.length),
    cpu_ms_median: median(seen.map(({ cpuMs }) => cpuMs)),
    cpu_ms_1280x720: median(hd.map(({ cpuMs }) => cpuMs)),
  }
}

/** How often readings of about one confidence are right, and the mean gap between the two. */
export function reliability(judged: readonly Judged[]) {
  const edges = [0, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0001]
  const bins = edges.slice(1).map((to, index) => {
    const from = edges[index] ?? 0
    const inside = judged.filter(({ confidence }) => confidence >= from && confidence < to)
    const said = inside.reduce((sum, { confidence }) => sum + confidence, 0) / inside.length
    const right = inside.filter((one) => one.right).length / inside.length
    return { from, to: Math.min(1, to), reads: inside.length, said, right }
  })
  const filled = bins.filter(({ reads }) => reads > 0)
  const gap =
    filled.reduce((sum, { reads, said, right }) => sum + reads * Math.abs(said - right), 0) /
    judged.length
  return {
    gap: round(gap, 1000),
    bins: filled.map(({ from, to, reads, said, right }) => ({
      confidence: `${from} to ${to}`,
      reads,
      said_percent: round(100 * said, 10),
      right_percent: round(100 * right, 10),
    })),
  }
}

/** The largest share of readings, surest first, of which at most `wrongMax` are wrong. */
export function keptAt(wrongMax: number, judged: readonly Judged[]): number {
  const order = judged.toSorted((a, b) => b.confidence - a.confidence)
  let wrong = 0
  let kept = 0
  order.forEach(({ right, confidence }, index) => {
    if (!right) wrong += 1
    // Readings of one confidence are kept or left together.
    if (order[index + 1]?.confidence === confidence) return
    if (wrong <= wrongMax * (index + 1)) kept = index + 1
  })
  return percent(kept, judged.length)
}

/** Wrong readings among the surest tenth, two tenths, ... of all. */
export function coverageRisk(judged: readonly Judged[]) {
  const order = judged.toSorted((a, b) => b.confidence - a.confidence)
  return Array.from({ length: 10 }, (_, step) => {
    const kept = order.slice(0, Math.round(((step + 1) / 10) * order.length))
    return {
      kept_percent: (step + 1) * 10,
      from_confidence: kept.at(-1)?.confidence ?? 0,
      wrong_percent: percent(kept.filter(({ right }) => !right).length, kept.length),
    }
  })
}

export function percent(count: number, of: number): number {
  return of === 0 ? 0 : round((100 * count) / of, 10)
}

function median(values: readonly number[]): number | null {
  const middle = values.toSorted((a, b) => a - b)[values.length >> 1]
  return middle === undefined ? null : round(middle, 10)
}

function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps
}
