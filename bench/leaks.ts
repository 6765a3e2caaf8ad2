/**
 * How many planted copies a search finds, and how many strangers it takes for ours.
 *
 *   npx tsx bench/leaks.ts [DIR…] [--drawn 20] [--foreign 100] [--parts 1] [--every 1]
 *     [--state FILE] [--foreign-only]
 *
 * DIR has photographs and `truth.csv`. Of each every other picture is stored, as a lane would seal it, and so are passes at
 * three drawn lanes. Copies of the stored ones are planted; foreign are the pictures that are not stored, parts of
 * those without their plate (`--parts` of each), other passes at the same three lanes, and the plates of those
 * alone. `--every` takes one in so many photographs. Two files are looked at at once. What was found out of
 * each, planted or foreign, is kept in FILE line by line: a run that was stopped goes on where it was, with the same
 * arguments. `--foreign-only` plants nothing.
 */

import { appendFile, readFile } from 'node:fs/promises'
import * as os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'

import type { Box } from '@sallyport/core/plate'
import { plantedKinds } from '@sallyport/hub/leaks/plant'
import { chanceOf } from '@sallyport/marks/chance'
import { cropBox, encodeJpeg, rawImage } from '@sallyport/vision/encode'
import { boxOf } from '@sallyport/vision/geometry'
import { decodePicture, type Picture } from '@sallyport/vision/picture'

import { type DrawnPass, drawnPass, passSealer } from '../test/support/drawn-lane.ts'
import { startLeakHub } from './leak-hub.ts'
import { truePictures } from './plate-sets.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    drawn: { type: 'string', default: '20' },
    foreign: { type: 'string', default: '100' },
    parts: { type: 'string', default: '1' },
    every: { type: 'string', default: '1' },
    state: { type: 'string' },
    'foreign-only': { type: 'boolean', default: false },
  },
})
const lanes = ['bench a:front', 'bench b:front', 'bench c:rear']

const hub = await startLeakHub()
try {
  const photographs = (await Promise.all(positionals.map(passesIn))).flat()
  const stored = [
    ...photographs.filter((_, at) => at % 2 === 0),
    ...(await drawnPasses(0, Number(values.drawn))),
  ]
  const seal = passSealer(hub.device)
  const known: { readonly pass: DrawnPass; readonly crossing: string }[] = []
  for (const pass of stored) {
    const { bytes, crossing } = await seal(pass)
    await hub.deliver(bytes)
    known.push({ pass, crossing })
  }
  const look = await hub.search()

  const before = await keptLines()
  const done = new Set(before.map(({ key }) => key))
  const lines: Line[] = [...before]
  const planted = values['foreign-only'] ? [] : plantedFiles(known)
  for (const files of [planted.values(), foreignFiles(photographs)]) {
    const lookAtFiles = async () => {
      for (const { key, kind, make, of } of files) {
        if (done.has(key)) continue
        const bytes = await make()
        const started = performance.now()
        const { verdict, evidence, crossing } = await look(kind, bytes)
        const laid = evidence.filter((one) => one.kind === 'laid_over')
        const ms = Math.round(performance.now() - started)
        // Its plate is stored as a picture of its own, too: either is what was copied.
        const own = of === undefined ? {} : { found: verdict === 'ours' && crossing === of }
        const line = { key, kind, verdict, pairs: laid.length, ms, ...own }
        lines.push(line)
        if (values.state !== undefined) await appendFile(values.state, `${JSON.stringify(line)}\n`)
      }
    }
    // As many at once as the hub has threads for: they take their files from one list.
    await Promise.all([lookAtFiles(), lookAtFiles()])
  }
  const wasPlanted = ({ found }: Line) => found !== undefined
  if (lines.some(wasPlanted)) console.table(summaryOfPlanted(lines.filter(wasPlanted)))
  console.table(summary(lines.filter((line) => !wasPlanted(line))))
  const load = os.loadavg()[0]?.toFixed(1)
  console.log(
    `${known.length} stored, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}, load ${load}`,
  )
} finally {
  await hub.remove()
}

async function passesIn(directory: string): Promise<readonly DrawnPass[]> {
  const pictures = await truePictures(directory)
  const passes = []
  for (const { file, plates } of pictures.filter((_, at) => at % Number(values.every) === 0)) {
    const plate = plates.find(({ box }) => box !== null)
    const decoded = await decodePicture(await readFile(path.join(directory, file)))
    if (plate?.box == null || decoded.kind === 'refused') continue
    const { x, y, width, height } = plate.box
    const corners = [
      { x, y },
      { x: x + width, y },
      { x: x + width, y: y + height },
      { x, y: y + height },
    ] as const
    passes.push({ plate: plate.text, corners, picture: decoded.picture })
  }
  return passes
}

