/** Reading a mark with nothing but the keys (specs/mark.md, "Reading"). */

import { chipField, type Lattice } from './chips.ts'
import { fold, focus, type Focus, subSteps, syncTemplate } from './focus.ts'
import { pitchOf } from './grid.ts'
import { likelyPoses, type Pose } from './lattice.ts'
import { limits } from './limits.ts'
import { type MarkReading, noMark } from './mark-reading.ts'
import { lumaOf, type Pixels, type Plane, shrunk } from './pixels.ts'
import { type FieldReading, readField } from './read-field.ts'
import { type MarkKey, tileOf } from './secret.ts'
import { whiten, type Whitened } from './whiten.ts'

/** Shares of the pitch, and radians, by which a pose may be off when it is first and last looked at. */
const [roughSpan, fineSpan] = [0.004, 0.0012]
/** Poses of one key that are read to the end. */
const readToTheEnd = 3

/**
 * Reads the mark of a picture with one of `keys`, newest first, or answers null. A picture too small
 * to hold two tiles has none that could be read.
 */
export function readBlind(pixels: Pixels, keys: readonly MarkKey[]): MarkReading {
  const size = pixels.width * pixels.height
  const plane = shrunk(lumaOf(pixels), Math.ceil(Math.sqrt(size / limits.readPixelsMax)))
  if (Math.min(plane.width, plane.height) < limits.readSideMin) return noMark
  const whitened = whiten(plane)
  const usual = usualPoses(plane)
  const first = readAt(usual, whitened, keys, 0)
  if (first.code !== null) return first
  const later = readAt(likelyPoses(whitened.likeness()), whitened, keys, usual.length)
  return later.score > first.score ? later : { ...first, falsePositiveBound: 1 }
}

type Found = { readonly reading: FieldReading; readonly key: MarkKey }

/** Reads at each of the poses; `posesBefore` were looked at already and count in the bound. */
function readAt(
  poses: readonly Pose[],
  { plane }: Whitened,
  keys: readonly MarkKey[],
  posesBefore: number,
): MarkReading {
  const folds = poses.map((pose) => fold(plane, pose))
  let best: Found | null = null
  let triesOfKey = 0
  for (const key of keys) {
    const tile = tileOf(key)
    const template = syncTemplate(tile)
    const found = folds.map((one) => focus(one, template, roughSpan))
    triesOfKey = found.reduce((sum, { tries }) => sum + tries, 0)
    for (const rough of found.toSorted((a, b) => b.score - a.score).slice(0, readToTheEnd)) {
      const finer = focus(fold(plane, rough.pose), template, fineSpan)
      triesOfKey += finer.tries
      const reading = readField(chipField(plane, latticeOf(plane, finer)), tile, key)
      if (best === null || evidence(reading) > evidence(best.reading)) best = { reading, key }
    }
  }
  if (best === null) return noMark
  const perPose = triesOfKey / Math.max(1, poses.length)
  const tries = keys.length * (triesOfKey + posesBefore * perPose) * subSteps ** 2
  return answerOf(best, tries)
}

/** Log of the chance that one code at one place stands out so, without those of its places. */
function evidence({ tileScore, fingerprintScore, places }: FieldReading): number {
  return (tileScore ** 2 + fingerprintScore ** 2) / 2 - Math.log(places)
}

/**
 * Every sign of tile and fingerprint is the key's, and an unmarked picture knows nothing of them: by
 * Hoeffding's inequality one code at one place scores z with a chance of at most exp(-z²/2). All codes
 * and all places that were compared are counted.
 */
function answerOf({ reading, key }: Found, tries: number): MarkReading {
  const bound = Math.min(1, Math.exp(Math.log(tries) + 64 * Math.LN2 - evidence(reading)))
  // A mark that is read with some bits wrong has another code: its fingerprint is then not there.
  const wrongCode = reading.places * Math.exp(-(reading.fingerprintScore ** 2) / 2)
  const is = bound <= limits.falsePositiveMax && wrongCode <= limits.unconfirmedMax
  return {
    code: is ? reading.code : null,
    epoch: is ? key.epoch : null,
    score: Math.hypot(reading.tileScore, reading.fingerprintScore),
    falsePositiveBound: bound,
  }
}

/** A copy that was neither cut nor scaled, and pictures of ordinary sizes cut or scaled by half. */
function usualPoses({ width, height }: Plane): readonly Pose[] {
  return [...new Set([pitchOf(width, height), 3, 4, 1.5, 2])].map((pitch) => ({ pitch, turn: 0 }))
}

function latticeOf({ width, height }: Plane, { pose: { pitch, turn }, u, v }: Focus): Lattice {
  const [c, s] = [pitch * Math.cos(turn), pitch * Math.sin(turn)]
  return {
    x0: width / 2 + u * c - v * s,
    y0: height / 2 + u * s + v * c,
    ax: c,
    ay: s,
    bx: -s,
    by: c,
  }
}
