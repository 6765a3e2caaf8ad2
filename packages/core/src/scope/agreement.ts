/** Whether two engines that counted the same question say the same. */

import type { GradedCounts } from './counts.ts'

/** A figure that two counts of one scope do not share. */
export type Difference = {
  /** `total.people.low`, `grades.released_in_clear.classes.scene`, `total.lanes`. */
  readonly figure: string
  /** As text; `none` where one of the counts does not have it. */
  readonly first: string
  readonly second: string
}

/** The first figure that differs, in the order in which they stand; null when all are the same. */
export function firstDifference(first: GradedCounts, second: GradedCounts): Difference | null {
  return between(
    { total: first.total, grades: first.grades },
    { total: second.total, grades: second.grades },
    '',
  )
}

function between(first: unknown, second: unknown, figure: string): Difference | null {
  if (!isRecord(first) || !isRecord(second)) {
    const texts = [textOf(first), textOf(second)] as const
    return texts[0] === texts[1] ? null : { figure, first: texts[0], second: texts[1] }
  }
  for (const name of new Set([...Object.keys(first), ...Object.keys(second)])) {
    const found = between(first[name], second[name], figure === '' ? name : `${figure}.${name}`)
    if (found !== null) return found
  }
  return null
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return 'none'
  return Array.isArray(value) ? value.join(', ') : `${value as string | number}`
}