async function drawnPasses(from: number, count: number): Promise<readonly DrawnPass[]> {
  const passes = []
  for (let at = 0; at < count; at++)
    passes.push(
      await drawnPass(lanes[at % lanes.length] ?? '', from + Math.floor(at / lanes.length)),
    )
  return passes
}

type Line = {
  readonly key: string
  readonly kind: string
  readonly verdict: string
  /** Stored pictures that it was laid over. */
  readonly pairs: number
  readonly ms: number
  /** Of a planted copy: whether it was led back to what it was made of. */
  readonly found?: boolean
}

async function keptLines(): Promise<readonly Line[]> {
  if (values.state === undefined) return []
  const text = await readFile(values.state, 'utf8').catch(() => '')
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line)
}

function summary(lines: readonly Line[]) {
  const kinds = [...new Set(lines.map(({ kind }) => kind))]
  return Object.fromEntries(
    kinds.map((kind) => {
      const own = lines.filter((line) => line.kind === kind)
      const sum = (of: (line: Line) => number) => own.reduce((total, line) => total + of(line), 0)
      return [
        kind,
        {
          files: own.length,
          false_findings: sum(({ verdict }) => (verdict === 'ours' ? 1 : 0)),
          unsure: sum(({ verdict }) => (verdict === 'unsure' ? 1 : 0)),
          pairs_laid_over: sum(({ pairs }) => pairs),
          // Two at once: as many a second as twice a thousand divided by this.
          ms_each: Math.round(sum(({ ms }) => ms) / own.length),
        },
      ]
    }),
  )
}

function summaryOfPlanted(lines: readonly Line[]) {
  const kinds = [...new Set(lines.map(({ kind }) => kind))]
  return Object.fromEntries(
    kinds.map((kind) => {
      const own = lines.filter((line) => line.kind === kind)
      const found = own.filter((line) => line.found === true).length
      const unsure = own.filter(({ verdict }) => verdict === 'unsure').length
      const ms = own.reduce((total, line) => total + line.ms, 0) / own.length
      return [kind, { planted: own.length, found, unsure, ms_each: Math.round(ms) }]
    }),
  )
}

function plantedFiles(
  known: readonly { readonly pass: DrawnPass; readonly crossing: string }[],
): readonly File[] {
  return known.flatMap(({ pass, crossing }, at) =>
    plantedKinds.map(({ name, make }) => ({
      key: `planted ${at} ${name}`,
      kind: name,
      of: crossing,
      make: async () => {
        const bytes = await make(pass.picture, boxOf(pass.corners))
        if (bytes === null) throw new Error('every stored picture shows a plate')
        return bytes
      },
    })),
  )
}

type File = {
  readonly key: string
  readonly kind: string
  /** The crossing that it is a copy of; absent where it is of none. */
  readonly of?: string
  readonly make: () => Promise<Uint8Array>
}

function* foreignFiles(photographs: readonly DrawnPass[]): Generator<File> {
  for (const [at, { picture, corners }] of photographs.entries()) {
    if (at % 2 === 0) continue
    yield { key: `photograph ${at}`, kind: 'photographs', make: () => encodeJpeg(picture, 80) }
    const chance = chanceOf(at + 1)
    for (let part = 0; part < Number(values.parts); part++) {
      const region = partBeside(boxOf(corners), picture, chance)
      if (region === null) continue
      const make = () => rawImage(picture).extract(region).jpeg({ quality: 80 }).toBuffer()
      yield { key: `photograph ${at} part ${part}`, kind: 'parts of them', make }
    }
  }
  for (let at = 0; at < Number(values.foreign); at++) {
    let drawn: Promise<DrawnPass> | null = null
    const pass = () => (drawn ??= drawnPass(lanes[at % lanes.length] ?? '', 1_000 + at))
    yield {
      key: `drawn ${at}`,
      kind: 'drawn, same lanes',
      make: async () => encodeJpeg((await pass()).picture, 80),
    }
    yield {
      key: `drawn ${at} plate`,
      kind: 'their plates alone',
      make: async () => {
        const { picture, corners } = await pass()
        return encodeJpeg(cropBox(picture, boxOf(corners), 0.2), 80)
      },
    }
  }
}

/** A part above or below the plate; null where there is no room for one. */
function partBeside(plate: Box, { width, height }: Picture, chance: () => number) {
  const [above, below] = [plate.y - 8, height - plate.y - plate.height - 8]
  const [from, room] = above >= below ? [0, above] : [height - below, below]
  if (room < 64) return null
  const [across, down] = [0.4 + 0.6 * chance(), 0.6 + 0.4 * chance()]
  const part = { width: Math.floor(width * across), height: Math.floor(room * down) }
  return {
    ...part,
    left: Math.floor((width - part.width) * chance()),
    top: Math.floor(from + (room - part.height) * chance()),
  }
}
