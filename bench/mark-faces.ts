/**
 * How much a mark changes whether faces are found and who is taken for one person.
 *
 *   npx tsx bench/mark-faces.ts DIR [--limit N] [--state FILE] [--spare BOXES]
 *
 * DIR holds `pairs.csv` (fold, a, b, same) and its pictures in `lfw/`, which are measured on and nothing
 * else. Each picture is encoded as JPEG 92 without a mark and with one; a pair is compared unmarked with
 * unmarked and unmarked with marked, and judged at the line of the calibration that ships (`--limit` takes
 * pairs evenly out of all folds). With FILE a run that was cut off goes on: it holds distances, no picture.
 * `--spare 0.2` leaves a quarter of the mark in the face and a fifth of its box around it, as the hub does.
 */

import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { type Rate, rateOf } from '@sallyport/core/face-rates'
import { linesForPair } from '@sallyport/core/face-verdict'
import type { Box } from '@sallyport/core/plate'
import { embed } from '@sallyport/marks/embed'
import { encodeJpeg } from '@sallyport/vision/encode'
import { evaluationCalibration } from '@sallyport/vision/face/evaluation-calibration'
import { mainFace, openEvaluationReader } from '@sallyport/vision/face/face-reader'
import { vectorDistance } from '@sallyport/vision/face/template'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

import { type FacePair, facePairs } from './face-pairs.ts'

/** Distances; null where a face was not found. `marked` is null for a picture too small for a mark. */
type Measured = {
  readonly plain: number | null
  readonly marked: { readonly distance: number | null; readonly found: boolean } | null
  readonly found: boolean
}

type Described = { readonly box: Box; readonly vector: Float32Array }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '1000000' },
    state: { type: 'string' },
    spare: { type: 'string' },
  },
})
const [folder] = positionals
if (folder === undefined) throw new Error('Name the folder with pairs.csv.')
const key = { epoch: '2026-11', secret: new Uint8Array(32).fill(1) }
const calibration = await evaluationCalibration()
const decided = linesForPair(calibration.curves, calibration.thresholds)
if (decided.kind === 'refused') throw new Error(decided.detail)
const { lines } = decided
const middle = calibration.curves.logistic.offset / calibration.curves.logistic.slope

const reader = await openEvaluationReader()
const measured = await stateIn(values.state)
const all = await facePairs(folder)
const step = Math.max(1, Math.floor(all.length / Number(values.limit)))
const chosen = all.filter((_, at) => at % step === 0).slice(0, Number(values.limit))
const before = process.cpuUsage()
for (const pair of chosen) {
  const name = `${pair.a} ${pair.b}`
  if (measured.has(name)) continue
  measured.set(name, await measure(pair))
  if (values.state !== undefined) await keep(values.state)
}
const { user, system } = process.cpuUsage(before)
report()
await reader.close()

async function measure({ a, b }: FacePair): Promise<Measured> {
  const [first, second] = [await pictureOf(a), await pictureOf(b)]
  const [one, other] = [await described(first), await described(second)]
  const code = createHash('sha256').update(b).digest('hex').slice(0, 16)
  const spare = values.spare === undefined || other === null ? [] : [around(other.box)]
  const made = embed({ ...second, channels: 3 }, code, key, spare)
  const copy = made.kind === 'marked' ? await described(made.pixels) : null
  return {
    plain: distanceOf(one, other),
    found: other !== null,
    marked:
      made.kind === 'marked' ? { distance: distanceOf(one, copy), found: copy !== null } : null,
  }
}

async function pictureOf(file: string): Promise<Picture> {
  return decoded(await readFile(path.join(folder ?? '', 'lfw', file)))
}

async function decoded(bytes: Uint8Array): Promise<Picture> {
  const picture = await decodePicture(bytes)
  if (picture.kind === 'refused') throw new Error(picture.detail)
  return picture.picture
}

/** As somebody has it who was sent it. */
async function described(pixels: Parameters<typeof encodeJpeg>[0]): Promise<Described | null> {
  const picture = await decoded(await encodeJpeg(pixels, 92))
  const main = mainFace(await reader.look(picture, { describe: 'main' }), picture)
  const vector = main?.template?.vector
  return main === null || vector === undefined ? null : { box: main.box, vector }
}

