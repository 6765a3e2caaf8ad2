/**
 * How well and how fast faces are found, described and searched for, beside other programs.
 *
 *   npx tsx bench/faces.ts [DIR] [--limit N] [--templates 1000000] [--references FOLDER]
 *
 * DIR holds `pairs.csv` (fold, a, b, same) and its pictures in `lfw/`: without it only the search is
 * measured. FOLDER is where the programs to compare with are installed, as they are no part of this one:
 *   npm install --prefix FOLDER @tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 usearch@2.25.3
 */

import { readFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import { type Rate, rateOf } from '@sallyport/core/face-rates'
import { mainFace, openEvaluationReader } from '@sallyport/vision/face/face-reader'
import { vectorDistance } from '@sallyport/vision/face/template'
import { decodePicture } from '@sallyport/vision/picture'

import { type FacePair, facePairs } from './face-pairs.ts'
import { shippedFaceApi } from './face-references.ts'
import { searchRows } from './face-search.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    limit: { type: 'string', default: '1000000' },
    templates: { type: 'string', default: '1000000' },
    references: { type: 'string' },
  },
})
const [folder] = positionals
const rows: Record<string, string>[] = []
if (folder !== undefined) {
  const pairs = (await facePairs(folder)).slice(0, Number(values.limit))
  const pictures = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  await ours(folder, pairs, pictures)
  if (values.references !== undefined) await theirs(values.references, folder, pictures)
}
rows.push(...(await searchRows(Number(values.templates), values.references ?? null)))
const load = os.loadavg()[0]?.toFixed(1)
console.log(
  `${os.cpus()[0]?.model}, Node ${process.version}, load ${load}, ${new Date().toISOString().slice(0, 10)}`,
)
console.table(rows)

async function ours(
  place: string,
  pairs: readonly FacePair[],
  pictures: readonly string[],
): Promise<void> {
  const reader = await openEvaluationReader()
  const vectors = new Map<string, Float32Array>()
  const cpu: number[] = []
  for (const file of pictures) {
    const bytes = await readFile(path.join(place, 'lfw', file))
    const before = process.cpuUsage()
    const decoded = await decodePicture(bytes)
    if (decoded.kind === 'refused') throw new Error(decoded.detail)
    const faces = await reader.look(decoded.picture, { describe: 'main' })
    const vector = mainFace(faces, decoded.picture)?.template?.vector
    const { user, system } = process.cpuUsage(before)
    cpu.push((user + system) / 1000)
    if (vector !== undefined) vectors.set(file, vector)
  }
  await reader.close()
  const lost = rateOf(pictures.length - vectors.size, pictures.length)
  add('faces not found', words(lost), 'face-api as shipped 6.0 %; floor 0.3 %, goal 0.1 %')
  const right = rightByFold(pairs, vectors)
  const all = right.reduce((sum, { right: some }) => sum + some, 0)
  const byFold = right.map(({ right: some, of }) => `${((some / of) * 100).toFixed(2)}`).join(', ')
  add('pairs right, failures counted', words(rateOf(all, pairs.length)), `by fold ${byFold} %`)
  cpu.sort((a, b) => a - b)
  const at = (share: number) => (cpu[Math.floor(cpu.length * share)] ?? NaN).toFixed(1)
  add(
    'CPU ms a picture: decode, detect, points, quality, describe twice',
    `median ${at(0.5)}, best tenth ${at(0.1)}`,
    'floor 100, goal 30',
  )
}

/** Each fold at the threshold that is best on the others; what could not be compared is "two people". */
function rightByFold(pairs: readonly FacePair[], vectors: ReadonlyMap<string, Float32Array>) {
  const judged = pairs.map(({ fold, a, b, same }) => {
    const [first, second] = [vectors.get(a), vectors.get(b)]
    const compared = first !== undefined && second !== undefined
    return { fold, same, distance: compared ? vectorDistance(first, second) : Infinity }
  })
  const rightAt = (some: typeof judged, threshold: number): number =>
    some.filter(({ same, distance }) => same === distance <= threshold).length
  return [...new Set(judged.map(({ fold }) => fold))].map((fold) => {
    const others = judged.filter((one) => one.fold !== fold)
    const held = judged.filter((one) => one.fold === fold)
    const thresholds = others.map(({ distance }) => distance).filter(Number.isFinite)
    let best = { threshold: 0, right: -1 }
    for (const threshold of thresholds) {
      const right = rightAt(others, threshold)
      if (right > best.right) best = { threshold, right }
    }
    return { right: rightAt(held, best.threshold), of: held.length }
  })
}

async function theirs(
  references: string,
  place: string,
  pictures: readonly string[],
): Promise<void> {
  // A third of a second each: every eighth picture says enough about the time.
  const some = pictures.filter((_, at) => at % 8 === 0).slice(0, 120)
  const { lost, cpuMs } = await shippedFaceApi(
    references,
    some.map((file) => path.join(place, 'lfw', file)),
  )
  add(
    'reference: face-api as shipped, tfjs-wasm, faces not found',
    words(rateOf(lost, some.length)),
    '',
  )
  add('reference: the same, CPU ms a picture, median', cpuMs.toFixed(1), '')
}

function add(what: string, result: string, beside: string): void {
  rows.push({ what, result, beside })
}

function words(rate: Rate): string {
  if (rate.kind === 'too_few') return 'too few to say'
  const percent = (value: number) => `${(value * 100).toFixed(2)} %`
  return `${percent(rate.value)} (${rate.errors} of ${rate.trials}; ${percent(rate.low)} to ${percent(rate.high)})`
}
