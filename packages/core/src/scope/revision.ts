/** What changed between two versions of a scope: numbers only, in the order in which they stand. */

import type { GradedCounts, ScopeCounts } from './counts.ts'
import { grades } from './question.ts'

export type Change = {
  /** `total.people.low`, `released_in_clear.pictures`. */
  readonly figure: string
  readonly before: number
  readonly after: number
}

/** Empty when every number is the same. */
export function changesBetween(before: GradedCounts, after: GradedCounts): readonly Change[] {
  const parts = [
    ['total', before.total, after.total] as const,
    ...grades.map((grade) => [grade, before.grades[grade], after.grades[grade]] as const),
  ]
  return parts.flatMap(([part, old, now]) => {
    const then = figuresOf(old)
    return figuresOf(now).flatMap(([name, value], at) => {
      const was = then[at]?.[1] ?? 0
      return was === value ? [] : [{ figure: `${part}.${name}`, before: was, after: value }]
    })
  })
}

function figuresOf(counts: ScopeCounts): readonly (readonly [string, number])[] {
  const { pictures, crossings, plates, people, lanes, ports, days } = counts
  return [
    ['pictures', pictures],
    ['crossings', crossings],
    ['plates.low', plates.low],
    ['plates.high', plates.high],
    ['people.low', people.low],
    ['people.high', people.high],
    ['people.identified', people.identified],
    ['lanes', lanes.length],
    ['ports', ports.length],
    ['days', days.count],
    ['people.plate_only.low', people.plate_only.low],
    ['people.plate_only.high', people.plate_only.high],
    ['people.by_face.low', people.by_face?.low ?? 0],
    ['people.by_face.high', people.by_face?.high ?? 0],
    ['people.by_face.not_compared', people.by_face?.not_compared ?? 0],
  ]
}
