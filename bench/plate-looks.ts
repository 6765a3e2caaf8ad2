/** Several degraded looks of one photograph, voted: what a track is worth over a single frame. */

import { readFile } from 'node:fs/promises'
import path from 'node:path'

import { foldPlateText, isReported, type Look } from '@sallyport/core/plate'
import { rawImage } from '@sallyport/vision/encode'
import { evidenceOf } from '@sallyport/vision/evidence'
import { boxOf, overlap } from '@sallyport/vision/geometry'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import type { PlateReader } from '@sallyport/vision/plate-reader'
import { votePlate } from '@sallyport/vision/vote'

import { type Judged, percent, says } from './plate-scores.ts'
import type { TruePicture, TruePlate } from './plate-sets.ts'

export type LooksOptions = {
  /** Looks at each picture. */
  readonly count: number
  /** How much the looks differ: 1 as published, 2 with sizes and blur as of a vehicle that comes near. */
  readonly spread: number
}

/**
 * Exactness of single degraded looks (mean over all of them) and of their vote, what the vote said of
 * itself, and a line of JSON for each track, for training/reader/votes.py.
 */
export async function looksFigures(
  set: string,
  directory: string,
  pictures: readonly TruePicture[],
  reader: PlateReader,
  { count, spread }: LooksOptions,
) {
  let [single, voted, confirmed, confirmedRight] = [0, 0, 0, 0]
  const judged: Judged[] = []
  const tracks: string[] = []
  const labelled = pictures.filter(
    ({ plates }) => plates.length > 0 && plates.every(({ text }) => text !== '?'),
  )
  for (const [index, { file, plates }] of labelled.entries()) {
    const decoded = await decodePicture(await readFile(path.join(directory, file)))
    if (decoded.kind === 'refused') continue
    const frames: (readonly Look[])[] = []
    for (let look = 0; look < count; look++) {
      const worse = await degrade(decoded.picture, spread, mulberry(index * 1000 + look))
      const looks = await reader.look(worse.picture, { origin: false })
      frames.push(looks.map((one) => placedBack(one, worse)))
    }
    single += frames.filter(([best]) => plates.some((plate) => best && says(best, plate))).length
    const track = leadingTrack(frames)
    tracks.push(lineOf(file, track, plates))
    const read = votePlate(track, { looksMin: 2 })
    if (read.kind === 'unreadable') continue
    const right = plates.some((plate) => says(read, plate))
    judged.push({ confidence: read.confidence, right })
    if (right) voted += 1
    if (read.kind !== 'read') continue
    confirmed += 1
    if (right) confirmedRight += 1
  }
  const one = percent(single, labelled.length * count)
  const all = percent(voted, labelled.length)
  const figures = {
    set,
    pictures: labelled.length,
    looks: count,
    one_look_exact_percent: one,
    voted_exact_percent: all,
    gained_points: Math.round(10 * (all - one)) / 10,
    confirmed_percent: percent(confirmed, labelled.length),
    confirmed_right_percent: percent(confirmedRight, confirmed),
  }
  return { figures, judged, tracks }
}

/** What a vote is made of, and which of its candidates is right. */
function lineOf(file: string, track: readonly Look[], plates: readonly TruePlate[]): string {
  const looks = track.filter(({ text }) => text !== '')
  const candidates = evidenceOf(looks).map(({ folded, listed, aligned }) => ({
    right: plates.some((plate) => says({ text: folded }, plate)),
    said: looks.filter(({ text }) => foldPlateText(text) === folded).length,
    listed,
    aligned,
  }))
  const known = looks.map(({ confidence, plateWidthPx: width, sharpness = 0.5 }) => ({
    confidence,
    width,
    sharpness,
  }))
  return JSON.stringify({ file, looks: known, candidates })
}

type Worse = {
  readonly picture: Picture
  readonly left: number
  readonly top: number
  readonly scale: number
}

/** The photograph as a worse camera would have taken it a moment later: moved, coarser, blurred, pressed. */
async function degrade(picture: Picture, spread: number, chance: () => number): Promise<Worse> {
  const between = (from: number, to: number) => from + (to - from) * chance()
  const { width, height } = picture
  const [left, top] = [Math.floor(between(0, width * 0.04)), Math.floor(between(0, height * 0.04))]
  const cut = {
    left,
    top,
    width: width - left - Math.floor(between(0, width * 0.04)),
    height: height - top - Math.floor(between(0, height * 0.04)),
  }
  const wide = Math.round(cut.width * between(0.7 - 0.15 * spread, 0.7 + 0.15 * spread))
  const jpeg = await rawImage(picture)
    .extract(cut)
    .resize({ width: wide })
    .blur(between(0.4, 0.4 + 0.5 * spread))
    .modulate({ brightness: between(0.75, 1.25) })
    .jpeg({ quality: Math.round(between(35, 65)) })
    .toBuffer()
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused') throw new Error(decoded.detail)
  return { picture: decoded.picture, left, top, scale: wide / cut.width }
}

/** A look with its corners in pixels of the photograph. */
function placedBack(look: Look, { left, top, scale }: Worse): Look {
  const back = ({ x, y }: { x: number; y: number }) => ({ x: x / scale + left, y: y / scale + top })
  const [a, b, c, d] = look.corners
  const corners = [back(a), back(b), back(c), back(d)] as const
  return { ...look, corners, box: boxOf(corners) }
}

/** Looks at one place, of the place that says most. */
function leadingTrack(frames: readonly (readonly Look[])[]): readonly Look[] {
  const tracks: Look[][] = []
  for (const look of frames.flat()) {
    const track = tracks.find(([first]) => first && overlap(first.box, look.box) > 0.3)
    if (track === undefined) tracks.push([look])
    else track.push(look)
  }
  const worth = (track: readonly Look[]) =>
    track.reduce(
      (sum, one) => sum + (isReported(one) ? 1 : 0.2) * one.detection * one.confidence,
      0,
    )
  return (
    tracks
      .filter((track) => track.some(({ text }) => text !== ''))
      .toSorted((a, b) => worth(b) - worth(a))[0] ?? []
  )
}

/** Small seeded chance, 0 to 1 (Mulberry32), so that every run degrades alike. */
function mulberry(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
