/** Retention in words. */

import type { BodyClass } from '@sallyport/core/crossing'
import type { Condition, Keep } from '@sallyport/core/retention'

import { plural } from '../format/figures.ts'
import type { Hold } from './types.ts'

export const className: Readonly<Record<BodyClass, string>> = {
  scene: 'Scenes',
  plate: 'Plate pictures',
  face: 'Faces',
  reads: 'Reads',
}

export const conditionWords: Readonly<Record<Condition, string>> = {
  watch_confirmed: 'confirmed as looked for',
  unread: 'plate not read surely, nobody decided yet',
  outbound: 'through a lane that leads out',
  national: 'national of this country',
  foreign: 'known to be no national',
  always: 'all others',
}

/** '12 h', '14 days'. */
export function keepWords(keep: Keep): string {
  return 'hours' in keep ? `${keep.hours} h` : plural(keep.days, 'day', 'days')
}

/** What a hold covers, without who asked for it. */
export function scopeWords({ scope }: Hold, laneName: (lane: string) => string): string {
  switch (scope.kind) {
    case 'crossing':
      return 'One crossing'
    case 'plate':
      return scope.plate === null ? 'A plate, forgotten since' : `Plate ${scope.plate}`
    case 'lane': {
      const days =
        scope.from_day === scope.to_day
          ? (scope.from_day ?? '')
          : `${scope.from_day ?? ''} to ${scope.to_day ?? ''}`
      return `${laneName(scope.lane ?? '')}, ${days}`
    }
    case 'port':
      return 'The whole port'
  }
}

/** 'in 3 d', 'in 5 h', 'now': one unit, for a glance. */
export function leftWords(due: string, now: Date): string {
  const minutes = Math.floor((new Date(due).getTime() - now.getTime()) / 60_000)
  if (minutes < 1) return 'now'
  if (minutes < 60) return `in ${minutes} min`
  if (minutes < 48 * 60) return `in ${Math.floor(minutes / 60)} h`
  return `in ${Math.floor(minutes / (24 * 60))} d`
}
