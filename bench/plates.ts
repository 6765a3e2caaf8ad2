/**
 * How well and how fast plates are read on labelled photographs.
 *
 *   npx tsx bench/plates.ts DIR [DIR…] [--limit N] [--json]
 *
 * Each DIR holds pictures and `truth.csv` (file, x, y, width, height, plate; or file, state, plate
 * for pictures of one plate). Letter O counts as digit 0 on both sides, as the labels mix them. The
 * pictures are measured on and nothing else: no cut and no weight may be chosen by a single one.
 */

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { type Box, foldPlateText, type Look } from '@sallyport/core/plate'
import { overlap } from '@sallyport/vision/geometry'
import { decodePicture } from '@sallyport/vision/picture'
import { openPlateReader, type PlateReader } from '@sallyport/vision/plate-reader'
import { votePlate } from '@sallyport/vision/vote'

type Truth = { readonly file: string; readonly box: Box | null; readonly plate: string }

type Score = {
  pictures: number
  exactBest: number
  exactAny: number
  found: number
  falsePlates: number
  sure: number
  sureRight: number
  cpuMs: number[]
}

async function truthsOf(directory: string): Promise<readonly Truth[]> {
  const [head = '', ...lines] = (await readFile(path.join(directory, 'truth.csv'), 'utf8'))
    .trim()
    .split(/\r?\n/)
  const columns = head.split(',')
  return lines.map((line) => {
    const cells = line.split(',')
    const cell = (name: string) => cells[columns.indexOf(name)] ?? ''
    const box = columns.includes('x')
      ? {
          x: Number(cell('x')),
          y: Number(cell('y')),
          width: Number(cell('width')),
          height: Number(cell('height')),
        }
      : null
    return { file: cell('file'), box, plate: foldPlateText(cell('plate').toUpperCase()) }
  })
}

async function measure(directory: string, reader: PlateReader, limit: number): Promise<Score> {
  const score: Score = {
    pictures: 0,
    exactBest: 0,
    exactAny: 0,
    found: 0,
    falsePlates: 0,
    sure: 0,
    sureRight: 0,
    cpuMs: [],
  }
  for (const { file, box, plate } of (await truthsOf(directory)).slice(0, limit)) {
    const bytes = await readFile(path.join(directory, file))
    const before = process.cpuUsage()
    const decoded = await decodePicture(bytes)
    const looks = decoded.kind === 'picture' ? await reader.look(decoded.picture) : []
    const { user, system } = process.cpuUsage(before)
    score.cpuMs.push((user + system) / 1000)
    count(score, looks, box, plate)
  }
  return score
}

function count(score: Score, looks: readonly Look[], box: Box | null, plate: string): void {
  const isTruth = (look: Look) => foldPlateText(look.text) === plate
  const onPlate = (look: Look) => box === null || overlap(look.box, box) > 0.3
  score.pictures += 1
  const best = looks[0]
  if (best !== undefined && isTruth(best)) score.exactBest += 1
  if (looks.some(isTruth)) score.exactAny += 1
  if (looks.some(onPlate)) score.found += 1
  score.falsePlates += looks.filter((look) => look.text !== '' && !onPlate(look)).length
  const vote = votePlate(looks.slice(0, 1))
  if (vote.kind === 'read') {
    score.sure += 1
    if (foldPlateText(vote.text) === plate) score.sureRight += 1
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

function row(directory: string, score: Score) {
  const share = (count: number, of = score.pictures) =>
    of === 0 ? 0 : Math.round((1000 * count) / of) / 10
  return {
    set: path.basename(directory),
    pictures: score.pictures,
    exact_best_percent: share(score.exactBest),
    exact_any_percent: share(score.exactAny),
    found_percent: share(score.found),
    false_plates_per_picture: Math.round((1000 * score.falsePlates) / score.pictures) / 1000,
    sure_percent: share(score.sure),
    sure_right_percent: share(score.sureRight, score.sure),
    cpu_ms_median: Math.round(median(score.cpuMs) * 10) / 10,
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
})
if (positionals.length === 0) {
  console.error('Name at least one folder with pictures and truth.csv.')
  process.exit(2)
}
const reader = await openPlateReader()
const rows = []
for (const directory of positionals)
  rows.push(row(directory, await measure(directory, reader, Number(values.limit))))
await reader.close()
if (values.json) for (const one of rows) console.log(JSON.stringify(one))
else {
  console.table(rows)
  console.log(
    `Node ${process.version}, ${reader.models.detector}, ${reader.models.reader}, ${new Date().toISOString().slice(0, 10)}`,
  )
}
