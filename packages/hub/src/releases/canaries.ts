/**
 * Canary records: drawn vehicles of nobody, planted among the pictures of a release. Which they are
 * stands in the ledger alone; whoever finds one outside knows whose copies it came from.
 */

import { randomBytes, randomInt } from 'node:crypto'

import { foldPlateText, parsePlateText } from '@sallyport/core/plate'
import { parsePdq, pdqDistance, pdqNear } from '@sallyport/marks/hash/pdq'
import type { CaptureRow, CrossingRow } from '@sallyport/store/crossings'
import type { Db } from '@sallyport/store/postgres/database'
import {
  canariesOf,
  canaryHashes,
  type FoundCanary,
  knownPlates,
} from '@sallyport/store/releases/files'

import { newId } from '../ids.ts'
import type { DrawPicture } from './context.ts'

type Real = { readonly capture: CaptureRow; readonly crossing: CrossingRow }

/** What is said of one picture in the sealed records. */
export type RecordLine = {
  readonly kind: string
  readonly captured_at: string
  readonly port: string
  readonly lane: string
  readonly direction: string
  readonly plate: string | null
}

export type Canary = {
  readonly id: string
  readonly plate: string
  readonly picture: Uint8Array
  readonly line: RecordLine
}

/** So many drawings for one canary at the most: a plate that is somebody's is drawn anew. */
const drawingsMax = 40

export function recordOf({ capture, crossing }: Real): RecordLine {
  return {
    kind: capture.class,
    captured_at: crossing.captured_at.toISOString(),
    port: crossing.port,
    lane: crossing.lane,
    direction: crossing.direction,
    plate: crossing.plate_text,
  }
}

/** Draws `count` records that stand among `real`: at lanes and times like theirs, with plates of nobody. */
export async function drawCanaries(
  count: number,
  real: readonly Real[],
  draw: DrawPicture,
  db: Db,
): Promise<readonly Canary[]> {
  const canaries: Canary[] = []
  const taken = new Set(real.map(({ crossing }) => crossing.plate_folded))
  while (canaries.length < count) {
    const model = real[randomInt(real.length)]
    if (model === undefined) throw new Error('canaries stand among pictures')
    const kind = model.capture.class === 'plate' ? 'plate' : 'scene'
    const { picture, plate } = await drawStranger(kind, taken, draw, db)
    taken.add(foldPlateText(plate))
    const line = { ...recordOf(model), kind, plate, captured_at: timeAmong(real).toISOString() }
    canaries.push({ id: newId(), plate, picture, line })
  }
  return canaries
}

async function drawStranger(
  kind: 'scene' | 'plate',
  taken: ReadonlySet<string | null>,
  draw: DrawPicture,
  db: Db,
) {
  for (let drawn = 0; drawn < drawingsMax; drawn++) {
    const one = await draw(randomBytes(16).toString('hex'), kind)
    const folded = foldPlateText(one.plate)
    if (!taken.has(folded) && !(await knownPlates(db, [folded])).has(folded)) return one
  }
  throw new Error(`every plate of ${drawingsMax} drawings is somebody's`)
}

/** An instant between two neighbours of the real ones, or within a quarter of an hour of the only one. */
function timeAmong(real: readonly Real[]): Date {
  const times = real.map(({ crossing }) => crossing.captured_at.getTime()).toSorted((a, b) => a - b)
  const at = randomInt(times.length)
  const from = times[at] ?? 0
  const to = times[at + 1] ?? from + 900_000
  return new Date(from + randomInt(1, Math.max(2, Math.min(to - from, 3_600_000))))
}

export type FoundOutside = {
  readonly sha256: readonly string[]
  readonly pdq: readonly string[]
  readonly plates: readonly string[]
}

/** Which releases something found outside came from: by exact bytes, by look, or by a plate of nobody. */
export async function matchCanaries(
  { sha256, pdq, plates }: FoundOutside,
  db: Db,
): Promise<readonly FoundCanary[]> {
  const exact = await canariesOf(db, {
    sha256: sha256.map((one) => Buffer.from(one, 'hex')),
    plates: plates.flatMap((text) => {
      const plate = parsePlateText(text)
      return plate === null ? [] : [foldPlateText(plate)]
    }),
  })
  const found = pdq.flatMap((text) => parsePdq(text) ?? [])
  if (found.length === 0) return exact
  const planted = await canaryHashes(db)
  const alike = planted.filter(({ pdq: bytes }) => {
    const hash = parsePdq(bytes.toString('hex'))
    return hash !== null && found.some((one) => pdqDistance(one, hash) <= pdqNear)
  })
  return [
    ...exact,
    ...alike.map(({ canary, release }) => ({ canary, release, by: 'hash' as const })),
  ]
}
