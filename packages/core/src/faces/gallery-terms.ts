/** Galleries: whose faces are expected where and when. A gallery ends with its event. */

import type { Direction } from '../crossing.ts'
import type { Role } from '../opening.ts'

/** What people make; those who cross often come together by a rule (`frequent-rule.ts`). */
export const madeGalleryKinds = ['list', 'flight'] as const
export const galleryKinds = [...madeGalleryKinds, 'frequent'] as const
/** Of a passenger list; of a flight, at its gates; of those who cross often at an hour. */
export type GalleryKind = (typeof galleryKinds)[number]

export const galleryLimits = {
  /** What is expected at one place and time; more is no event but a register. */
  entriesMax: 10_000,
  lanesMax: 50,
  openAtOnceMax: 500,
  /** How long before its event a gallery may be opened, and how long it may live. */
  hoursMax: 14 * 24,
  nameLengthMax: 100,
} as const

export const galleryMakers: readonly Role[] = ['supervisor']
export const galleryReaders: readonly Role[] = ['supervisor', 'privacy', 'auditor']

export type GalleryTerms = {
  readonly kind: GalleryKind
  readonly name: string
  /** Empty: every lane of the direction. */
  readonly lanes: readonly string[]
  readonly direction: Direction | null
  readonly opensAt: Date
  readonly expiresAt: Date
}

export type GalleryDecision =
  | { readonly kind: 'allow' }
  | { readonly kind: 'refuse'; readonly detail: string }

/** Whether a gallery may come into being at `now`. */
export function decideGallery(terms: GalleryTerms, now: Date): GalleryDecision {
  const { kind, lanes, direction, opensAt, expiresAt } = terms
  if (expiresAt <= now || expiresAt <= opensAt)
    return {
      kind: 'refuse',
      detail: 'It would be over before it begins. Choose an end after its event.',
    }
  if (expiresAt.getTime() - now.getTime() > galleryLimits.hoursMax * 3_600_000)
    return {
      kind: 'refuse',
      detail: `A gallery ends with its event, at most ${galleryLimits.hoursMax} hours from now.`,
    }
  if (kind === 'flight' && (lanes.length === 0 || direction === null))
    return {
      kind: 'refuse',
      detail:
        'A flight has its own gates: name them, and whether people board (out) or arrive (in).',
    }
  return { kind: 'allow' }
}

/** Whether faces of this lane are looked for in a gallery at `at`. */
export function isSearchedAt(
  gallery: Omit<GalleryTerms, 'kind' | 'name'>,
  lane: { readonly id: string; readonly direction: Direction },
  at: Date,
): boolean {
  const { lanes, direction, opensAt, expiresAt } = gallery
  if (at < opensAt || at >= expiresAt) return false
  if (direction !== null && direction !== lane.direction) return false
  return lanes.length === 0 || lanes.includes(lane.id)
}
