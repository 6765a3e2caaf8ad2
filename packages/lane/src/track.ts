/**
 * Looks of several frames become tracks, one per plate, and a track becomes one read. Pure: times are
 * milliseconds after the pass began, positions are pixels.
 */

import type { TrackedLook } from '@sallyport/core/crossing'
import { type Box, type Look, type PlateRead, foldPlateText } from '@sallyport/core/plate'
import { compareTexts } from '@sallyport/core/plate-pair'
import type { PlateOrigin } from '@sallyport/vision/origin'
import { votePlate } from '@sallyport/vision/vote'

import { limits } from './limits.ts'

export const trackSettings = {
  /** A plate not seen for this long is gone. */
  lostMs: 700,
  /** Looks that must agree before a read ends the track. */
  agreeingMin: 2,
  /** A read at least this sure may end it early. */
  confidenceMin: 0.9,
  /** Looks in a row at one place that mean the vehicle has stopped. */
  stillLooksMin: 2,
  /** The vote ends here at the latest when the vehicle stands, or after this many looks anyway. */
  stillLooksMax: 6,
  looksMax: 14,
  /** Texts at least this similar are one plate wherever they are seen. */
  sameTextMin: 0.7,
  /** Texts less similar than this are two plates even at one place, when both are sure. */
  otherTextMax: 0.45,
  sureMin: 0.8,
  /** Looks narrower than this share of the widest do not vote. */
  votingWidthShare: 0.6,
  /** Fewer characters are a plate only when nothing else is found. */
  charactersMin: 3,
  /** A passing plate far away is nobody's crossing yet. */
  widthPxMin: 32,
} as const

export type Track = {
  readonly id: number
  readonly looks: readonly TrackedLook[]
  readonly seenMs: number
  /** Looks in a row whose box hardly moved. */
  readonly stillLooks: number
  /** A crossing was made of it. */
  readonly reported: boolean
}

/** Adds the looks of one frame to the tracks; unmatched looks begin new ones. */
export function followLooks(
  tracks: readonly Track[],
  looks: readonly Look[],
  { frame, atMs }: { readonly frame: number; readonly atMs: number },
): readonly Track[] {
  const open = new Set(tracks)
  const followed: Track[] = []
  let nextId = Math.max(-1, ...tracks.map(({ id }) => id)) + 1
  // The surest looks choose their track first.
  for (const look of looks.toSorted((a, b) => weightOf(b) - weightOf(a))) {
    const match = [...open]
      .map((track) => ({ track, score: affinity(track, look, atMs) }))
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score)[0]
    const tracked: TrackedLook = { ...look, frame, atMs }
    if (match === undefined) {
      followed.push({
        id: nextId++,
        looks: [tracked],
        seenMs: atMs,
        stillLooks: 1,
        reported: false,
      })
      continue
    }
    open.delete(match.track)
    followed.push(extend(match.track, tracked))
  }
  return prune([...open, ...followed])
}

/** Of what was reported the newest stay known; of the rest those that say most. */
function prune(tracks: readonly Track[]): readonly Track[] {
  const reported = tracks
    .filter((track) => track.reported)
    .toSorted((a, b) => b.seenMs - a.seenMs)
    .slice(0, limits.tracksMax / 2)
  const others = tracks
    .filter((track) => !track.reported)
    .toSorted((a, b) => standing(b) - standing(a))
    .slice(0, limits.tracksMax / 2)
  return [...reported, ...others].toSorted((a, b) => a.id - b.id)
}

function extend(track: Track, look: TrackedLook): Track {
  const last = track.looks.at(-1)
  const still = last !== undefined && shift(last.box, look.box) < 0.06
  const looks = [...track.looks, look]
  // The first look tells when the track began; of the others the newest are the nearest.
  if (looks.length > limits.looksPerTrackMax) looks.splice(1, 1)
  return { ...track, looks, seenMs: look.atMs, stillLooks: still ? track.stillLooks + 1 : 1 }
}

/** How well a look continues a track; 0 when it does not. */
function affinity(track: Track, look: Look, atMs: number): number {
  const last = track.looks.at(-1)
  if (last === undefined) return 0
  const alike = textSimilarity(last.text, look.text)
  if (alike >= trackSettings.sameTextMin && look.text.length >= 4) return 2 + alike
  const ratio = look.box.width / Math.max(1, last.box.width)
  // A vehicle at walking speed moves by less than two plates' widths between frames.
  const reach = 1 + Math.min(3, (atMs - track.seenMs) / 250)
  const near = shift(last.box, look.box) < reach && ratio > 0.55 && ratio < 1.8
  if (!near || atMs - track.seenMs > 2 * trackSettings.lostMs) return 0
  const bothSure =
    last.confidence >= trackSettings.sureMin && look.confidence >= trackSettings.sureMin
  if (bothSure && alike < trackSettings.otherTextMax) return 0
  return 1 + alike - shift(last.box, look.box) / 8
}