function around({ x, y, width, height }: Box): Box {
  const margin = Number(values.spare) * Math.max(width, height)
  return {
    x: x - margin,
    y: y - margin,
    width: width + 2 * margin,
    height: height + 2 * margin,
  }
}

function distanceOf(a: Described | null, b: Described | null): number | null {
  return a === null || b === null ? null : vectorDistance(a.vector, b.vector)
}

function report(): void {
  const pairs = chosen.flatMap((pair) => {
    const found = measured.get(`${pair.a} ${pair.b}`)
    return found === undefined || found.marked === null
      ? []
      : [{ ...pair, ...found, marked: found.marked }]
  })
  const rate = (count: number): string => words(rateOf(count, pairs.length))
  const count = (holds: (one: (typeof pairs)[number]) => boolean): number =>
    pairs.filter(holds).length
  const right = (same: boolean, distance: number | null): boolean =>
    same === (distance !== null && distance <= middle)
  const rows = (of: (one: (typeof pairs)[number]) => number | null) => ({
    'taken rightly at even odds': rate(count((one) => right(one.same, of(one)))),
    'strangers that match at the line in service': `${count((one) => !one.same && at(of(one)) === 'match')} of ${count(({ same }) => !same)}`,
    'one person that does not match there': `${count((one) => one.same && at(of(one)) !== 'match')} of ${count(({ same }) => same)}`,
  })
  console.table({
    unmarked: {
      'second picture without a face': rate(count(({ found }) => !found)),
      ...rows(({ plain }) => plain),
    },
    marked: {
      'second picture without a face': rate(count(({ marked }) => !marked.found)),
      ...rows(({ marked }) => marked.distance),
    },
  })
  for (const fold of new Set(pairs.map((one) => one.fold))) {
    const own = pairs.filter((one) => one.fold === fold)
    const [before_, after] = [
      own.filter((one) => right(one.same, one.plain)).length,
      own.filter((one) => right(one.same, one.marked.distance)).length,
    ]
    console.log(`fold ${fold}: ${before_} right unmarked, ${after} marked, of ${own.length}`)
  }
  const changed = (verdict: (distance: number | null) => unknown): string =>
    rate(count(({ plain, marked }) => verdict(plain) !== verdict(marked.distance)))
  console.log(`another verdict (match, unsure, no match, no face): ${changed(at)}`)
  console.log(`another side of even odds: ${changed((one) => one !== null && one <= middle)}`)
  const moved = pairs
    .flatMap(({ plain, marked }) =>
      plain === null || marked.distance === null ? [] : [Math.abs(plain - marked.distance)],
    )
    .toSorted((a, b) => a - b)
  const share = (part: number): string => (moved[Math.floor(moved.length * part)] ?? NaN).toFixed(4)
  console.log(`distance moves by ${share(0.5)} in the middle, 95 of 100 by at most ${share(0.95)}`)
  console.log(
    `${pairs.length} pairs, ${chosen.length - pairs.length} left out as too small for a mark; ${((user + system) / 1e6).toFixed(0)} s of CPU in this run; load ${os.loadavg()[0]?.toFixed(1)}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  )
}

function at(distance: number | null): 'match' | 'unsure' | 'no_match' | 'no_face' {
  if (distance === null) return 'no_face'
  if (distance <= lines.match) return 'match'
  return distance >= lines.noMatch ? 'no_match' : 'unsure'
}

function words(rate: Rate): string {
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`
  return rate.kind === 'too_few'
    ? 'none measured'
    : `${rate.errors} of ${rate.trials} (${percent(rate.value)}, ${percent(rate.low)} to ${percent(rate.high)})`
}

async function stateIn(file: string | undefined): Promise<Map<string, Measured>> {
  const text = file === undefined ? '[]' : await readFile(file, 'utf8').catch(() => '[]')
  return new Map(JSON.parse(text) as readonly (readonly [string, Measured])[])
}

/** Written beside and then moved: a run that is killed leaves the state before or after, never half of it. */
async function keep(file: string): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify([...measured]))
  await rename(`${file}.new`, file)
}
