/**
 * What stays are made of. A passage is one crossing of one subject: a vehicle by its plate, or a
 * traveller by a document or a template match. Passages are facts and are never changed.
 */

import type { ClockVerdict } from '../clock.ts'
import type { Direction } from '../crossing.ts'
import { foldPlateText } from '../plate.ts'

/** Who passed. Two passages belong together when their keys are equal. */
export type StayKey =
  | { readonly kind: 'plate'; readonly text: string }
  | { readonly kind: 'document'; readonly issuer: string; readonly number: string }
  /** Documents and matches that a person or a rule has joined to one traveller. */
  | { readonly kind: 'traveller'; readonly id: string }

export const subjects = ['vehicle', 'traveller'] as const
export type Subject = (typeof subjects)[number]

/** One text for one key; letter O counts as digit 0 in a plate, because one die stamps both. */
export function encodeKey(key: StayKey): string {
  switch (key.kind) {
    case 'plate':
      return `plate:${foldPlateText(key.text)}`
    case 'document':
      return `document:${key.issuer}:${key.number}`
    case 'traveller':
      return `traveller:${key.id}`
  }
}

/** Reads what `encodeKey` wrote; null for anything else. */
export function decodeKey(text: string): StayKey | null {
  const [kind, first, second] = text.split(':')
  if (first === undefined || first === '') return null
  if (kind === 'plate' && second === undefined) return { kind, text: first }
  if (kind === 'traveller' && second === undefined) return { kind, id: first }
  return kind === 'document' && second !== undefined && second !== ''
    ? { kind, issuer: first, number: second }
    : null
}

export function subjectOf(key: StayKey): Subject {
  return key.kind === 'plate' ? 'vehicle' : 'traveller'
}

export type Passage = {
  /** The crossing's id for a vehicle; an id of its own for a traveller. */
  readonly id: string
  /** When it was captured by the device's wall clock, ms since 1970. */
  readonly at: number
  readonly direction: Direction
  readonly lane: string
  /** How far `at` can be trusted. */
  readonly clock: ClockVerdict
  /** 'us-ca'; null when nobody read one. */
  readonly jurisdiction: string | null
  /** The other side of its stay was erased when its time to be kept was over. */
  readonly otherErased: boolean
}

/** How wrong the time of a passage may be, ms; infinite when its clock was never believable. */
export const clockErrorMs: Readonly<Record<ClockVerdict, number>> = {
  ok: 5_000,
  skewed: 300_000,
  review: Number.POSITIVE_INFINITY,
}