/** Distance of two boxes' middles in widths of the larger one. */
function shift(a: Box, b: Box): number {
  const dx = a.x + a.width / 2 - b.x - b.width / 2
  const dy = a.y + a.height / 2 - b.y - b.height / 2
  return Math.hypot(dx, dy) / Math.max(1, a.width, b.width)
}

/** 1 for equal texts (O as 0), 0 for texts that share nothing; by edit distance. */
export function textSimilarity(a: string, b: string): number {
  const [left, right] = [foldPlateText(a), foldPlateText(b)]
  const longest = Math.max(left.length, right.length)
  if (longest === 0) return 1
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return 1 - (row[right.length] ?? longest) / longest
}

/** How much a look is worth as evidence and as a picture. */
export function weightOf(look: Look): number {
  return look.confidence * Math.sqrt(look.plateWidthPx) * look.detection
}

function standing({ looks }: Track): number {
  return looks.reduce((sum, look) => sum + weightOf(look), 0)
}

/** Whether a track is a plate: one of its looks is, and it says enough; a grille may look like one letter. */
export function isPlausible(track: Track): boolean {
  const voting = votingLooks(track)
  if (!voting.some((look) => look.plausible !== false)) return false
  const lengths = voting.map(({ text }) => text.length).toSorted((a, b) => a - b)
  return (lengths[lengths.length >> 1] ?? 0) >= trackSettings.charactersMin
}

/** The plate that is nearest to the camera now: that of the vehicle at the line. */
export function leadingTrack(tracks: readonly Track[], atMs: number): Track | null {
  const seen = tracks.filter(({ seenMs }) => atMs - seenMs <= trackSettings.lostMs)
  const plausible = seen.filter(isPlausible)
  const candidates = plausible.length > 0 ? plausible : seen
  return candidates.toSorted((a, b) => widthOf(b) - widthOf(a))[0] ?? null
}

/** What is read so far; `origin` when it was asked for. */
export function readOf(track: Track, origin: PlateOrigin | null = null): PlateRead {
  return votePlate(votingLooks(track), { looksMin: trackSettings.agreeingMin, origin })
}

/** Looks from far away have no vote once there are near ones. */
function votingLooks({ looks }: Track): readonly TrackedLook[] {
  const widest = Math.max(0, ...looks.map(({ plateWidthPx }) => plateWidthPx))
  return looks.filter(({ plateWidthPx }) => plateWidthPx >= widest * trackSettings.votingWidthShare)
}

/** Whether the leading track's vote is settled while its vehicle is still in the picture. */
export function isSettled(track: Track, tracks: readonly Track[]): boolean {
  if (!isPlausible(track) || !deservesCrossing(track, tracks)) return false
  const read = readOf(track)
  const stopped = track.stillLooks >= trackSettings.stillLooksMin
  if (read.kind === 'read' && read.confidence >= trackSettings.confidenceMin && stopped) return true
  return (
    track.stillLooks >= trackSettings.stillLooksMax || track.looks.length >= trackSettings.looksMax
  )
}

/**
 * Whether a track is a vehicle that has no crossing yet. After another crossing of the same pass it
 * must have been seen on its own since: what came and went with that vehicle was part of it.
 */
export function deservesCrossing(track: Track, tracks: readonly Track[]): boolean {
  if (track.reported || widthOf(track) < trackSettings.widthPxMin) return false
  const reported = tracks.filter((other) => other.reported)
  if (reported.length === 0) return true
  const aloneSinceMs = Math.max(...reported.map(({ seenMs }) => seenMs)) + trackSettings.lostMs
  const alone = track.looks.filter(({ atMs }) => atMs > aloneSinceMs)
  if (alone.length < trackSettings.agreeingMin || !isPlausible(track)) return false
  // One that drives away is read worse and worse: only a sure read, or a second stop, is another vehicle.
  const read = readOf(track)
  if (read.kind !== 'read' && track.stillLooks <= trackSettings.stillLooksMin) return false
  const text = read.kind === 'unreadable' ? '' : read.text
  // Its other plate says the same, or what is mistaken for it; its own was read a little differently.
  return reported.every(({ looks }) =>
    looks.every(
      (look) =>
        compareTexts(look.text, text) === 'different' &&
        textSimilarity(look.text, text) < trackSettings.sameTextMin,
    ),
  )
}

function widthOf({ looks }: Track): number {
  return looks.at(-1)?.plateWidthPx ?? 0
}
