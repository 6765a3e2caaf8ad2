/** How errors of a list are written down. */

import type { Place } from './edifact.ts'
import { listLimits } from './limits.ts'
import type { ListError } from './passenger-list.ts'

export function fault(errors: ListError[], { line, column }: Place, detail: string): void {
  errors.push({ line, column, detail })
}

/** So much of what a file says as an error may repeat. */
export function shown(text: string): string {
  return text === '' ? 'nothing' : text.slice(0, 35).replaceAll(/[^\x20-\x7e]/g, '?')
}

export function textOrNull(text: string): string | null {
  return text === '' ? null : text.slice(0, listLimits.fieldLengthMax)
}
