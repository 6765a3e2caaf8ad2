/**
 * How much a mark changes what the plate reader reads.
 *
 *   npx tsx bench/mark-reading.ts drawn 400
 *   npx tsx bench/mark-reading.ts DIR [--codes 4]
 *
 * Each picture is encoded as JPEG 92 without a mark, with a mark all over, and with the plate spared as the
 * hub does it; the surest reading on the plate counts. `drawn` draws lanes; DIR has pictures and
 * `truth.csv`, which are measured on and nothing else. Boxes are those of the truth.
 */

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { type Box, foldPlateText } from '@sallyport/core/plate'
import { Painter } from '@sallyport/lane/synth/painter'
import { drawnLane, planPass, truthOf } from '@sallyport/lane/synth/pass-plan'
import { embed } from '@sallyport/marks/embed'
import type { Pixels } from '@sallyport/marks/pixels'
import { encodeJpeg } from '@sallyport/vision/encode'
import { boxOf } from '@sallyport/vision/geometry'
import { decodePicture } from '@sallyport/vision/picture'
import { openPlateReader } from '@sallyport/vision/plate-reader'

import { truePictures } from './plate-sets.ts'

type Labelled = {
  readonly bytes: Uint8Array
  readonly texts: readonly string[]
  readonly boxes: readonly Box[]
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { codes: { type: 'string', default: '1' } },
})
const [what = '', count = '400'] = positionals
const key = { epoch: '2026-11', secret: new Uint8Array(32).fill(1) }
const reader = await openPlateReader()
const rows = { unmarked: empty(), marked: empty(), spared: empty() }

for await (const one of what === 'drawn' ? drawn(Number(count)) : photographs(what))
  await measure(one)
console.table(rows)
console.log(`Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`)
await reader.close()

function empty() {
  return { read: 0, of: 0, gained: 0, lost: 0 }
}

async function* drawn(pictures: number): AsyncGenerator<Labelled> {
  for (let at = 0; at < pictures; at++) {
    const lane = drawnLane(`mark ${at >> 2}`)
    const plan = planPass(lane, at, 1)
    const near = plan.poses.filter(({ distance }) => distance > 3.5 && distance < 14)
    const pose = near[(at * 7) % near.length]
    if (pose === undefined) continue
    const { jpeg, corners } = await new Painter(lane).drawPose(plan, pose)
    const boxes = corners === null ? [] : [boxOf(corners)]
    yield { bytes: jpeg, texts: [foldPlateText(truthOf(plan).text)], boxes }
  }
}

async function* photographs(directory: string): AsyncGenerator<Labelled> {
  for (const { file, plates } of await truePictures(directory)) {
    yield {
      bytes: await readFile(path.join(directory, file)),
      texts: plates.map(({ text }) => text),
      boxes: plates.flatMap(({ box }) => box ?? []),
    }
  }
}

async function measure({ bytes, texts, boxes }: Labelled): Promise<void> {
  const decoded = await decodePicture(bytes)
  if (decoded.kind === 'refused') return
  const pixels = { ...decoded.picture, channels: 3 } as const
  const right = async (copy: Pixels) =>
    texts.includes(await surest(await encodeJpeg(copy, 92), boxes))
  const before = await right(pixels)
  tally(rows.unmarked, before, before)
  for (let nth = 0; nth < Number(values.codes); nth++) {
    const code = createHash('sha256').update(bytes).update(String(nth)).digest('hex').slice(0, 16)
    for (const [row, spare] of [
      [rows.marked, []],
      [rows.spared, boxes.map(around)],
    ] as const) {
      const made = embed(pixels, code, key, spare)
      if (made.kind === 'marked') tally(row, await right(made.pixels), before)
    }
  }
}

/** One height around the plate, as `hub/marking/spare.ts`. */
function around({ x, y, width, height }: Box): Box {
  return { x: x - height, y: y - height, width: width + 2 * height, height: 3 * height }
}

function tally(row: ReturnType<typeof empty>, right: boolean, before: boolean): void {
  row.of += 1
  if (right) row.read += 1
  if (right && !before) row.gained += 1
  if (!right && before) row.lost += 1
}

/** The surest reading whose middle lies on a plate; of all where no box is known. */
async function surest(jpeg: Uint8Array, boxes: readonly Box[]): Promise<string> {
  const decoded = await decodePicture(jpeg)
  if (decoded.kind === 'refused') return ''
  const looks = (await reader.look(decoded.picture)).filter(
    ({ box }) =>
      boxes.length === 0 ||
      boxes.some((plate) => holds(plate, box.x + box.width / 2, box.y + box.height / 2)),
  )
  const [best] = looks.toSorted((a, b) => b.confidence - a.confidence)
  return foldPlateText(best?.text ?? '')
}

function holds({ x, y, width, height }: Box, left: number, top: number): boolean {
  return left >= x && left <= x + width && top >= y && top <= y + height
}
