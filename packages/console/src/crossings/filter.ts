/** What the crossing list is asked for. Pure: the address bar and the hub's query are two spellings of it. */

import type { CrossingsQuery } from '../api/queries.ts'
import type { Crossing } from '../api/types.ts'
import { dayStart, instantAtPort } from '../format/time.ts'
import { bareQuery, foldQuery, matchPlaces } from '../plate/match.ts'

export const ranges = ['any', 'hour', 'today', 'yesterday', 'custom'] as const
export type Range = (typeof ranges)[number]

export type Filter = {
  /** As typed. */
  readonly plate: string
  readonly lane: string
  readonly direction: '' | 'in' | 'out'
  readonly kind: '' | 'read' | 'unsure' | 'unreadable'
  readonly range: Range
  /** Wall times at the port, 'YYYY-MM-DDTHH:MM', for a custom range. */
  readonly from: string
  readonly to: string
}

export const emptyFilter: Filter = {
  plate: '',
  lane: '',
  direction: '',
  kind: '',
  range: 'any',
  from: '',
  to: '',
}

/** The filter of an address. Unknown values say nothing. */
export function filterOf(parameters: URLSearchParams): Filter {
  const value = (name: string): string => parameters.get(name) ?? ''
  return {
    // Plates stay out of addresses, and so out of the browser's history.
    plate: '',
    lane: value('lane'),
    direction: oneOf(value('direction'), ['in', 'out']),
    kind: oneOf(value('kind'), ['read', 'unsure', 'unreadable']),
    range: ranges.find((one) => one === value('range')) ?? 'any',
    from: wall(value('from')),
    to: wall(value('to')),
  }
}

/** The address of a filter: only what says something, and never a plate. */
export function parametersOf(filter: Filter): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const name of ['lane', 'direction', 'kind'] as const) {
    if (filter[name] !== '') parameters.set(name, filter[name])
  }
  if (filter.range !== 'any') parameters.set('range', filter.range)
  if (filter.range === 'custom') {
    if (filter.from !== '') parameters.set('from', filter.from)
    if (filter.to !== '') parameters.set('to', filter.to)
  }
  return parameters
}

/** What the hub is asked. `now` fixes a moving range once, so that its pages fit together. */
export function queryOf(filter: Filter, zone: string, now: Date): CrossingsQuery {
  const { from, to } = boundsOf(filter, zone, now)
  const bare = bareQuery(filter.plate)
  return {
    plate: bare === '' ? null : bare,
    lane: filter.lane === '' ? null : filter.lane,
    direction: filter.direction === '' ? null : filter.direction,
    kind: filter.kind === '' ? null : filter.kind,
    from: from?.toISOString() ?? null,
    to: to?.toISOString() ?? null,
  }
}

function boundsOf(
  filter: Filter,
  zone: string,
  now: Date,
): { readonly from: Date | null; readonly to: Date | null } {
  switch (filter.range) {
    case 'any':
      return { from: null, to: null }
    case 'hour':
      return { from: new Date(now.getTime() - 3_600_000), to: null }
    case 'today':
      return { from: dayStart(now, zone), to: null }
    case 'yesterday':
      return { from: dayStart(now, zone, 1), to: dayStart(now, zone) }
    case 'custom':
      return { from: instantAtPort(filter.from, zone), to: instantAtPort(filter.to, zone) }
  }
}

/** Whether a crossing that just arrived belongs in the list: decides only the "n new" count. */
export function matches(query: CrossingsQuery, crossing: Crossing): boolean {
  const at = Date.parse(crossing.captured_at)
  if (query.lane !== null && crossing.lane !== query.lane) return false
  if (query.direction !== null && crossing.direction !== query.direction) return false
  if (query.kind !== null && crossing.plate.kind !== query.kind) return false
  if (query.from !== null && at < Date.parse(query.from)) return false
  if (query.to !== null && at >= Date.parse(query.to)) return false
  if (query.plate === null) return true
  return crossing.plate.text !== null && matchPlaces(crossing.plate.text, query.plate).size > 0
}

export function isEmpty(filter: Filter): boolean {
  return foldQuery(filter.plate) === '' && parametersOf(filter).size === 0
}

function oneOf<T extends string>(value: string, allowed: readonly T[]): T | '' {
  return allowed.find((one) => one === value) ?? ''
}

function wall(value: string): string {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(value) ? value : ''
}
