/**
 * How well and how fast plates are read on labelled pictures.
 *
 *   npx tsx bench/plates.ts DIR [DIR…] [--limit N] [--json]
 *     --reliability     how often readings of a confidence are right, and how many may be kept
 *     --looks 3         three degraded looks of every photograph, voted, against one
 *     --spread 2        with --looks: looks that differ more in size and blur
 *     --tracks FILE     with --looks: what every vote was made of, for training/reader/votes.py
 *     --features FILE   what every probability was computed from, for training/reader/calibrate.py
 *     --models FOLDER   other models
 *     --marked          reads copies as the hub shows them: marked, JPEG 92
 *
 * Each DIR holds pictures and `truth.csv` (file, x, y, width, height, plate; or file, state, plate
 * for pictures of one plate). Letter O counts as digit 0 on both sides, as the labels mix them.
 * Photographs are measured on and nothing else: no cut and no weight may be chosen by a single one.
 */

import { createHash } from 'node:crypto'
import { appendFile, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'

import type { Look } from '@sallyport/core/plate'
import { embed } from '@sallyport/marks/embed'
import { encodeJpeg } from '@sallyport/vision/encode'
import type { LookFeatures } from '@sallyport/vision/features'
import { decodePicture } from '@sallyport/vision/picture'
import { openPlateReader, type PlateReader } from '@sallyport/vision/plate-reader'

import { looksFigures } from './plate-looks.ts'
import {
  coverageRisk,
  figuresOf,
  isOn,
  judgeLabelled,
  keptAt,
  reliability,
  says,
  type Seen,
} from './plate-scores.ts'
import { type TruePicture, truePictures } from './plate-sets.ts'

type Explained = { readonly look: Look; readonly features: LookFeatures }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
    reliability: { type: 'boolean', default: false },
    looks: { type: 'string' },
    spread: { type: 'string', default: '1' },
    tracks: { type: 'string' },
    features: { type: 'string' },
    models: { type: 'string' },
    marked: { type: 'boolean', default: false },
  },
})
if (positionals.length === 0) {
  console.error('Name at least one folder with pictures and truth.csv.')
  process.exit(2)
}
const reader = await openPlateReader(values.models === undefined ? {} : { folder: values.models })
if (values.features !== undefined) await writeFile(values.features, '')
const sets: { name: string; seen: readonly Seen[] }[] = []
const votes: Awaited<ReturnType<typeof looksFigures>>[] = []
for (const directory of positionals) {
  const name = path.basename(directory)
  const pictures = (await truePictures(directory)).slice(0, Number(values.limit))
  if (values.looks !== undefined) {
    const options = { count: Number(values.looks), spread: Number(values.spread) }
    votes.push(await looksFigures(name, directory, pictures, reader, options))
    continue
  }
  const seen = []
  for (const picture of pictures) seen.push(await see(directory, picture, reader))
  sets.push({ name, seen })
}
await reader.close()
if (values.tracks !== undefined) {
  await writeFile(values.tracks, `${votes.flatMap(({ tracks }) => tracks).join('\n')}\n`)
}
print(
  values.looks === undefined
    ? sets.map(({ name, seen }) => figuresOf(name, seen))
    : votes.map(({ figures }) => figures),
)
if (values.reliability) {
  const judged =
    values.looks === undefined
      ? judgeLabelled(sets.flatMap(({ seen }) => seen))
      : votes.flatMap(({ judged: one }) => one)
  const { gap, bins } = reliability(judged)
  print(bins)
  print(coverageRisk(judged))
  print([
    { reads: judged.length, kept_at_2_percent_wrong: keptAt(0.02, judged), calibration_gap: gap },
  ])
}
if (!values.json) {
  const day = new Date().toISOString().slice(0, 10)
  console.log(`Node ${process.version}, ${reader.models.detector}, ${reader.models.reader}, ${day}`)
}

async function see(directory: string, truth: TruePicture, by: PlateReader): Promise<Seen> {
  const original = await readFile(path.join(directory, truth.file))
  const bytes = values.marked ? await markedCopy(original) : original
  const explained: Explained[] = []
  const before = process.cpuUsage()
  const decoded = await decodePicture(bytes)
  const looks =
    decoded.kind === 'picture'
      ? await by.look(decoded.picture, {
          explain: (look, features) => explained.push({ look, features }),
        })
      : []
  const { user, system } = process.cpuUsage(before)
  const size =
    decoded.kind === 'picture' ? `${decoded.picture.width}x${decoded.picture.height}` : ''
  if (values.features !== undefined) await appendFile(values.features, linesOf(truth, explained))
  return { truth, looks, cpuMs: (user + system) / 1000, size }
}

/** Marked under a fixed key, in memory only. */
async function markedCopy(bytes: Uint8Array): Promise<Uint8Array> {
  const original = await decodePicture(bytes)
  if (original.kind === 'refused') return bytes
  const key = { epoch: '2026-11', secret: new Uint8Array(32).fill(1) }
  const code = createHash('sha256').update(bytes).digest('hex').slice(0, 16)
  const made = embed({ ...original.picture, channels: 3 }, code, key)
  return made.kind === 'marked' ? encodeJpeg(made.pixels, 92) : bytes
}

/** One JSON line a look: what is known, whether it is a plate, whether its text is right (null: unknown). */
function linesOf(truth: TruePicture, explained: readonly Explained[]): string {
  return explained
    .map(({ look, features }) => {
      const plate = truth.plates.find((one) => isOn(look, one))
      const right = plate?.text === '?' ? null : plate !== undefined && says(look, plate)
      const { text, box } = look
      return `${JSON.stringify({ file: truth.file, text, box, plate: plate !== undefined, right, features })}\n`
    })
    .join('')
}

function print(rows: readonly object[]): void {
  if (values.json) for (const one of rows) console.log(JSON.stringify(one))
  else console.table(rows)
}
