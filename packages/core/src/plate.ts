/**
 * What a plate reader says of a plate: looks (one frame each) and the read voted from them.
 * Raw looks are kept beside the vote and are never corrected (DESIGN invariant 11).
 */

import type { ReasonLabel } from './reason.ts'

/** Pixels of the picture that was read, origin top left. */
export type Point = { readonly x: number; readonly y: number }

/** A plate's corners in reading order: top left, top right, bottom right, bottom left. */
export type Corners = readonly [Point, Point, Point, Point]

export type Box = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** One character position; confidences are 0 to 1, alternatives are best first without the winner. */
export type CharacterRead = {
  readonly character: string
  readonly confidence: number
  readonly alternatives: readonly { readonly character: string; readonly confidence: number }[]
}

/** A jurisdiction ('us-ca', 'mx-bcn', 'br', 'eu', ...) and how sure the reader is of it, 0 to 1. */
export type Jurisdiction = { readonly code: string; readonly confidence: number }

/** The kind of a plate ('passenger', 'taxi', 'motorcycle', ...), as the reader's card lists them. */
export type PlateType = { readonly code: string; readonly confidence: number }

/** One reading of one plate in one frame. `text` is `characters` joined. */
export type Look = {
  readonly text: string
  readonly confidence: number
  readonly characters: readonly CharacterRead[]
  readonly jurisdiction: Jurisdiction | null
  readonly corners: Corners
  readonly box: Box
  /** Whole-plate alternatives, best first, without `text`. */
  readonly alternatives: readonly { readonly text: string; readonly confidence: number }[]
  /** Detector's score, 0 to 1. */
  readonly detection: number
  /** Mean length of the plate's top and bottom edge in the picture, pixels. */
  readonly plateWidthPx: number
  /** How sharp the crop was, 0 to about 1; looks sealed by older lanes lack this and what follows. */
  readonly sharpness?: number | undefined
  /** False for a weak candidate: evidence in a vote, nothing to report by itself. */
  readonly plausible?: boolean | undefined
  readonly plateType?: PlateType | null | undefined
}

/** Whether a look stands by itself; a weak candidate, or one without characters, is evidence only. */
export function isReported(look: Look): boolean {
  return look.text !== '' && look.plausible !== false
}

type Voted = {
  readonly text: string
  readonly confidence: number
  readonly characters: readonly CharacterRead[]
  readonly jurisdiction: Jurisdiction | null
  /** Looks that read something. */
  readonly looks: number
  /** Share of these looks that say exactly `text`, 0 to 1. */
  readonly agreement: number
  /** Other texts that the looks together allow, best first; older lanes' reads lack them. */
  readonly alternatives?:
    | readonly { readonly text: string; readonly confidence: number }[]
    | undefined
  readonly plateType?: PlateType | null | undefined
}

/** What is known of a crossing's plate. "Unsure" carries the best guess and says why it is one. */
export type PlateRead =
  | ({ readonly kind: 'read' } & Voted)
  | ({ readonly kind: 'unsure'; readonly reason: UnsureReason } & Voted)
  | {
      readonly kind: 'unreadable'
      /** `on_foot`: the lane is for people, and no plate was looked for. */
      readonly reason: 'no_plate_found' | 'no_characters' | 'on_foot'
    }

/** An open list of labels: `reason.ts` has the known ones, and a newer lane may send others. */
export type UnsureReason = ReasonLabel

declare const plateText: unique symbol
/** Upper-case A-Z and 0-9, 1 to 12 characters. Obtain it from `parsePlateText`. */
export type PlateText = string & { readonly [plateText]: true }

/** A plate as people type it ("abc-1234"), without separators; null when nothing readable remains. */
export function parsePlateText(text: string): PlateText | null {
  const bare = text.toUpperCase().replace(/[\s\-.·•]/g, '')
  return /^[A-Z0-9]{1,12}$/.test(bare) ? (bare as PlateText) : null
}

/**
 * The plate with letter O counted as digit 0. Many jurisdictions stamp both with one die, so search
 * and scoring compare folded texts; what is stored and shown stays as read.
 */
export function foldPlateText(text: string): string {
  return text.replaceAll('O', '0')
}
