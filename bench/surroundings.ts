/**
 * Whether copies of a photograph are told from other photographs of the same vehicle, by what stands around its plate.
 *
 *   npx tsx bench/surroundings.ts DIR [--every 6]
 *
 * DIR has frames of a moving camera in their order and `plates.json` (`[{file, plates: [[x, y, width, height]]}]`),
 * as ../shared/train/roadscenes. The largest plate of every so many frames is laid under the planted kinds of copies
 * of that frame, and under the frames one, two and five later, whose plate is taken where it is labelled.
 */

import { readFile } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { findingCuts, isThisPicture } from '@sallyport/core/leaks/finding'
import type { Box } from '@sallyport/core/plate'
import { plantedKinds } from '@sallyport/hub/leaks/plant'
import { type Likeness, likenessOf } from '@sallyport/marks/copies/likeness'
import { decodePicture, type Picture } from '@sallyport/vision/picture'
import { z } from 'zod'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { every: { type: 'string', default: '6' } },
})
const [directory] = positionals
if (directory === undefined) throw new Error('Name the folder with plates.json.')
/** A narrower plate is not what a lane seals. */
const plateWidthMin = 60
const later = [1, 2, 5]

const listed = z
  .array(
    z.object({
      file: z.string(),
      plates: z.array(z.tuple([z.number(), z.number(), z.number(), z.number()])),
    }),
  )
  .parse(JSON.parse(await readFile(path.join(directory, 'plates.json'), 'utf8')))
const frames = listed.flatMap(({ file, plates }) => {
  const largest = plates.toSorted((a, b) => b[2] - a[2])[0]
  if (largest === undefined) return []
  const [x, y, width, height] = largest
  return [{ file, plate: { x, y, width, height } }]
})

type Line = { readonly kind: string; readonly likeness: Likeness }
const lines: Line[] = []
for (let at = 0; at < frames.length; at += Number(values.every)) {
  const frame = frames[at]
  if (frame === undefined || frame.plate.width < plateWidthMin) continue
  const stored = await pictureOf(frame.file)
  for (const { name, make } of plantedKinds) {
    const bytes = await make(stored, frame.plate)
    const copy = bytes === null ? null : await decoded(bytes)
    if (copy !== null)
      lines.push({
        kind: name,
        likeness: laid(copy, placeIn(copy, stored, frame.plate, name), stored, frame.plate),
      })
  }
  for (const step of later) {
    const next = frames[at + step]
    if (next === undefined) continue
    const found = await pictureOf(next.file)
    lines.push({ kind: `${step} later`, likeness: laid(found, next.plate, stored, frame.plate) })
  }
  process.stderr.write(`\r${at + 1} of ${frames.length} frames`)
}
process.stderr.write('\n')
console.table(
  Object.fromEntries(
    [...new Set(lines.map(({ kind }) => kind))].map((kind) => [
      kind,
      summaryOf(lines.filter((line) => line.kind === kind)),
    ]),
  ),
)
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, load ${os.loadavg()[0]?.toFixed(1)}`,
)

function laid(found: Picture, place: Box, stored: Picture, plate: Box): Likeness {
  const boxes = { stored: plate, found: [{ box: place, loose: true }], corners: false }
  return likenessOf({ ...found, channels: 3 }, { ...stored, channels: 3 }, boxes)
}

function summaryOf(own: readonly Line[]) {
  const all = own.flatMap(({ likeness }) => (likeness.kind === 'laid' ? [likeness] : []))
  const alike = all.filter(
    ({ box, grain }) => (box ?? -1) >= findingCuts.boxMin && (grain ?? -1) >= findingCuts.grainMin,
  )
  const ours = all.filter((one) =>
    isThisPicture({
      ...one,
      kind: 'laid_over',
      capture: '',
      subject: 'plate',
      corners: one.agreeing,
    }),
  )
  const around = alike
    .flatMap((one) => (one.around === null ? [] : [one.around]))
    .toSorted((a, b) => a - b)
  return {
    pictures: own.length,
    plate_agrees: alike.length,
    this_picture: ours.length,
    around_lowest: around.at(0)?.toFixed(2),
    around_highest: around.at(-1)?.toFixed(2),
  }
}

/** Where the plate lies in a copy of that kind (hub/leaks/plant.ts), about: its place is made exact by the comparison. */
function placeIn(copy: Picture, stored: Picture, plate: Box, kind: string): Box {
  const whole = { x: 0, y: 0, width: copy.width, height: copy.height }
  if (kind.startsWith('cut to the plate')) return whole
  const by = kind.startsWith('cut')
    ? 1
    : kind.includes('screenshots')
      ? 0.72
      : copy.width / stored.width
  const offset = (at: number, size: number, own: number, all: number, border: number) => {
    if (kind.includes('screenshots')) return -border * all
    return kind.startsWith('cut')
      ? Math.round(Math.min(all - own, Math.max(0, at + size / 2 - 0.45 * own)))
      : 0
  }
  return {
    x: by * plate.x - offset(plate.x, plate.width, copy.width, stored.width, 0.05),
    y: by * plate.y - offset(plate.y, plate.height, copy.height, stored.height, 0.06),
    width: by * plate.width,
    height: by * plate.height,
  }
}

async function pictureOf(file: string): Promise<Picture> {
  return decoded(await readFile(path.join(directory ?? '', file)))
}

async function decoded(bytes: Uint8Array): Promise<Picture> {
  const answer = await decodePicture(bytes)
  if (answer.kind === 'refused') throw new Error(answer.detail)
  return answer.picture
}
